"""E-mail over the operator's own SMTP server."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Sequence
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from anju.foundation.messaging.channels.base import Account, Letter, Result, channel

TIMEOUT = 15
CONNECTION = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, OSError)


@channel("email", zh="电子邮件", en="E-mail")
class Email:
    """One SMTP connection per batch.

    Config: ``host``, ``port``, ``security`` (``ssl``, ``starttls`` or ``none``), ``from_address``, ``from_name``,
    ``user``; secret: ``password``. SMTP knows no query, so a letter whose fate was lost goes again under the same
    Message-ID, by which mailboxes recognise the copy.
    """

    def __init__(self, account: Account) -> None:
        account.demand_loopback(str(account.config.get("host", "")))
        self.config, self.secret = account.config, account.secret

    def prepare(self, letters: Sequence[Letter]) -> None:
        return None

    def deliver(self, letters: Sequence[Letter], until: float) -> list[Result]:
        backend = self._backend()
        try:
            backend.open()
        except smtplib.SMTPAuthenticationError:
            return [Result(letter.attempt_id, "refused", "channel.login") for letter in letters]
        except (*CONNECTION, smtplib.SMTPException):
            return [Result(letter.attempt_id, "refused", "provider.unreachable") for letter in letters]
        try:
            return [self._one(backend, letter, until) for letter in letters]
        finally:
            try:
                backend.close()
            except (*CONNECTION, smtplib.SMTPException):
                backend.connection = None

    def find(self, letters: Sequence[Letter]) -> list[Result]:
        return [Result(letter.attempt_id, "not_sent", "provider.lost") for letter in letters]

    def _one(self, backend: EmailBackend, letter: Letter, until: float) -> Result:
        if time.monotonic() > until:
            return Result(letter.attempt_id, "not_sent")
        try:
            if backend.connection is None:
                backend.open()
            self._mail(letter, backend).send()
        except smtplib.SMTPRecipientsRefused as refused:
            status = next(iter(refused.recipients.values()))[0]
            return Result(letter.attempt_id, "refused", "address.no_mailbox" if status >= 500 else "provider.rate")
        except smtplib.SMTPResponseException as answer:
            code = "text.refused" if answer.smtp_code >= 500 else "provider.system_error"
            return Result(letter.attempt_id, "refused", code)
        except (*CONNECTION, smtplib.SMTPException):
            backend.connection = None
            return Result(letter.attempt_id, "refused", "provider.unreachable")
        return Result(letter.attempt_id, "accepted", provider_id=self._message_id(letter))

    def _mail(self, letter: Letter, backend: EmailBackend) -> EmailMessage:
        sender = formataddr((str(self.config.get("from_name", "")), str(self.config["from_address"])))
        headers = {"Message-ID": self._message_id(letter), "Auto-Submitted": "auto-generated"}
        return EmailMessage(letter.title, letter.body, sender, [letter.address], headers=headers, connection=backend)

    def _message_id(self, letter: Letter) -> str:
        domain = str(self.config["from_address"]).rpartition("@")[2]
        return f"<message-{letter.message_id}@{domain}>"

    def _backend(self) -> EmailBackend:
        security = self.config.get("security", "starttls")
        return EmailBackend(
            host=str(self.config.get("host", "")),
            port=int(self.config.get("port", 587)),
            username=str(self.config.get("user", "")),
            password=self.secret.get("password", ""),
            use_tls=security == "starttls",
            use_ssl=security == "ssl",
            timeout=TIMEOUT,
        )
