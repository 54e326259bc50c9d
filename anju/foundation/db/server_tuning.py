"""Settings of the embedded server, sized by the machine it runs on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

MB = 1024 * 1024
# Test servers hold nothing worth surviving a power cut.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "1GB",
    "shared_preload_libraries": "''",
}


def tuning(sockets: Path) -> dict[str, str]:
    """Settings for a machine that also runs the web and the worker."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    cores = os.cpu_count() or 1
    return {
        "listen_addresses": "''",
        "unix_socket_directories": quoted(str(sockets)),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "100",
        "shared_buffers": f"{_between(128, memory // 8 // MB, 2048)}MB",
        "effective_cache_size": f"{_between(256, memory // 2 // MB, 16384)}MB",
        "work_mem": f"{_between(32, memory // 256 // MB, 128)}MB",
        "maintenance_work_mem": f"{_between(64, memory // 32 // MB, 512)}MB",
        "wal_buffers": "16MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "autovacuum_naptime": "15s",  # after an import the planner should not work for a minute with old statistics
        "max_parallel_workers_per_gather": str(max(0, min(2, cores - 1))),
        "dynamic_shared_memory_type": "posix" if _shared_memory() >= 256 * MB else "mmap",
        # After a crash the server ends, and its guard starts it anew. Left to come back by itself it stays in recovery
        # for ever when the process that recovers is killed, too (18.6).
        "restart_after_crash": "off",
        # What was in memory when the server stopped is read again when it starts, beside the first visitors.
        "shared_preload_libraries": "'pg_prewarm'",
        "jit": "off",  # costs more than it gives on short queries
        "idle_in_transaction_session_timeout": "10min",
        "log_min_messages": "warning",
        # Failed statements and their DETAIL lines hold tenants' phones and names: they never reach the log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "timezone": "'UTC'",
        "log_timezone": "'Asia/Shanghai'",
    }


def settings_text(sockets: Path, extra: Mapping[str, str]) -> str:
    """The settings as a configuration file, ``extra`` winning."""
    lines = [f"{name} = {value}" for name, value in {**tuning(sockets), **extra}.items()]
    return (
        "# Written by anju at every start. Put your own settings into local.conf beside it.\n" + "\n".join(lines) + "\n"
    )


def quoted(value: str) -> str:
    """A configuration file's string."""
    return "'" + value.replace("'", "''") + "'"


def _between(low: int, value: int, high: int) -> int:
    return max(low, min(value, high))


def _shared_memory() -> int:
    """Bytes in /dev/shm: containers often have 64 MB, too little for parallel queries."""
    try:
        seen = os.statvfs("/dev/shm")  # noqa: S108 - a size, nothing is written
    except OSError:
        return 0
    return seen.f_frsize * seen.f_blocks
