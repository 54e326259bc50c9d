"""Parts of a page that look the same until what they depend on changes: drawn once in a process, filled each time.

    still("console/rail.html", key=(org, entries, here), slots={"time": "09:31"}, show={"groups": groups, …})

The key holds everything the part shows except its slots, whose values are asked anew by every request. While the part
is drawn there is no request to ask: nothing of one person can stay in it unseen.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.utils.translation import get_language
from markupsafe import Markup

from anju.foundation.ui import current
from anju.foundation.ui.environment import environment
from anju.foundation.ui.quick import written

MOST = 512  # parts of a process: some megabytes
# No text that anybody typed can hold it.
_MARK = secrets.token_hex(12)
_SLOT = re.compile(rf"{_MARK}:([\w-]+);")
_drawn: dict[Hashable, list[str]] = {}


def still(
    template: str, *, key: tuple[Hashable, ...], slots: Mapping[str, Any], show: Callable[[], dict[str, Any]]
) -> Markup:
    """The part, with this request's values in its slots.

    Args:
        template: names what ``show`` gives, and the slots; whatever asks for the request is an error in it.
        key: everything it shows but the slots; the language is added.
        slots: values by name; they are escaped as elsewhere.
        show: the rest of its names; asked only when it is drawn.
    """
    whole = (template, get_language(), key, tuple(slots))
    pieces = _drawn.get(whole)
    if pieces is None:
        marks = {name: Markup(f"{_MARK}:{name};") for name in slots}  # noqa: S704 — our own mark
        with current.rendering(None):
            text = environment().get_template(template).render({**show(), **marks, "slots": marks})
        pieces = _SLOT.split(text)
        if len(_drawn) >= MOST:
            _drawn.clear()
        _drawn[whole] = pieces
    filled = [*pieces]
    for n in range(1, len(pieces), 2):
        filled[n] = written(slots[pieces[n]])
    return Markup("".join(filled))  # noqa: S704 — drawn by a template, filled with what is escaped
