"""Markdown as the reference uses it: headings, tables, text that cannot break a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

GENERATED = (
    "> 本页由代码生成（`anju docs`），请勿手工修改；`make check` 会核对。\n"
    "> Generated from the code by `anju docs`; do not edit. `make check` compares it.\n"
)


def page(zh: str, en: str, about: str, *parts: str) -> str:
    """A whole page: title in both languages, where it comes from, one paragraph, then its parts."""
    body = "\n\n".join(part.strip() for part in (about, *parts) if part.strip())
    return f"# {zh} · {en}\n\n{GENERATED}\n{body}\n"


def section(title: str, *parts: str, level: int = 2) -> str:
    """A heading with what follows it; empty parts are left out."""
    return "\n\n".join([f"{'#' * level} {title}", *(part.strip() for part in parts if part.strip())])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; nothing for no rows."""
    lines = [_line(row) for row in rows]
    return "\n".join([_line(heads), "|" + "---|" * len(heads), *lines]) if lines else ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell(c) for c in cells) + " |"


def cell(text: str) -> str:
    """Text for a table's cell: one line, bars escaped, something to see where it is empty."""
    return text.replace("|", "\\|").replace("\n", "<br>").strip() or "—"


def code(text: object) -> str:
    """A name or value as code."""
    return f"`{text}`"


def codes(values: Iterable[object]) -> str:
    """Several names as code."""
    return ", ".join(code(v) for v in values)


def both(zh: str, en: str) -> str:
    """Chinese, and below it English where there is some."""
    return f"{zh}<br>{en}" if zh and en and zh != en else zh or en


def block(language: str, text: str, summary: str) -> str:
    """A folded block of code."""
    return f"<details><summary>{summary}</summary>\n\n```{language}\n{text.strip()}\n```\n\n</details>"
