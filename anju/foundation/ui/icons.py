"""Icons: Tabler's outline and filled sets, read once from the installed npm package and inlined as SVG."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from anju.foundation.ui.assets import npm_file

_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


@cache
def _shapes(name: str, style: str) -> str:
    path = npm_file(f"@tabler/icons/icons/{style}/{name}.svg")
    if not re.fullmatch(r"[a-z0-9-]+", name) or path is None:
        raise LookupError(f"there is no {style} icon named {name!r}; see tabler.io/icons")
    found = _SHAPES.search(path.read_text(encoding="utf-8"))
    assert found, f"{name}.svg holds no <svg>"
    return re.sub(r"\s*\n\s*", "", _FRAME.sub("", found.group(1)))


@cache
def icon(name: str, size: int = 18, filled: bool = False, label: str = "", cls: str = "") -> Markup:
    """An inline SVG icon.

    Args:
        name: Tabler's name, ``home``.
        size: edge in px.
        filled: the filled set instead of the outline set.
        label: what it says to a screen reader; empty where words stand beside it.
        cls: extra CSS classes.

    Raises:
        LookupError: the set has no such icon.
    """
    style = "filled" if filled else "outline"
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    kind = f"i i-{style} {cls}".strip()
    return Markup('<svg class="{}" width="{}" height="{}" viewBox="0 0 24 24" {}>{}</svg>').format(
        kind,
        size,
        size,
        said,
        Markup(_shapes(name, style)),  # noqa: S704 - our own pinned package, not user input
    )
