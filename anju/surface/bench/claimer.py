"""Clients that take cases: ``python -m anju.surface.bench.claimer ORG``; a line of staff, then a case a line.

``17`` is claimed, ``17 accept`` is taken by that step of its flow.

All clients go for the case in the same moment, each by a connection of its own; a line tells who won and how long each
waited for the answer, counted from that moment.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any


def main(org: int) -> None:
    """Claim every case that is read, until the input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    import django

    django.setup()
    clients = Clients(org, json.loads(sys.stdin.readline()))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        case, _space, step = line.strip().partition(" ")
        sys.stdout.write(json.dumps(clients.race(int(case), step)) + "\n")
        sys.stdout.flush()
    clients.stop()


class Clients:
    """Threads with a connection each."""

    def __init__(self, org: int, staff: list[int]) -> None:
        self.org, self.case, self.step, self.begin = org, 0, "", 0.0
        self.won: list[int] = []
        self.seconds: list[float] = []
        self.faults: list[str] = []
        self.gate = threading.Barrier(len(staff) + 1)
        self.end = threading.Barrier(len(staff) + 1)
        for one in staff:
            threading.Thread(target=self._client, args=(one,), daemon=True).start()
        self.end.wait()  # all are connected

    def race(self, case: int, step: str) -> dict[str, Any]:
        """Let all go for one case; who won, the seconds of each, what else was refused."""
        self.case, self.step, self.won, self.seconds, self.faults = case, step, [], [], []
        self.begin = time.perf_counter()
        self.gate.wait()
        self.end.wait()
        return {"won": self.won, "seconds": self.seconds, "faults": self.faults}

    def stop(self) -> None:
        """Let the threads end."""
        self.case = 0
        self.gate.wait()

    def _client(self, staff: int) -> None:
        from django.db import connection

        from anju.foundation.access.rights import remembering
        from anju.foundation.db import org_scope
        from anju.foundation.flows.actions import claim, move
        from anju.kit import Actor, Refused

        connection.ensure_connection()
        self.end.wait()
        while True:
            self.gate.wait()
            if not self.case:
                break
            try:
                with org_scope(self.org), remembering():
                    if self.step:
                        move(Actor.staff(staff), case_id=self.case, step=self.step)
                    else:
                        claim(Actor.staff(staff), case_id=self.case)
                self.won.append(staff)
            except Refused as refused:
                if refused.code != "flow.taken":
                    self.faults.append(refused.code)
            except Exception as fault:
                self.faults.append(repr(fault))
            self.seconds.append(time.perf_counter() - self.begin)
            self.end.wait()
        connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
