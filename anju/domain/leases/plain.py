"""Terms of a lease in plain words, for pages: rent, deposit, cycle, due day, steps, free rent, fees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from anju.domain.leases.models import Lease
from anju.domain.leases.rules import LeaseTerms, Rate
from anju.foundation.ui.formats import day_count, iso, money
from anju.kit.period import months_between

STATES = dict(Lease.Status.choices)
TONES = {"active": "ok", "awaiting": "info", "draft": "line", "ended": "neutral", "cancelled": "neutral"}
NUMERALS = (
    gettext_noop("零"), gettext_noop("一"), gettext_noop("二"), gettext_noop("三"), gettext_noop("四"),
    gettext_noop("五"), gettext_noop("六"), gettext_noop("七"), gettext_noop("八"), gettext_noop("九"),
    gettext_noop("十"),
)  # fmt: skip
Pairs = list[tuple[str, str]]


def price_words(terms: LeaseTerms) -> str:
    """¥2,280.00 / 月."""
    units = {
        "month": _("/ 月"), "m2_month": _("/ m² / 月"), "m2_day": _("/ m² / 天"), "year": _("/ 年"), "night": _("/ 晚"),
    }  # fmt: skip
    whole = terms.price == terms.price.quantize(Decimal("0.01"))
    amount = money(terms.price) if whole else f"¥{terms.price.normalize():,f}"
    return f"{amount} {units[terms.price_unit]}"


def pays_words(terms: LeaseTerms) -> str:
    """押一付三, where it is said so; otherwise the cycle."""
    cycle, deposit = terms.cycle_months, terms.deposit_months
    short = deposit is not None and deposit == int(deposit) and deposit <= 10 and cycle <= 10
    if short and deposit is not None:
        return _("押{d}付{c}").format(d=_numeral(int(deposit)), c=_numeral(cycle))
    return cycle_words(cycle)


def _numeral(n: int) -> str:
    return _(NUMERALS[n])


def cycle_words(months: int) -> str:
    """每月, 每 3 个月, 每年."""
    if months == 1:
        return _("每月")
    return _("每年") if months == 12 else _("每 {n} 个月").format(n=months)


def due_words(row: dict[str, Any]) -> str:
    """When rent is due: the day of the month, before or after a period begins."""
    offset, cycle = row["due_offset_days"], row["cycle_months"]
    day = (
        _("每月 {d} 日").format(d=row["bill_day"]) if cycle == 1 else _("账期首日（{d} 日）").format(d=row["bill_day"])
    )
    if not offset:
        return day
    if offset < 0:
        return _("{day}前 {n} 天").format(day=day, n=-offset)
    return _("{day}后 {n} 天").format(day=day, n=offset)


def span_words(start: date, end: date) -> str:
    """2025-03-17 至 2027-03-16."""
    return _("{a} 至 {b}").format(a=iso(start), b=iso(end - timedelta(days=1)))


def length_words(start: date, end: date) -> str:
    """24 个月, or days where it is no whole number of months."""
    months = months_between(start, end)
    if months and not (end.day - start.day):
        return ngettext("%(n)s 个月", "%(n)s 个月", months) % {"n": months}
    return day_count((end - start).days)


def deposit_words(terms: LeaseTerms, deposit: Any) -> str:
    """¥2,280.00，1 个月租金."""
    if terms.deposit_months:
        return _("{a}，{n} 个月租金").format(a=money(deposit), n=f"{terms.deposit_months.normalize():f}")
    return money(deposit) if deposit else _("不收")


def steps_words(terms: LeaseTerms) -> str:
    """How the rent changes over the years."""
    said = []
    for step in terms.steps:
        change = f"{step.percent.normalize():+f}%" if step.percent is not None else money(step.price)
        said.append(_("第 {n} 个月起 {change}").format(n=step.from_month, change=change))
    return _("，").join(said) or _("租期内不变")


def rates_words(rates: Sequence[Rate]) -> str:
    """The schedule in one line: ¥2,280.00（至 2026-03-16），¥2,394.00（至 2027-03-16）."""
    return _("，").join(
        _("{a}（至 {d}）").format(a=money(rate.monthly) if rate.monthly else _("免租"), d=iso(rate.period.last_day))
        for rate in rates
    )


def free_words(terms: LeaseTerms) -> str:
    """Days without rent."""
    said = [span_words(f.from_on, f.to_on) for f in terms.free]
    if terms.free_first_days:
        said.insert(0, _("最初 {n} 天").format(n=terms.free_first_days))
    return _("，").join(said) or _("没有")


def fee_words(terms: LeaseTerms) -> str:
    """Charges besides rent."""
    per = {"month": _("每月"), "once": _("一次性")}
    said = [f"{fee.name} {money(fee.amount)} {per[fee.per]}" for fee in terms.fees]
    return _("，").join(said) or _("没有")


def proration_words(terms: LeaseTerms) -> str:
    """How part of a month is priced."""
    return {
        "actual_days": _("按当月实际天数折算"),
        "thirty": _("每月按 30 天折算"),
        "year365": _("年租金 ÷ 365 × 天数"),
    }[terms.proration]


def terms_words(row: dict[str, Any], terms: LeaseTerms) -> Pairs:
    """Everything that was agreed, line by line."""
    return [
        (_("租期"), span_words(terms.start_on, terms.end_on)),
        (_("租金"), _("，").join((price_words(terms), pays_words(terms)))),
        *([(_("计租面积"), f"{terms.area} m²")] if terms.area else []),
        (_("押金"), deposit_words(terms, row.get("deposit"))),
        (_("递增"), steps_words(terms)),
        (_("免租"), free_words(terms)),
        (_("应付日"), due_words(row)),
        (_("不足一月"), proration_words(terms)),
        (_("其他费用"), fee_words(terms)),
        (_("自动续租"), _("已授权") if row["auto_renew"] else _("未授权")),
    ]
