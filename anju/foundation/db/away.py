"""When the ground is missing: the database is away or full of visitors, the disk is full, or two acts stood in each
other's way. Temporary, and said so.

Nothing is half done then: a statement that fails takes its transaction with it.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from anju.kit.refusal import Refused, sentence

AWAY = sentence(
    "unavailable.database",
    "系统正在启动或维护，数据是安全的，不会只写一半。请稍等再试。",
    "The system is starting or in maintenance. Data is safe and never half written; try again shortly.",
)
CROWDED = sentence(
    "unavailable.connections",
    "同时使用的人太多，数据库暂时没有空闲连接，这一步没有做。请稍等再试。",
    "Too many are using it at once: the database has no free connection and this step was not done; try again shortly.",
)
FULL = sentence(
    "unavailable.disk",
    "服务器磁盘已满，这一步没有做，已有数据不受影响。请联系管理员清理磁盘后再试。",
    "The server's disk is full: this step was not done, what is there is safe. Ask the administrator to free space.",
)
CROSSED = sentence(
    "unavailable.crossed",
    "同一时刻还有别人在改这些记录，这一步没有做，数据没有变。请再试一次。",
    "Somebody was changing the same records at this moment: this step was not done and nothing changed; try again.",
)
DEADLOCK, SERIALIZATION = "40P01", "40001"


@dataclass(frozen=True)
class Trouble:
    """What is missing as a sentence, after how many seconds to try again; for the log: the kind of error."""

    refusal: Refused
    retry_after_s: int
    cause: str = ""


def trouble(error: BaseException | None) -> Trouble | None:
    """The temporary lack of ground that an exception amounts to; None: something else went wrong."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(FULL(), 60, "OSError")
    if isinstance(error, InterfaceError):  # a connection that broke a moment ago is used once more
        return Trouble(AWAY(), 5, "InterfaceError") if "connection" in str(error) else None
    if not isinstance(error, OperationalError):
        return None
    state = getattr(error.__cause__, "sqlstate", None)
    said = str(error.__cause__ or error)
    # Without a state nothing was asked yet, so the words are the driver's own and hold nobody's data.
    cause = f"{type(error.__cause__ or error).__name__} {state or said.partition(chr(10))[0][:200]}"
    if state == "53100" or "No space left on device" in said:
        return Trouble(FULL(), 60, cause)
    if (state or "53").startswith("53") and ("too many c" in said or "couldn't get a connection" in said):
        return Trouble(CROWDED(), 5, cause)
    if state in (DEADLOCK, SERIALIZATION):  # the server ended one of two who waited for each other
        return Trouble(CROSSED(), 1, cause)
    # SQLSTATE classes: connection, resources, shutdown; none at all: never connected, or the line broke. 0A000: a
    # migration changed a table under a planned statement.
    if state is None or state.startswith(("08", "53", "57P", "0A000")):
        return Trouble(AWAY(), 5, cause)
    return None
