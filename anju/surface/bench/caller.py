"""A client of its own process: ``python -m anju.surface.bench.caller PORT CONNECTIONS FILE`` sends each request once.

A thread for each connection, plain sockets, keep-alive; prints the seconds, the answers' codes and every latency.
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
    """Send a share of the requests over one connection."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in share:
            begin = time.perf_counter()
            connection.sendall(request)
            answers.append((answer(connection), time.perf_counter() - begin))


def answer(connection: socket.socket) -> str:
    """Read one answer; returns its code."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head, _, rest = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(rest) < length:
        rest += _some(connection)
    return head.split(b" ", 2)[1].decode()


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the server hung up")
    return data


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
