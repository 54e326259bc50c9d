"""What money brings to the workbench: overdue by urgency, due today, what came in; for those who may see money."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anju.domain.billing.permissions import VIEW, VIEW_PAYMENTS
from anju.domain.billing.queries import ArrearsFilter, BillFilter, arrears, arrears_count, arrears_totals, bills
from anju.foundation.access import scopes
from anju.foundation.db import clock, fetch_one
from anju.foundation.ui import figures, worklist
from anju.foundation.ui.figures import Figure
from anju.foundation.ui.formats import day_count, money, number, percent, short_day, wan
from anju.foundation.ui.worklist import Line
from anju.kit import Money

URGENT = 3  # days past due from which a bill is about to be lost sight of


MILLION = Money(1_000_000)


def large(amount: Money) -> str:
    """An amount for a figure: in units of ten thousand from a million on."""
    return f"¥{wan(amount)}" if amount >= MILLION else money(amount)


def project(request: Any) -> int | None:
    """The project the console is narrowed to."""
    found: int | None = request.session.get("console_project")
    return found


def urgent_filter(request: Any) -> ArrearsFilter:
    """Past due for some days."""
    return ArrearsFilter(project_id=project(request), min_days=URGENT)


def _urgent_count(request: Any) -> int:
    return arrears_count(request.actor, clock.today(), project_id=project(request), min_days=URGENT)


@worklist.source("billing.overdue", group="due", area="rent", needs=VIEW, count=_urgent_count)
def overdue(request: Any, limit: int) -> list[Line]:
    """Who is past due, the longest first."""
    rows = arrears(request.actor, clock.today(), urgent_filter(request), limit=limit)[:limit]
    return [_overdue(row) for row in rows]


def _overdue(row: dict[str, Any]) -> Line:
    days = row["days_late"]
    if row["last_at"] is None:
        last = _("还没有联系过")
    else:
        states = {"read": _("已读"), "delivered": _("已送达，未读"), "failed": _("未送达")}
        last = _("{d} 提醒，{what}").format(
            d=short_day(row["last_at"]), what=states.get(row["last_state"], _("已发出"))
        )
    return Line(
        "clock-dollar", _who(row), f"{row['lease']} · {row['phone_tail']}",
        _("欠 {a}，逾期 {n} 天").format(a=money(row["owed"]), n=days), last, _("去催缴"),
        reverse("billing:arrears-panel", args=[row["lease_id"]]),
        due_words=day_count(days), tone="danger" if days >= 8 else "warn",
    )  # fmt: skip


def _who(row: dict[str, Any]) -> str:
    return " · ".join(filter(None, (row.get("name", ""), row["room"])))


def due_filter(request: Any) -> BillFilter:
    """Due today and not settled."""
    today = clock.today()
    return BillFilter(project_id=project(request), due_from=today, due_to=today, state="open")


# Beyond a thousand the page says "999+", and nothing is counted to the end.
DUE_TODAY = """
SELECT count(*)::int AS n FROM (
    SELECT FROM bill b WHERE b.due_on = %(today)s
      AND (%(scopes)s::bigint[] IS NULL OR b.scope_id = ANY(%(scopes)s))
      AND (%(project)s::bigint IS NULL OR b.scope_id = %(project)s)
      AND EXISTS (SELECT FROM charge c WHERE c.bill_id = b.id AND c.open > 0)
    LIMIT 1000
) due
"""


def _due_count(request: Any) -> int:
    asked = {"today": clock.today(), "scopes": scopes(request.actor), "project": project(request)}
    return int((fetch_one(DUE_TODAY, asked) or {"n": 0})["n"])


@worklist.source("billing.due_today", group="mine", area="rent", needs=VIEW, count=_due_count)
def due_today(request: Any, limit: int) -> list[Line]:
    """Bills due today that nobody paid yet."""
    rows = bills(request.actor, clock.today(), due_filter(request), limit=limit)[:limit]
    return [_due(row) for row in rows]


def _due(row: dict[str, Any]) -> Line:
    what, why = _("今天应付 {a}").format(a=money(row["open"])), _("账单 {n}").format(n=row["number"])
    href, own = reverse("billing:bill", args=[row["id"]]), f"{row['lease']} · {row['phone_tail']}"
    return Line("receipt", _who(row), own, what, why, _("看账单"), href, due_words=_("今天"))


MONTH = """
SELECT coalesce(sum(m.due), 0) AS due, coalesce(sum(m.settled), 0) AS settled FROM billing_month m
WHERE m.month = date_trunc('month', %(today)s::date)::date
  AND (%(scopes)s::bigint[] IS NULL OR m.scope_id = ANY(%(scopes)s))
  AND (%(project)s::bigint IS NULL OR m.scope_id = %(project)s)
"""
CAME_IN = """
SELECT coalesce(sum(y.amount), 0) AS amount, count(*)::int AS n FROM payment y
WHERE y.received_at >= %(since)s AND (%(scopes)s::bigint[] IS NULL OR y.scope_id = ANY(%(scopes)s))
  AND (%(project)s::bigint IS NULL OR y.scope_id = %(project)s)
"""


def _asked(request: Any) -> dict[str, Any]:
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {"today": now.date(), "since": midnight, "scopes": scopes(request.actor), "project": project(request)}


@figures.figure("billing.month", roles=("manager", "finance"), order=20, needs=VIEW)
def month(request: Any) -> Figure | None:
    """Of what falls due this month, how much came in."""
    found = fetch_one(MONTH, _asked(request))
    if not found or not found["due"]:
        return None
    note = _("应收 {a}").format(a=large(Money(found["due"])))
    share = percent(found["settled"] / found["due"])
    return Figure(
        _("本月已收"), large(Money(found["settled"])), note=_("，").join((note, share)), href=reverse("billing:bills")
    )


@figures.figure("billing.today", roles=("finance",), order=25, needs=VIEW_PAYMENTS)
def came_in(request: Any) -> Figure:
    """What came in today."""
    found = fetch_one(CAME_IN, _asked(request)) or {"amount": 0, "n": 0}
    note = _("{n} 笔").format(n=number(found["n"]))
    return Figure(_("今日到账"), money(found["amount"]), note=note, href=reverse("billing:payments"))


@figures.figure("billing.arrears", roles=("manager", "finance", "service"), order=22, needs=VIEW)
def arrears_now(request: Any) -> Figure:
    """What is past due."""
    found = arrears_totals(request.actor, clock.today(), ArrearsFilter(project_id=project(request)))
    late = found["eight_days"]
    note = _("{n} 位，8 天以上 {k} 位").format(n=number(found["leases"]), k=number(late))
    href = reverse("billing:arrears")
    return Figure(_("逾期欠款"), large(Money(found["owed"])), note=note, note_tone="warn" if late else "", href=href)


@figures.figure("billing.due_today", roles=("service", "finance"), order=24, needs=VIEW)
def due_today_count(request: Any) -> Figure:
    """Bills due today, not paid."""
    n = _due_count(request)
    return Figure(_("今天到期未付"), number(n), _("张"), href=reverse("billing:bills") + "?state=open")
