"""The process above the embedded server: stops it when its last user is gone, even if that user was killed.

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

LOOK_EVERY_S = 1.0


def main(spec: dict[str, Any]) -> int:
    """Run the server until it ends; ``spec`` has ``command``, ``uid``, ``gid``, ``lock``, ``users``, ``guard``."""
    alive = os.open(spec["guard"], os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(alive, fcntl.LOCK_EX)
    drop: dict[str, Any] = {}
    if spec["uid"] is not None:
        drop = {"user": spec["uid"], "group": spec["gid"], "extra_groups": []}
    server = subprocess.Popen(spec["command"], stdin=subprocess.DEVNULL, umask=0o077, **drop)

    def fast_stop(*_: Any) -> None:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)

    signal.signal(signal.SIGTERM, fast_stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=watch, args=(spec, fast_stop), daemon=True).start()
    return server.wait()


def watch(spec: dict[str, Any], fast_stop: Any) -> None:
    """Stop the server once nobody holds the users file. Looks under the start lock, so nobody can arrive meanwhile."""
    lock = os.open(spec["lock"], os.O_RDWR | os.O_CREAT, 0o600)
    users = os.open(spec["users"], os.O_RDWR | os.O_CREAT, 0o600)
    while True:
        time.sleep(LOOK_EVERY_S)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # somebody is starting or stopping it right now
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(users, fcntl.LOCK_UN)
            fast_stop()
            return
        except OSError:
            pass
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
