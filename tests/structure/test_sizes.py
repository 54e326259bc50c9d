"""Files, functions and templates stay small enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE, FUNCTION, TEMPLATE, DEPTH = 400, 35, 60, 4
VAGUE = {"utils", "helpers", "common", "misc"}
CODE = [p for p in sorted((ROOT / "anju").rglob("*.py")) if "migrations" not in p.parts]


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_files_are_short() -> None:
    long = {where(p): n for p in CODE if (n := len(p.read_text("utf-8").splitlines())) > FILE}
    assert long == {}


def test_functions_are_short() -> None:
    """Counted without the docstring."""
    long = {}
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                lines = (node.end_lineno or 0) - first.lineno + 1
                if lines > FUNCTION:
                    long[f"{where(path)}:{node.name}"] = lines
    assert long == {}


def test_templates_are_short() -> None:
    long = {
        where(p): n
        for p in sorted((ROOT / "anju").rglob("templates/**/*.html"))
        if (n := len(p.read_text("utf-8").splitlines())) > TEMPLATE
    }
    assert long == {}


def test_names_say_something_and_folders_are_shallow() -> None:
    vague = [where(p) for p in CODE if {p.stem, *p.parts} & VAGUE]
    assert vague == []
    deep = [where(p) for p in CODE if len(p.relative_to(ROOT).parts) - 2 > DEPTH]
    assert deep == []


def test_public_things_say_what_they_are() -> None:
    silent = []
    for path in CODE:
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node) and path.name != "apps.py" and "cli" not in path.parts:  # type: ignore[arg-type]
                silent.append(f"{where(path)}:{node.name}")  # type: ignore[attr-defined]
    assert silent == []
