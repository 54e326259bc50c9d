"""What the foundation brings to the workbench: reviews, payment problems, lost messages, imports, room figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anju.domain.portfolio.permissions import SET_STATE
from anju.domain.portfolio.permissions import VIEW as VIEW_PLACES
from anju.domain.tenants.permissions import CHANGE_CONTACT
from anju.foundation.access import allows, in_scopes, scope_params
from anju.foundation.access.timelines import Named, names, names_of
from anju.foundation.db import clock, fetch, fetch_value
from anju.foundation.messaging import codes
from anju.foundation.payments.permissions import RESOLVE
from anju.foundation.payments.queries import open_differences, open_problems
from anju.foundation.policy.models import PolicyVersion
from anju.foundation.policy.registry import declared
from anju.foundation.publishing import actions as publish
from anju.foundation.publishing.permissions import VIEW as VIEW_POLICIES
from anju.foundation.ui import figures, worklist
from anju.foundation.ui.figures import Figure
from anju.foundation.ui.formats import money, number, short_day
from anju.foundation.ui.worklist import Line
from anju.surface.console.problem_words import DIFFERENCES, GATEWAYS, PROBLEMS
from anju.surface.console.shell import chosen_project
from anju.surface.imports.models import ImportFile
from anju.surface.imports.permissions import RUN_IMPORTS

UNDELIVERED_DAYS = 7


def submitted(request: Any) -> list[PolicyVersion]:
    """Versions that wait for this person's review."""
    waiting = PolicyVersion.objects.filter(state=PolicyVersion.State.SUBMITTED).order_by("id")
    return [v for v in waiting if publish.approve.refusal(request.actor, version_id=v.id) is None]


@worklist.source("policies.review", group="approval", area="other", needs=VIEW_POLICIES)
def reviews(request: Any, limit: int) -> list[Line]:
    """Policy versions that wait for my review."""
    found = submitted(request)[:limit]
    wrote = names_of([v.author for v in found])
    return [
        Line(
            "adjustments", _("配置：{t}").format(t=declared(v.key).zh), _("第 {n} 版").format(n=v.number),
            _("修改配置，等您复核"),
            _("{w} 提交，{d}").format(w=wrote[v.author], d=short_day(v.updated_at)), _("去复核"),
            reverse("console:policy", args=[v.key]),
        )
        for v in found
    ]  # fmt: skip


@worklist.source("payments.problems", group="due", area="rent", needs=RESOLVE, count=lambda _r: open_problems().count())
def problems(request: Any, limit: int) -> list[Line]:
    """What gateways reported that a person has to look at."""
    own = reverse("console:payment-problems")
    return [
        Line(
            "alert-triangle", str(GATEWAYS.get(p.gateway, _("支付平台"))), p.reference, str(PROBLEMS[p.kind]),
            _("最近 {d}，共 {n} 次").format(d=short_day(p.last_at), n=p.count), _("去核对"), f"{own}#problem-{p.id}",
            due_words=short_day(p.first_at), tone="warn",
        )
        for p in open_problems()[:limit]
    ]  # fmt: skip


@worklist.source(
    "payments.differences", group="mine", area="rent", needs=RESOLVE, count=lambda _r: open_differences().count()
)
def differences(request: Any, limit: int) -> list[Line]:
    """Where the gateway's statement and our orders disagree."""
    own = reverse("console:payment-problems")
    return [
        Line(
            "scale", _("对账差异"), d.reference, str(DIFFERENCES[d.kind]),
            _("我方 {a}，平台 {b}").format(a=money(d.ours), b=money(d.theirs)), _("去核对"), f"{own}#difference-{d.id}",
            due_words=short_day(d.statement.day),
        )
        for d in open_differences()[:limit]
    ]  # fmt: skip


# Persons whom a message of the last days did not reach, and none after it did.
UNDELIVERED = f"""
FROM (
    SELECT f.to_person, max(f.id) AS id FROM message f
    WHERE f.state = 'failed' AND f.due_at > %(since)s AND f.to_person IS NOT NULL GROUP BY f.to_person
) lost
JOIN message m ON m.id = lost.id
JOIN person p ON p.id = lost.to_person
WHERE {in_scopes("p.scope_id")} AND (%(project)s::bigint IS NULL OR p.scope_id = %(project)s)
  AND NOT EXISTS (SELECT FROM message later WHERE later.to_person = lost.to_person AND later.id > lost.id
                  AND later.state IN ('delivered', 'read'))
"""


