"""Figures as lines for people, and as docs/reference/performance.md."""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anju.foundation.db import clock, fetch, fetch_value

PAGE = Path("docs/reference/performance.md")
SETTINGS = ("shared_buffers", "work_mem", "fsync", "synchronous_commit", "wal_compression", "max_wal_size")
HEAD = """# 性能 · Performance

Written by `anju bench all`; each figure stands beside its floor, measured in the same run on the same server. Machines
differ and are shared: read the ratios, not the seconds.

{machine}

| bench | rows | rows/s | seconds | floor | ratio | asked for | more |
|---|---:|---:|---:|---:|---:|---|---|
"""
KNOWN = {"bench", "what", "rows", "rows_per_s", "seconds", "floor_seconds", "ratio", "reach", "indexes"}


def lines(found: Sequence[dict[str, Any]]) -> list[str]:
    """One line a figure."""
    return [
        f"  {f['bench']}: {f['what']}  {f['rows']:,} rows, {f['seconds']} s"
        + (f", floor {f['floor_seconds']} s, ratio {f['ratio']}" if f["ratio"] is not None else "")
        + (f" (asked for {f['reach']})" if f["reach"] else "")
        + "".join(f", {k} {v}" for k, v in f.items() if k not in KNOWN)
        for f in found
    ]


def write(found: Sequence[dict[str, Any]]) -> None:
    """Write the page, where there is a docs folder (a checkout)."""
    if PAGE.parent.is_dir():
        PAGE.write_text(HEAD.format(machine=machine()) + "".join(map(_row, found)), encoding="utf-8")


def machine() -> str:
    """Date, cores, memory, server and settings in one paragraph."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = fetch_value("SHOW server_version")
    rows = fetch(
        "SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY(%(n)s)", {"n": [*SETTINGS]}
    )
    said = ", ".join(f"{r['name']} {r['value']}" for r in rows)
    python = platform.python_version() + ("" if profiled() else " built without a profile")
    return (
        f"{clock.wall():%Y-%m-%d}: {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {python}, PostgreSQL {version} ({said})."
    )


def profiled() -> bool:
    """Whether the interpreter was built with a profile, as the Makefile looks for: one without is a tenth slower."""
    return sys.base_prefix == "/usr" or "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")


def _row(f: dict[str, Any]) -> str:
    more = ", ".join(f"{k} {v}" for k, v in f.items() if k not in KNOWN)
    floor, ratio = f["floor_seconds"], f["ratio"]
    return (
        f"| {f['bench']}: {f['what']} | {f['rows']:,} | {f['rows_per_s'] or 0:,.0f} | {f['seconds']} "
        f"| {'—' if floor is None else floor} | {'—' if ratio is None else ratio} | {f['reach'] or '—'} | {more} |\n"
    )
