"""The generated reference in docs/reference: what the registries say, in both languages. Needs no database."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

from django.utils import translation

import anju
from anju.config.docs import happenings, installation, policies, rights
from anju.config.environment import PACKAGE

FOLDER = PACKAGE.parent / "docs" / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "policies.md": policies.render,
    "permissions.md": rights.permissions,
    "actions.md": rights.actions,
    "events.md": happenings.events,
    "refusals.md": happenings.refusals,
    "sweeps.md": happenings.sweeps,
    "entities.md": rights.entities,
    "settings.md": installation.settings,
}
# Programs of their own; importing them would start something.
PROGRAMS = {"__main__", "wsgi", "child", "server_guard"}


def write(check: bool) -> list[str]:
    """Write the pages that differ from the code.

    Args:
        check: write nothing, only compare.

    Returns:
        the pages that changed, or would: paths from the repository's root.
    """
    changed = []
    for name, text in rendered().items():
        path = FOLDER / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        changed.append(f"docs/reference/{name}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return changed


def rendered() -> dict[str, str]:
    """Every page by its file's name. The same code gives the same text, whatever ran before."""
    import_everything()
    with translation.override("zh-hans"):
        return {name: render() for name, render in PAGES.items()}


def import_everything() -> None:
    """Import every module of the product: refusals and files' purposes are declared where they are used."""
    for module in pkgutil.walk_packages(anju.__path__, "anju."):
        if not PROGRAMS & set(module.name.split(".")) and ".migrations" not in module.name:
            import_module(module.name)
