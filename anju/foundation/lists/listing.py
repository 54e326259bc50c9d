"""A list page's own part: which filters a view may keep, which columns may be left out, what this person chose.

BILLS = declare("bills", _("账单"), "billing:bills", needs=VIEW, keys=("state", "from", "to"),
                columns=(("due", _("应付日")), ("open", _("未付"))))

listing = Listing(request, BILLS, asked)
listing.has("due")        # whether a cell is drawn and an export has its column
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from markupsafe import Markup

from anju.foundation.access.check import allows
from anju.foundation.access.permissions import Permission
from anju.foundation.db import fetch_one, planned
from anju.foundation.lists.permissions import SHARE
from anju.foundation.ui.asked import Asked
from anju.foundation.ui.environment import csrf, request_path
from anju.foundation.ui.still import still

CHOSEN = planned("""
SELECT (SELECT hidden FROM list_taste WHERE staff_id = %(me)s::bigint AND list_key = %(list)s::text) AS hidden,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'label', label, 'shared', shared, 'staff_id', staff_id,
                                                     'query', query)), '[]')::text
        FROM saved_view WHERE list_key = %(list)s::text AND (staff_id = %(me)s::bigint OR shared)) AS saved
""")


@dataclass(frozen=True, slots=True)
class Declared:
    """A list: its address, the keys of its filters, the columns that may be left out (key and heading)."""

    key: str
    label: Any
    url_name: str
    needs: Permission
    keys: tuple[str, ...]
    columns: tuple[tuple[str, Any], ...]


_lists: dict[str, Declared] = {}


def declare(
    key: str,
    label: Any,
    url_name: str,
    *,
    needs: Permission,
    keys: tuple[str, ...],
    columns: tuple[tuple[str, Any], ...],
) -> Declared:
    """Declare a list.

    Args:
        key: its stable name.
        label: what it is called.
        url_name: its page.
        needs: the permission asked of who opens it.
        keys: the keys of its address that are filters or order.
        columns: those that may be left out, with their headings; the first column of a list always stays.
    """
    if key in _lists:
        raise ValueError(f"list {key} is declared twice")
    _lists[key] = Declared(key, label, url_name, needs, keys, columns)
    return _lists[key]


def declared(key: str) -> Declared | None:
    """A list by its name."""
    return _lists.get(key)


def kept(of: Declared, values: Mapping[str, str]) -> str:
    """The part of a query that a view may keep."""
    return urlencode([(k, values[k]) for k in of.keys if values.get(k)])


class Listing:
    """A list as one person sees it."""

    def __init__(self, request: Any, of: Declared, asked: Asked, more: Sequence[tuple[str, Any]] = ()) -> None:
        self.request, self.of, self.asked = request, of, asked
        self.choices = [*of.columns, *more]

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What this person left out and kept: ``hidden`` columns, ``saved`` views, own and shared."""
        row = fetch_one(CHOSEN, {"me": self.request.actor.id, "list": self.of.key})
        assert row is not None
        return row

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The columns this person left out."""
        return frozenset(self.chosen["hidden"] or () if self.request.actor.kind == "staff" else ())

    def has(self, column: str) -> bool:
        """Whether a column is shown and exported."""
        return column not in self.hidden

    @property
    def here(self) -> str:
        """The filters of the page as a query."""
        return kept(self.of, self.asked.values)

    @cached_property
    def saved(self) -> list[dict[str, Any]]:
        """Own and shared views, own ones first."""
        me, base = self.request.actor.id, reverse(self.of.url_name)
        return [
            {
                "id": v["id"], "text": v["label"], "shared": v["shared"], "mine": v["staff_id"] == me,
                "href": f"{base}?{v['query']}" if v["query"] else base,
                "on": bool(v["query"]) and v["query"] == self.here,
            }
            for v in sorted(json.loads(self.chosen["saved"]), key=lambda v: (v["staff_id"] != me, v["id"]))
        ]  # fmt: skip

    @property
    def may_share(self) -> bool:
        """Whether this person may offer a view to everybody."""
        return allows(self.request.actor, SHARE)

    def all_views(self, standing: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The standing views and the saved ones; of all only one is marked as open, the saved one if it fits."""
        fits = any(v["on"] for v in self.saved)
        return [{**v, "on": bool(v.get("on")) and not fits} for v in standing] + self.saved

    @property
    def tools(self) -> Markup:
        """The buttons of the list's head: which columns, how dense."""
        tight = self.request.COOKIES.get("density") == "compact"
        columns = tuple((key, str(label), self.has(key)) for key, label in self.choices)
        return self._drawn("lists/tools.html", {"columns": columns, "tight": tight})

    def views(self, standing: Sequence[Mapping[str, Any]]) -> Markup:
        """The row of views, and what keeps the filters of the page as one of them."""
        shown = tuple((v["href"], str(v["text"]), v["on"], v.get("count")) for v in self.all_views(standing))
        own = tuple((v["id"], v["text"], v["shared"]) for v in self.saved if v["mine"] or self.may_share)
        more = {"shown": shown, "own": own, "may_share": self.may_share, "here": self.here}
        return self._drawn("lists/views.html", more)

    def _drawn(self, template: str, show: dict[str, Any]) -> Markup:
        slots = {"csrf": csrf(), "path": request_path()}
        show = {"of": self.of.key, **show}
        return still(template, key=tuple(show.values()), slots=slots, show=lambda: show)

    def columns(self, heads: Sequence[tuple[str, Any]]) -> list[Any]:
        """Of ``(key, thing)`` the things whose column is shown; an empty key always is."""
        return [thing for key, thing in heads if not key or self.has(key)]


def read_query(of: Declared, query: str) -> str:
    """A posted query cut down to the list's own keys."""
    return kept(of, dict(parse_qsl(query[:400])))
