"""A mail server that keeps what it gets: where a drill organization's e-mail ends."""

from __future__ import annotations

import socketserver
import threading
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

KEPT = 10_000


@dataclass(frozen=True)
class Mail:
    """One letter as it arrived."""

    to: tuple[str, ...] = field(repr=False)
    message: EmailMessage = field(repr=False)


class Mailbox:
    """SMTP on this machine, without login. Addresses whose name begins with ``nobody`` are refused."""

    def __init__(self, port: int = 0) -> None:
        self.mails: deque[Mail] = deque(maxlen=KEPT)
        self.server = _Server(("127.0.0.1", port), _Session)
        self.server.mailbox = self

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server.server_address[1])

    def start(self) -> Mailbox:
        """Serve in the background."""
        threading.Thread(target=self.server.serve_forever, name="mailbox", daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port."""
        self.server.shutdown()
        self.server.server_close()

    def letters_to(self, address: str) -> list[EmailMessage]:
        """What an address got, oldest first."""
        return [mail.message for mail in self.mails if address in mail.to]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mailbox: Mailbox


class _Session(socketserver.StreamRequestHandler):
    """The commands a client uses to hand over letters (RFC 5321, minimum implementation)."""

    timeout = 30

    def handle(self) -> None:
        self.to: list[str] = []
        self._say("220 anju mailbox")
        while line := self.rfile.readline(2000):
            command, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            if not self._do(command.upper(), rest):
                return

    def _do(self, command: str, rest: str) -> bool:
        if command == "QUIT":
            self._say("221 bye")
            return False
        if command == "RCPT":
            self._recipient(rest)
        elif command == "DATA":
            self._data()
        elif command in ("EHLO", "HELO", "MAIL", "RSET", "NOOP"):
            if command in ("MAIL", "RSET"):
                self.to = []
            self._say("250 ok")
        else:
            self._say("502 not here")
        return True

    def _recipient(self, rest: str) -> None:
        address = rest.partition("<")[2].partition(">")[0]
        if not address or address.startswith("nobody"):
            self._say("550 no such mailbox")
            return
        self.to.append(address)
        self._say("250 ok")

    def _data(self) -> None:
        if not self.to:
            self._say("503 no recipient")
            return
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = message_from_bytes(b"".join(lines), policy=default)
        cast(_Server, self.server).mailbox.mails.append(Mail(tuple(self.to), message))
        self.to = []
        self._say("250 kept")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")
