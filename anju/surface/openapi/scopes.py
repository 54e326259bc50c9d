"""Scopes of a key: what an integrator asks for, in words an administrator understands.

A scope holds permissions of actions and, by rule, fields of personal data; a scope that writes includes the one that
reads. What no scope holds (full phone numbers, documents, bank accounts) the API never shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anju.foundation.access.fields import EVERYBODY, all_entities

MONEY_ROWS = frozenset({"bill", "charge", "arrears", "payment"})


@dataclass(frozen=True)
class Scope:
    """One scope.

    Args:
        key: its stable name.
        label: what it allows.
        permissions: codes of the actions it may call.
        includes: the scope that comes with it.
        people: it sees of people what all staff see: names, last digits of phones, masks.
        money: it sees amounts and how they were paid.
        money_of: further kinds of row whose amounts it sees.
    """

    key: str
    label: Promise
    permissions: tuple[str, ...] = ()
    includes: str = ""
    people: bool = False
    money: bool = False
    money_of: tuple[str, ...] = ()


PORTFOLIO_READ = Scope("portfolio:read", _("读取项目、楼栋和房源"))
PORTFOLIO_WRITE = Scope(
    "portfolio:write",
    _("登记房源、修改资料和房态"),
    ("portfolio.place.register", "portfolio.unit.change", "portfolio.unit.set_state"),
    includes="portfolio:read",
)
TENANTS_READ = Scope("tenants:read", _("读取租客姓名和脱敏的联系方式"), people=True)
TENANTS_WRITE = Scope(
    "tenants:write",
    _("登记租客、变更联系方式"),
    ("tenants.person.register", "tenants.contact.change"),
    includes="tenants:read",
)
LEASES_READ = Scope("leases:read", _("读取合同与租金条款"), money_of=("lease",))
LEASES_WRITE = Scope(
    "leases:write",
    _("起草、生效、变更和结束合同"),
    (
        "leases.lease.draft",
        "leases.lease.activate",
        "leases.lease.import",
        "leases.lease.amend",
        "leases.lease.end",
        "leases.lease.cancel",
    ),
    includes="leases:read",
)
BILLING_READ = Scope(
    "billing:read", _("读取账单、费用、收款和欠款"), ("billing.view", "billing.payments.view"), money=True
)
BILLING_WRITE = Scope(
    "billing:write",
    _("新增和冲正费用、登记收款"),
    ("billing.charge.issue", "billing.charge.reverse", "billing.payment.record"),
    includes="billing:read",
)
SWEEPS_READ = Scope("sweeps:read", _("查询自动任务会怎么决定、为什么"))
SWEEPS_RUN = Scope("sweeps:run", _("运行自动任务"), ("sweeps.run",), includes="sweeps:read")
POLICIES_READ = Scope("policies:read", _("读取现行配置"), ("policies.version.view",))

SCOPES = {
    s.key: s
    for s in (
        *(PORTFOLIO_READ, PORTFOLIO_WRITE, TENANTS_READ, TENANTS_WRITE, LEASES_READ, LEASES_WRITE),
        *(BILLING_READ, BILLING_WRITE, SWEEPS_READ, SWEEPS_RUN, POLICIES_READ),
    )
}


def with_included(keys: Iterable[str]) -> list[Scope]:
    """The scopes of those keys and what comes with them; keys nobody knows any more give nothing."""
    held = {key: SCOPES[key] for key in keys if key in SCOPES}
    held |= {s.includes: SCOPES[s.includes] for s in held.values() if s.includes}
    return list(held.values())


def rights(keys: Iterable[str]) -> frozenset[str]:
    """Scopes as ``ApiRights`` reads them: permission codes, fields as ``entity.field``, and the scopes themselves."""
    held = with_included(keys)
    found = {s.key for s in held} | {code for s in held for code in s.permissions}
    if any(s.people for s in held):
        found |= _people_fields()
    rows = {row for s in held for row in (*s.money_of, *(MONEY_ROWS if s.money else ()))}
    found |= {
        f"{e.key}.{f.name}"
        for e in all_entities()
        if e.key in rows
        for f in e.fields.values()
        if f.sensitivity == "payment"
    }
    return frozenset(found)


def _people_fields() -> set[str]:
    """What every member of staff sees of people."""
    return {
        f"{e.key}.{f.name}"
        for e in all_entities()
        for f in e.fields.values()
        if f.sensitivity in ("name", "contact") and f.default_roles == EVERYBODY
    }