def _recent(request: Any) -> dict[str, Any]:
    since = clock.now() - timedelta(days=UNDELIVERED_DAYS)
    return {"since": since, "project": chosen_project(request), **scope_params(request.actor)}


@worklist.source(
    "messaging.undelivered", group="mine", area="other", needs=CHANGE_CONTACT,
    count=lambda r: int(fetch_value(f"SELECT count(*) {UNDELIVERED}", _recent(r))),
)  # fmt: skip
def undelivered(request: Any, limit: int) -> list[Line]:
    """Tenants whom the last message did not reach."""
    sql = f"SELECT p.id, p.name, p.phone_tail, m.reason, m.due_at {UNDELIVERED} ORDER BY m.due_at DESC LIMIT %(limit)s"
    return [_undelivered(row) for row in fetch(sql, {**_recent(request), "limit": limit})]


def _undelivered(row: dict[str, Any]) -> Line:
    why = codes.words(row["reason"]) or _("手机号可能已失效")
    href = reverse("tenants:tab", args=[row["id"], "data"])
    due = short_day(row["due_at"])
    what, button = _("消息没有送达"), _("换联系方式")
    return Line("message-x", row["name"], row["phone_tail"], what, why, button, href, due_words=due)


@worklist.source("imports.waiting", group="mine", area="other", needs=RUN_IMPORTS)
def imports(request: Any, limit: int) -> list[Line]:
    """Imports that wait for a word, or came back with rows that have problems."""
    states = ImportFile.State
    open_ = ImportFile.objects.filter(state__in=(states.UPLOADED, states.PREVIEWED)).order_by("-id")[:limit]
    return [
        Line(
            "file-import", _("数据导入"), _("{n} 行").format(n=number(f.rows)), str(states(f.state).label),
            _("{d} 上传").format(d=short_day(f.uploaded_at)), _("继续导入"), reverse("imports:one", args=[f.id]),
        )
        for f in open_
    ]  # fmt: skip


@names("unit")
def units_named(request: Any, ids: list[int]) -> dict[int, Named]:
    """Rooms within reach, for feeds."""
    sql = f"SELECT u.id, u.code FROM unit u WHERE u.id = ANY(%(ids)s) AND {in_scopes('u.scope_id')}"
    rows = fetch(sql, {"ids": ids, **scope_params(request.actor)}) if allows(request.actor, VIEW_PLACES) else []
    return {row["id"]: Named(row["code"], reverse("portfolio:unit", args=[row["id"]])) for row in rows}


ROOMS = f"""
SELECT count(*) FILTER (WHERE u.state = 'repair')::int AS repair,
       count(*) FILTER (WHERE u.state = 'preparing')::int AS preparing,
       count(*) FILTER (WHERE u.state IN ('repair', 'preparing') AND u.ready_on < %(today)s)::int AS late
FROM unit u WHERE u.leaf AND {in_scopes("u.scope_id")} AND (%(project)s::bigint IS NULL OR u.scope_id = %(project)s)
"""


def _rooms(request: Any) -> dict[str, Any]:
    asked = {"today": clock.today(), "project": chosen_project(request), **scope_params(request.actor)}
    return fetch(ROOMS, asked)[0]


@figures.figure("portfolio.repair", roles=("maintenance",), order=10, needs=SET_STATE)
def repair(request: Any) -> Figure:
    """Rooms under repair."""
    rooms = _rooms(request)
    note = _("{n} 间已过预计日").format(n=rooms["late"]) if rooms["late"] else _("都在预计日内")
    href = reverse("portfolio:units") + "?status=repair"
    return Figure(_("维修中"), number(rooms["repair"]), _("间"), note, "warn" if rooms["late"] else "ok", href)


@figures.figure("portfolio.preparing", roles=("maintenance",), order=20, needs=SET_STATE)
def preparing(request: Any) -> Figure:
    """Rooms being prepared for the next tenant."""
    href = reverse("portfolio:units") + "?status=preparing"
    return Figure(_("配置中"), number(_rooms(request)["preparing"]), _("间"), href=href)
