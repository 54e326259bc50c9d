"""What leases bring to the workbench: over and not left, ending soon, about to begin; figures of the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anju.domain.leases.permissions import ACTIVATE, AMEND, END, VIEW
from anju.domain.leases.policies import Leases
from anju.domain.leases.queries import Filter, lease_count, leases
from anju.foundation.access import scopes
from anju.foundation.db import clock, fetch_one
from anju.foundation.policy.store import in_force
from anju.foundation.ui import figures, worklist
from anju.foundation.ui.figures import Figure
from anju.foundation.ui.formats import day_count, iso, number, percent
from anju.foundation.ui.kept import MANY, kept
from anju.foundation.ui.worklist import Line

SOON = 7


def project(request: Any) -> int | None:
    """The project the console is narrowed to."""
    found: int | None = request.session.get("console_project")
    return found


def expired_filter(request: Any) -> Filter:
    """In force, though the last day is past."""
    return Filter(project_id=project(request), statuses=("active",), ending_until=clock.today())


def ending_filter(request: Any) -> Filter:
    """In force, with the last day within the policy's days."""
    today = clock.today()
    until = today + timedelta(days=in_force(Leases).value.ending_days + 1)
    return Filter(
        project_id=project(request), statuses=("active",), ending_from=today + timedelta(days=1), ending_until=until
    )


def arriving_filter(request: Any) -> Filter:
    """To begin within a week."""
    today = clock.today()
    until = today + timedelta(days=SOON)
    return Filter(project_id=project(request), statuses=("awaiting",), starting_from=today, starting_until=until)


def draft_filter(request: Any) -> Filter:
    """Drafts."""
    return Filter(project_id=project(request), statuses=("draft",))


def _line(row: dict[str, Any], icon: str, what: str, why: str, button: str, due: str, tone: str = "") -> Line:
    title = f"{row.get('payer') or row['number']} · {_('、').join(row['units'])}".removesuffix(" · ")
    own = reverse("leases:lease", args=[row["id"]])
    return Line(icon, title, row["handle"], what, why, button, own, due_words=due, tone=tone)


def _days(day: date) -> int:
    return (day - clock.today()).days


@worklist.source(
    "leases.expired", group="due", area="leases", needs=END,
    count=lambda request: lease_count(request.actor, expired_filter(request)),
)  # fmt: skip
def expired(request: Any, limit: int) -> list[Line]:
    """Over, and the tenant is still there."""
    rows = leases(request.actor, expired_filter(request), limit=limit).rows
    return [_expired(row) for row in sorted(rows, key=lambda r: r["holds_until"])]


def _expired(row: dict[str, Any]) -> Line:
    last = iso(row["holds_until"] - timedelta(days=1))
    gone = _("已过 {n} 天").format(n=1 - _days(row["holds_until"]))
    why = _("{d} 到期").format(d=last)
    return _line(row, "calendar-x", _("合同到期，未退也未续"), why, _("办理退租"), gone, "danger")


@worklist.source(
    "leases.ending", group="mine", area="leases", needs=END,
    count=lambda request: lease_count(request.actor, ending_filter(request)),
)  # fmt: skip
def ending(request: Any, limit: int) -> list[Line]:
    """Ends soon: will the tenant stay?"""
    rows = leases(request.actor, ending_filter(request), limit=limit).rows
    return [_ending(row) for row in sorted(rows, key=lambda r: r["holds_until"])]


def _ending(row: dict[str, Any]) -> Line:
    what = _("合同 {d} 到期，未定续租").format(d=iso(row["holds_until"] - timedelta(days=1)))
    why = _("已授权自动续租") if row["auto_renew"] else _("没有自动续租授权")
    left = _days(row["holds_until"]) - 1
    tone = "warn" if left < SOON else ""
    return _line(row, "file-text", what, why, _("联系确认"), day_count(left), tone)


