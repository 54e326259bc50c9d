"""How the command ends: one sentence and a stable exit code for everything that is foreseen."""

from __future__ import annotations

import errno

import psycopg
from django.db import Error as DjangoError

from anju.config import environment
from anju.foundation.db.server import DISK_FULL, FREE_NEEDED
from anju.kit.refusal import Refused, sentence

PORT_IN_USE = sentence(
    "start.port_in_use",
    "端口 {port} 已被占用。请关闭占用它的程序，或换一个端口：PORT={other} make demo。",
    "Port {port} is in use. Stop the program that uses it, or choose another: PORT={other} make demo.",
)
NO_RIGHT_TO_PORT = sentence(
    "start.port_denied",
    "没有权限使用端口 {port}（1024 以下需要管理员权限）。请换一个端口。",
    "Port {port} may not be used (below 1024 needs root). Choose another.",
)
CHILD_DIED = sentence(
    "start.child_died",
    "{name} 启动后反复退出。日志 {log} 的结尾：\n{tail}",
    "{name} keeps ending after it starts. The end of its log {log}:\n{tail}",
)
NO_FRONT_END = sentence(
    "start.no_front_end",
    "缺少前端文件：请先运行 make install。",
    "The front-end files are missing: run make install first.",
)
HOME_DENIED = sentence(
    "start.home_denied",
    "没有权限写入数据目录 {home}。请换一个用户运行，或用 ANJU_HOME 指定别的位置。",
    "The data folder {home} may not be written. Run as another user, or set ANJU_HOME elsewhere.",
)

# Scripts rely on these numbers: never change one, only add.
CODES = {
    "start.port_in_use": 10,
    "start.port_denied": 10,
    "config.bad_port": 10,
    "config.bad_number": 10,
    "server.disk_full": 11,
    "database.bad_url": 12,
    "database.unreachable": 12,
    "database.too_old": 12,
    "database.wrong_role": 12,
    "server.not_started": 13,
    "server.no_binaries": 13,
    "server.wrong_version": 13,
    "server.unsafe_folder": 13,
    "start.child_died": 15,
    "start.no_front_end": 16,
    "start.home_denied": 17,
}
MASTER_KEY, BACKUP, RESTORE = 14, 18, 19
FAMILIES = {"crypto.master_key.": MASTER_KEY, "backup.": BACKUP, "archive.": BACKUP, "restore.": RESTORE}
OTHER = 1


def exit_code(refused: Refused) -> int:
    """The process's exit code for a refusal."""
    family = next((code for start, code in FAMILIES.items() if refused.code.startswith(start)), OTHER)
    return CODES.get(refused.code, family)


def foreseen(error: BaseException) -> Refused | None:
    """The refusal that an exception amounts to, or None when it is a mistake of ours."""
    if isinstance(error, Refused):
        return error
    home = environment.home()
    cause = error.__cause__ if isinstance(error, DjangoError) and error.__cause__ else error
    if isinstance(cause, psycopg.errors.DiskFull) or (isinstance(cause, OSError) and cause.errno == errno.ENOSPC):
        return DISK_FULL(folder=home, free=0, needed=FREE_NEEDED >> 20)
    if isinstance(cause, PermissionError) and str(cause.filename or "").startswith(str(home)):
        return HOME_DENIED(home=home)
    return None
