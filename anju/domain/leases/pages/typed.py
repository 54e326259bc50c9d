"""Reading the forms about leases: what was typed, as terms; a sentence for each field that needs another look."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from anju.domain.leases.actions import Amendment
from anju.domain.leases.models import LeaseFee
from anju.domain.leases.rules import Fee, LeaseTerms

FEES = dict(LeaseFee.Kind.choices)
Typed = dict[str, str]


class Form:
    """What somebody typed. Each reader notes a sentence under the field's name where it can not be read."""

    def __init__(self, typed: Typed) -> None:
        self.typed = typed
        self.errors: dict[str, str] = {}

    def text(self, name: str, most: int = 200) -> str:
        """A short text."""
        return self.typed.get(name, "").strip()[:most]

    def day(self, name: str, sentence: str) -> date:
        """A day; an unreadable one is noted and counts as the first of all days."""
        try:
            return date.fromisoformat(self.typed.get(name, ""))
        except ValueError:
            self.errors[name] = sentence
            return date.min + timedelta(days=1)

    def amount(self, name: str, *, optional: bool = False) -> Decimal | None:
        """An amount with at most four decimals."""
        text = self.typed.get(name, "").replace(",", "").replace("，", "").strip()
        if optional and not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not (value.is_finite() and 0 <= value < 10**9):
            self.errors[name] = _("请填写金额，例如 2280 或 2280.00。")
            return Decimal(0)
        return value

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number within limits."""
        text = self.typed.get(name, "").strip()
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            self.errors[name] = _("请填写 {a} 到 {b} 之间的整数。").format(a=low, b=high)
            return low
        return value


def as_typed(terms: LeaseTerms, row: dict[str, Any], today: date) -> Typed:
    """The form of an amendment as it opens: today's terms."""
    fees = {f"fee-{n}": f"{fee.amount:f}" for n, fee in enumerate(terms.fees)}
    return {
        "effective_from": min(max(today, row["start_on"]), row["holds_until"]).isoformat(),
        "price": f"{terms.price.normalize():f}",
        "deposit": f"{row['deposit']:f}",
        "last_day": (terms.end_on - timedelta(days=1)).isoformat(),
        "due_offset_days": str(terms.due_offset_days),
        "auto_renew": "1" if row["auto_renew"] else "",
        "reason": "",
        "rev": str(row["rev"]),
        **fees,
    }


def read_amendment(typed: Typed, row: dict[str, Any], terms: LeaseTerms) -> tuple[Amendment | None, dict[str, str]]:
    """An amendment of these terms, and what needs another look.

    The deposit stays what it is in yuan unless another amount is typed: one agreed in months of rent would otherwise
    follow a new rent, and its charge of long ago with it.
    """
    form = Form(typed)
    effective = form.day("effective_from", _("请选择从哪一天起生效。"))
    changed: dict[str, Any] = {
        "price": form.amount("price"),
        "end_on": form.day("last_day", _("请选择合同的最后一天。")) + timedelta(days=1),
        "due_offset_days": form.whole("due_offset_days", -15, 15),
        "fees": tuple(_fees(form, terms)),
    }
    deposit, rev = form.amount("deposit"), form.whole("rev", 0, 10**9)
    if deposit is not None and deposit != round(deposit, 2):
        form.errors["deposit"] = _("押金最多两位小数。")
    if form.errors:
        return None, form.errors
    if deposit != row["deposit"] or (terms.deposit_months and changed["price"] != terms.price):
        changed |= {"deposit_amount": str(deposit), "deposit_months": None}
    try:
        new = LeaseTerms.model_validate(terms.model_dump() | changed)
    except ValidationError:
        return None, {"price": _("单价最多四位小数。")}
    renews = bool(typed.get("auto_renew"))
    return Amendment(row["id"], rev, effective, new, form.text("reason"), renews), {}


def _fees(form: Form, terms: LeaseTerms) -> list[Fee]:
    """The fees as typed: an empty amount takes one away, the last line may add one."""
    kept = []
    for n, fee in enumerate(terms.fees):
        amount = form.amount(f"fee-{n}", optional=True)
        if amount is not None:
            kept.append(fee.model_copy(update={"amount": amount}))
    kind, name = form.typed.get("new-kind", ""), form.text("new-name", 60)
    amount = form.amount("new-amount", optional=True)
    if amount is not None and kind in FEES:
        kept.append(Fee.model_validate({"kind": kind, "name": name or str(FEES[kind]), "amount": amount}))
    elif amount is not None:
        form.errors["new-amount"] = _("请先选择费用的种类。")
    return kept