@worklist.source(
    "leases.arriving", group="mine", area="leases", needs=END,
    count=lambda request: lease_count(request.actor, arriving_filter(request)),
)  # fmt: skip
def arriving(request: Any, limit: int) -> list[Line]:
    """Moves in within a week."""
    rows = leases(request.actor, arriving_filter(request), limit=limit).rows
    return [_arriving(row) for row in sorted(rows, key=lambda r: r["start_on"])]


def _arriving(row: dict[str, Any]) -> Line:
    left = _days(row["start_on"])
    due = day_count(left) if left else _("今天")
    what, why = _("{d} 搬入").format(d=iso(row["start_on"])), _("核对押金与首期房租、准备钥匙")
    return _line(row, "key", what, why, _("准备交房"), due)


@worklist.source(
    "leases.drafts", group="approval", area="leases", needs=ACTIVATE,
    count=lambda request: lease_count(request.actor, draft_filter(request)),
)  # fmt: skip
def drafts(request: Any, limit: int) -> list[Line]:
    """Drafts wait for somebody who may bring them into force."""
    return [_draft(row) for row in leases(request.actor, draft_filter(request), limit=limit).rows]


def _draft(row: dict[str, Any]) -> Line:
    left = _days(row["start_on"])
    due = day_count(left) if left >= 0 else _("已过起租日")
    why = _("{d} 起租").format(d=iso(row["start_on"]))
    return _line(row, "file-pencil", _("合同草稿待生效"), why, _("审阅生效"), due)


# Two counts, each by one pass: asked unit by unit, a million units take a quarter of a minute.
LET = """
SELECT (SELECT count(*) FROM unit u WHERE u.leaf AND (%(scopes)s::bigint[] IS NULL OR u.scope_id = ANY(%(scopes)s))
          AND (%(project)s::bigint IS NULL OR u.scope_id = %(project)s))::int AS units,
       (SELECT count(DISTINCT lu.leaf_unit_id) FROM lease_unit lu JOIN lease l ON l.id = lu.lease_id
        WHERE lu.occupied @> %(today)s::date AND l.status IN ('active', 'ended')
          AND (%(scopes)s::bigint[] IS NULL OR l.scope_id = ANY(%(scopes)s))
          AND (%(project)s::bigint IS NULL OR l.scope_id = %(project)s))::int AS let
"""


@figures.figure("leases.occupancy", roles=("manager",), order=10, needs=AMEND)
def occupancy(request: Any) -> Figure | None:
    """How much is let today."""
    asked = {"today": clock.today(), "scopes": scopes(request.actor), "project": project(request)}
    let = kept(("leases.let", str(asked)), lambda: fetch_one(LET, asked), worth=lambda n: bool(n and n["units"] > MANY))
    if not let or not let["units"]:
        return None
    vacant = _("空 {n} 间").format(n=number(let["units"] - let["let"]))
    return Figure(_("出租率"), percent(let["let"] / let["units"]), note=vacant, href=reverse("portfolio:rooms"))


@figures.figure("leases.ending", roles=("manager", "service", "risk"), order=30, needs=VIEW)
def ending_soon(request: Any) -> Figure:
    """How many leases end soon."""
    n = lease_count(request.actor, ending_filter(request))
    over = lease_count(request.actor, expired_filter(request))
    note = _("到期未退 {n} 份").format(n=over) if over else _("没有到期未退")
    href = reverse("leases:list") + "?view=ending"
    return Figure(_("30 天内到期"), number(n), _("份"), note, "danger" if over else "ok", href)


@figures.figure("leases.arriving", roles=("manager", "service"), order=40, needs=VIEW)
def arriving_soon(request: Any) -> Figure:
    """How many tenants move in within a week."""
    n = lease_count(request.actor, arriving_filter(request))
    return Figure(_("7 天内搬入"), number(n), _("份"), href=reverse("leases:list") + "?view=awaiting")
