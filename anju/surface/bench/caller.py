"""A client of its own process: ``python -m anju.surface.bench.caller PORT CONNECTIONS FILE`` sends each request once.

A thread for each connection, plain sockets, kept until the server ends one; prints the seconds, the answers' codes
and every latency, a connection made anew included.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from threading import Thread


def main(port: int, connections: int, path: Path) -> None:
    """Read the requests, send them, print what came of it."""
    sent = [json.loads(line).encode() for line in path.read_text().splitlines()]
    answers: list[tuple[str, float]] = []
    shares = [sent[n::connections] for n in range(connections)]
    callers = [Thread(target=call, args=(port, share, answers)) for share in shares]
    begin = time.perf_counter()
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    seconds = time.perf_counter() - begin
    told = {"seconds": seconds, "codes": Counter(c for c, _ in answers), "latencies": [s for _, s in answers]}
    sys.stdout.write(json.dumps(told))


def call(port: int, share: Sequence[bytes], answers: list[tuple[str, float]]) -> None:
    """Send a share of the requests, one after the other."""
    kept: socket.socket | None = connect(port)
    for request in share:
        begin = time.perf_counter()
        kept = kept or connect(port)
        kept.sendall(request)
        code, ends = answer(kept)
        answers.append((code, time.perf_counter() - begin))
        if ends:
            kept.close()
            kept = None
    if kept:
        kept.close()


def connect(port: int) -> socket.socket:
    """A connection to the server."""
    made = socket.create_connection(("127.0.0.1", port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def answer(connection: socket.socket) -> tuple[str, bool]:
    """Read one answer; returns its code, and whether it is the last one of this connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, rest = data.partition(b"\r\n\r\n")
    length, ends = 0, False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.lower().partition(b":")
        if name == b"content-length":
            length = int(value)
        if name == b"connection":
            ends = value.strip() == b"close"
    while len(rest) < length:
        rest += _some(connection)
    return head.split(b" ", 2)[1].decode(), ends


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the server hung up")
    return data


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
