"""What is written by hand stays true where a machine can tell: links, commands, variables, pictures, form of ADRs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anju.config.cli import ALWAYS, ONCE_THERE, external
from anju.config.variables import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ADRS = sorted((ROOT / "docs/adr").glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
MAKE = re.compile(r"\bmake ([a-z-]+)")
ANJU = re.compile(r"(?:`|^|bin/|&& |; |\s{4})anju ([a-z-]+)", re.MULTILINE)
NAMES = re.compile(r"\b(ANJU_[A-Z_]+)\b")
PICTURES, PICTURE_BYTES, ADR_LINES = 8, 300 * 1024, 60


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_of(text: str) -> str:
    """Fenced blocks and inline code: where commands are."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


@pytest.mark.parametrize("page", PAGES, ids=where)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for match in LINK.finditer(re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)):
        target = (match[1] or match[2]).partition("#")[0]
        if target and not target.startswith(("http://", "https://", "mailto:")) and not (page.parent / target).exists():
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=where)
def test_commands_and_variables_exist(page: Path) -> None:
    text = code_of(page.read_text("utf-8"))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(MAKE.findall(text)) <= targets
    assert set(ANJU.findall(text)) <= {*ALWAYS, *filter(external.exists, ONCE_THERE)}
    assert set(NAMES.findall(text)) <= {v.name for v in VARIABLES}


def test_pictures_are_few_and_small() -> None:
    pictures = sorted((ROOT / "docs/images").glob("*"))
    assert len(pictures) <= PICTURES
    assert {p.name: p.stat().st_size for p in pictures if p.stat().st_size > PICTURE_BYTES} == {}


@pytest.mark.parametrize("adr", ADRS, ids=where)
def test_a_decision_says_why_what_and_what_follows(adr: Path) -> None:
    text = adr.read_text("utf-8")
    assert re.match(rf"# {adr.name[:4]} · .+\n", text)
    assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences"))
    assert len(text.splitlines()) <= ADR_LINES


def test_decisions_are_numbered_without_gaps() -> None:
    assert [a.name[:4] for a in ADRS] == [f"{n:04}" for n in range(1, len(ADRS) + 1)]
