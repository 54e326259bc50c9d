"""Progress on the terminal: a bar where there is one, plain lines into a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

Report = Callable[[int, int, str], None]
LINE_EVERY_S = 2.0

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def step(title: str) -> Iterator[Report]:
    """A piece of work that may take a while; call the report with (done, total, what)."""
    if not console.is_terminal or console.is_dumb_terminal:
        yield from _lines(title)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(40), TaskProgressColumn())
    with Progress(*columns, TimeElapsedColumn(), TextColumn("{task.fields[what]}"), console=console) as bar:
        task = bar.add_task(title, total=None, what="")

        def report(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, what=what)

        yield report
        bar.update(task, total=1, completed=1, what="")


def _lines(title: str) -> Iterator[Report]:
    began = last = time.monotonic()
    print(f"· {title}…", flush=True)

    def report(done: int, total: int, what: str) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY_S:
            last = time.monotonic()
            print(f"  {done}/{total} {what}", flush=True)

    yield report
    spent = time.monotonic() - began
    if spent >= LINE_EVERY_S:
        print(f"  ✓ {spent:.0f} s", flush=True)
