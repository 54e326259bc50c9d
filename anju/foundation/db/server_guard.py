"""The process above the embedded server: starts it again when it was killed, stops it when its last user is gone.

Started by ``server.py`` as ``python -I -S server_guard.py SPEC``; imports nothing of ours, so that it starts at once.
Every process that needs the server holds a shared lock on the users file; the kernel drops the lock with the process,
so nothing has to be counted.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

LOOK_EVERY_S, FIRST_LOOK_EVERY_S = 1.0, 0.1
# A server that cannot come back (a full disk) is tried again this often, for as long as somebody needs it.
AGAIN_AFTER_S, AGAIN_AT_MOST_S = 0.1, 5.0


def main(spec: dict[str, Any]) -> int:
    """Run the server until it is not needed; ``spec``: ``command``, ``data``, ``uid``, ``gid``, lock files."""
    alive = os.open(spec["guard"], os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(alive, fcntl.LOCK_EX)
    os.truncate(alive, 0)
    os.pwrite(alive, f"{os.getpid()}\n".encode(), 0)
    server = Server(spec)
    signal.signal(signal.SIGTERM, server.stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=watch, args=(spec, server), daemon=True).start()
    return server.run()


class Server:
    """One server over its restarts."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.process: subprocess.Popen[bytes] | None = None
        self.stopping = False
        self.served = self.back = False  # ever, and since it was started last

    def run(self) -> int:
        """Until it stops in order, or ends before it ever served: that is for whoever started it to see."""
        pause = AGAIN_AFTER_S
        while True:
            code = self._once()
            if code == 0 or self.stopping or not self.served or deserted(self.spec):
                return code
            pause = AGAIN_AFTER_S if self.back else pause
            time.sleep(pause)
            pause = min(pause * 2, AGAIN_AT_MOST_S)

    def stop(self, *_: Any) -> None:
        """Fast stop, for good."""
        self.stopping = True
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)

    def look(self) -> None:
        """Remember that it serves: its lock file says so, which stays behind only when it is killed."""
        try:
            with open(os.path.join(self.spec["data"], "postmaster.pid"), encoding="utf-8") as file:
                lines = file.read().split("\n")
        except OSError:
            return
        ours = self.process is not None and lines[0] == str(self.process.pid)
        self.back = self.back or (ours and any(line.strip() == "ready" for line in lines[7:]))
        self.served = self.served or self.back

    def _once(self) -> int:
        drop: dict[str, Any] = {}
        if self.spec["uid"] is not None:
            drop = {"user": self.spec["uid"], "group": self.spec["gid"], "extra_groups": []}
        self.process = subprocess.Popen(self.spec["command"], stdin=subprocess.DEVNULL, umask=0o077, **drop)
        self.back = False  # of this one; what the last one's file says is not ours any more
        if self.stopping:  # asked between two starts
            self.stop()
        code = self.process.wait()
        self.look()
        return code


def deserted(spec: dict[str, Any]) -> bool:
    """Whether nobody holds the users file."""
    users = os.open(spec["users"], os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(users)
    return True


def watch(spec: dict[str, Any], server: Server) -> None:
    """Stop the server once nobody holds the users file. Looks under the start lock, so nobody can arrive meanwhile."""
    lock = os.open(spec["lock"], os.O_RDWR | os.O_CREAT, 0o600)
    while True:
        time.sleep(LOOK_EVERY_S if server.back else FIRST_LOOK_EVERY_S)
        server.look()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # somebody is starting or stopping it right now
        try:
            if deserted(spec):
                server.stop()
                return
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
