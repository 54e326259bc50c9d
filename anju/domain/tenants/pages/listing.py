"""租客: who rents here, by name; standing views, filters, pages, and the same as a spreadsheet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from anju.domain.tenants.models import Person
from anju.domain.tenants.narrowing import narrowings
from anju.domain.tenants.permissions import VIEW
from anju.domain.tenants.queries import Page, PeopleFilter, people, people_count
from anju.domain.tenants.words import SEGMENTS, words
from anju.foundation.access import allows, may_export, require_export
from anju.foundation.access.pages import staff_page
from anju.foundation.access.parts import Filled, columns_for
from anju.foundation.db import clock
from anju.foundation.documents import Column, write_sheet
from anju.foundation.lists.listing import Listing, declare
from anju.foundation.ui import nav, render
from anju.foundation.ui.asked import Asked

PAGE, MOST, CHUNK = 20, 100_000, 2000
FIND = "tenants_find"  # what was typed stays in the session: names and phones never stand in an address
KINDS = dict(Person.Kind.choices)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LIST = declare(
    "tenants", gettext_lazy("租客"), "tenants:list", needs=VIEW, keys=("view", "kind", "segment", "project"),
    columns=(("phone", gettext_lazy("手机")), ("segment", gettext_lazy("客群"))),
)  # fmt: skip
nav.entry("tenants", gettext_lazy("租客"), "users", "tenants:list", order=20, permission=VIEW)


def wanted_of(request: Any, asked: Asked) -> PeopleFilter:
    """The filter an address and the words kept in the session ask for."""
    typed = request.session.get(FIND, "") if asked.text("find") else ""
    digits = typed.replace(" ", "")
    phone = digits if digits.isascii() and digits.isdigit() else ""
    views = {n.key: n for n in narrowings() if n.needs is None or allows(request.actor, n.needs)}
    return PeopleFilter(
        project_id=asked.number("project") or request.session.get("console_project"),
        kind=asked.text("kind", KINDS),
        segment=asked.text("segment", SEGMENTS),
        name="" if phone else typed,
        phone=phone,
        view=asked.text("view", views),
    )


@require_http_methods(["GET", "POST"])
@staff_page(needs=VIEW)
def tenant_list(request: Any) -> HttpResponse:
    """The list; POST finds by a name's beginning, a phone or its last four digits."""
    if request.method == "POST":
        request.session[FIND] = request.POST.get("find", "").strip()[:60]
        asked = Asked(reverse("tenants:list"), request.GET.dict())
        return redirect(asked.url(find=1 if request.session[FIND] else None))
    return render(request, "tenants/list.html", list_context(request), block="list")


def list_context(request: Any) -> dict[str, Any]:
    """What the list shows."""
    asked = Asked(reverse("tenants:list"), request.GET.dict())
    wanted = wanted_of(request, asked)
    back, page = _page(request, asked, wanted)
    rows = page.rows
    first = rows[0] if rows else None
    beyond = bool(asked.number("after") or asked.number("before"))
    filled = columns_for(request, "person", [row["id"] for row in rows])
    listing = listing_of(request, asked, filled)
    return {
        "asked": asked,
        "listing": listing,
        "wanted": wanted,
        "found": request.session.get(FIND, "") if asked.text("find") else "",
        "rows": rows,
        "columns": [f for f in filled if listing.has(f.column.key)],
        "total": people_count(request.actor, wanted),
        "older": asked.url(after=rows[-1]["id"]) if rows and page.after else None,
        "newer": asked.url(before=first["id"]) if first and beyond and (not back or len(rows) == PAGE) else None,
        "standing": _views(request, asked, wanted),
        "kinds": KINDS,
        "segments": SEGMENTS,
        "may_export": may_export(request.actor, "person"),
        "words": words,
        "open_id": None,
    }


def listing_of(request: Any, asked: Asked, filled: Sequence[Filled]) -> Listing:
    """The list as this person sees it, with the columns that other slices bring."""
    return Listing(request, LIST, asked, [(f.column.key, f.column.label) for f in filled])


def _page(request: Any, asked: Asked, wanted: PeopleFilter) -> tuple[bool, Page]:
    """The page asked for; addresses hold the id of the row at its edge, never a name."""
    after, before = asked.number("after"), asked.number("before")
    row_id = before or after
    edge = Person.objects.filter(id=row_id).values_list("sort_key", "id").first() if row_id else None
    if before and edge:
        return True, people(request.actor, wanted, before=edge, limit=PAGE)
    return False, people(request.actor, wanted, after=edge, limit=PAGE)


def _views(request: Any, asked: Asked, wanted: PeopleFilter) -> list[dict[str, Any]]:
    known = [n for n in narrowings() if n.needs is None or allows(request.actor, n.needs)]
    everybody = {"text": _("全部"), "href": asked.url(view=None), "on": not wanted.view}
    return [everybody] + [{"text": n.label, "href": asked.url(view=n.key), "on": wanted.view == n.key} for n in known]


@require_GET
@staff_page(needs=VIEW)
def tenant_export(request: Any) -> HttpResponseBase:
    """The tenants as listed, every page, with the columns the viewer may see."""
    require_export(request.actor, "person")
    asked = Asked(reverse("tenants:list"), request.GET.dict())
    wanted, brought = wanted_of(request, asked), columns_for(request, "person", [])
    columns = listing_of(request, asked, brought).columns(
        [
            ("", Column("name", _("姓名"), width=18)),
            ("phone", Column("phone_mask", _("手机"), width=16)),
            ("", Column("kind", _("类型"), width=8)),
            ("segment", Column("segment", _("客群"), width=10)),
            ("", Column("project", _("项目"), width=26)),
            *((f.column.key, Column(f.column.key, str(f.column.label), f.column.kind, 20)) for f in brought),  # type: ignore[arg-type]
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "tenants.xlsx"
        write_sheet(target, columns, _exported(request, wanted), name=_("租客"))
        name = f"{_('租客')}-{clock.now():%Y%m%d-%H%M}.xlsx"
        return FileResponse(target.open("rb"), as_attachment=True, filename=name, content_type=EXCEL)


def _exported(request: Any, wanted: PeopleFilter) -> Iterator[dict[str, Any]]:
    after = None
    for _n in range(MOST // CHUNK):
        page = people(request.actor, wanted, after=after, limit=CHUNK)
        brought = columns_for(request, "person", [row["id"] for row in page.rows])
        for row in page.rows:
            cells = {f.column.key: f.cells.get(row["id"]) for f in brought}
            plain = {k: c.text if c.plain is None else c.plain for k, c in cells.items() if c is not None}
            yield row | {"kind": KINDS[row["kind"]], "segment": words.segment(row["segment"])} | plain
        if page.after is None:
            return
        after = (page.after[0], page.after[1])
