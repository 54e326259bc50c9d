"""Data at scale, for measuring: places, people, leases, bills and payments of an organization of its own, set-based.

Project after project in a transaction each, so that memory stays the same at any size and a load that was killed goes
on where it stood. Charges are those the real sweeps make for the same leases: they come from the sweep's own plan. What
only a lived history has (messages, decisions of runs, traces of single payments) is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from anju.domain.billing.policies import Billing
from anju.domain.billing.sweep import BILLING
from anju.domain.leases.actions import activate_many
from anju.domain.leases.new import NewLease
from anju.domain.portfolio.actions import register_places
from anju.domain.portfolio.models import Project
from anju.domain.tenants.actions import register_people
from anju.foundation.access import permission
from anju.foundation.actions import Act, action
from anju.foundation.db import SqlFile, clock, fetch_one, org_scope
from anju.foundation.db.statistics import refresh_statistics, unhurried_commits
from anju.foundation.identity.models import Organization
from anju.foundation.policy.store import in_force
from anju.foundation.staffing.actions import add_staff, create_organization
from anju.kit import Actor
from anju.surface.demo.company import PASSWORD
from anju.surface.demo.world.scale import HISTORY_DAYS, Block, blocks, code

SYSTEM = Actor.system()
TODAY = date(2026, 11, 22)
LOAD = permission("demo.load", zh="装入测试数据", en="Load data for measuring", roles=())
BILLS, PAYMENTS = SqlFile(__file__, "sql/bills.sql"), SqlFile(__file__, "sql/payments.sql")
ANALYZE_AFTER = (0, 1, 3, 7, 15, 31, 63, 127, 255)  # projects
UNBILLED = "SELECT min(lease_id) AS lo, max(lease_id) AS hi FROM billing_backlog"
# A project whose tenants have paid anything has been here before.
UNPAID = """
SELECT min(l.id) AS lo, max(l.id) AS hi FROM lease l JOIN project p ON p.id = l.scope_id
WHERE p.code = %(code)s AND NOT EXISTS (
    SELECT FROM payment q JOIN lease x ON x.id = q.lease_id WHERE x.scope_id = p.id)
"""
Progress = Callable[[int, int, str], None]


class Loaded(NamedTuple):
    """The organization that holds the data, and how to get in."""

    org_id: int
    login: str
    password: str


def load(*, units: int, seed: int, progress: Progress) -> Loaded:
    """Load ``units`` rooms, about 93 of 100 of them let.

    The same numbers find the same organization: what is there already stays as it is.

    Args:
        units: 1 to 1,000,000.
        seed: makes it repeatable.
        progress: called with (rooms done, rooms in all, what).
    """
    org_id, rooms = found(units, seed), 0
    with unhurried_commits():
        for n, block in enumerate(blocks(units, seed, TODAY)):
            steps = (load_leases, load_bills, load_payments)
            for step in steps:
                with org_scope(org_id):
                    step(SYSTEM, block=block, seed=seed)
                # While tables are small, what the planner believes of them is soon wrong.
                if n in ANALYZE_AFTER:
                    refresh_statistics()
            rooms += len(block.places)
            progress(rooms, units, block.places[0].project)
        refresh_statistics()
    return Loaded(org_id, login_of(units, seed), PASSWORD)


def login_of(units: int, seed: int) -> str:
    """The administrator of a loaded organization."""
    return f"scale-{units}-{seed}"


def found(units: int, seed: int) -> int:
    """The organization for so many rooms of that seed, with its administrator; made if not there."""
    name = f"规模测试 {units} 间（种子 {seed}）"
    org = Organization.objects.filter(name=name, drill=True).first()
    if org is None:
        opened = datetime.combine(TODAY - timedelta(days=HISTORY_DAYS + 30), time(0, 30), clock.SHANGHAI)
        org = create_organization(name=name, short_name="规模测试", sms_signature="安居公寓", drill=True, starts=opened)
        with org_scope(org.id):
            clock.move_to(datetime.combine(TODAY, time(10), clock.SHANGHAI))
            add_staff(
                SYSTEM, login=f"scale-{units}-{seed}", name="测试管理员", roles=("admin", "manager"), password=PASSWORD
            )
    return org.id


@action("demo.leases.load", needs=LOAD)
def load_leases(act: Act, *, block: Block, seed: int) -> None:
    """One project's places, people and leases, by the slices' own bulk actions."""
    if Project.objects.filter(code=code(block.n)).exists():
        act.nothing_changed()
        return
    places = register_places(act.by, rows=block.places)
    people = register_people(act.by, rows=block.people)
    unit_of = {place.unit: unit_id for place, unit_id in zip(block.places, places.unit_ids, strict=True)}
    leases = [_lease(block, n, person_id, unit_of) for n, person_id in enumerate(people.person_ids)]
    made = activate_many(act.by, leases=leases)
    act.trace("demo_block", block.n, units=places.new, leases=len(made.new_ids))


@action("demo.bills.load", needs=LOAD)
def load_bills(act: Act, *, block: Block, seed: int) -> None:
    """The bills of leases that wait for their first one, up to what a sweep today would have made."""
    span = fetch_one(UNBILLED)
    if span is None or span["lo"] is None:
        act.nothing_changed()
        return
    today = clock.today()
    params = {**BILLING.parameters(BILLING.pin(today), today, catch_up=False), **span}
    lead = in_force(Billing, today).value.issue_days_before_due
    made = fetch_one(str(BILLS).format(plan=BILLING.plan), {**params, "lead": lead}) or {}
    act.trace("demo_block", block.n, **made)


@action("demo.payments.load", needs=LOAD)
def load_payments(act: Act, *, block: Block, seed: int) -> None:
    """What the project's tenants paid so far."""
    span = fetch_one(UNPAID, {"code": code(block.n)})
    if span is None or span["lo"] is None:
        act.nothing_changed()
        return
    paid = fetch_one(PAYMENTS, {**span, "seed": seed, "today": clock.today()}) or {}
    act.trace("demo_block", block.n, **paid)


def _lease(block: Block, index: int, person_id: int | None, unit_of: dict[str, int | None]) -> NewLease:
    stay = block.stays[index]
    unit_id = unit_of[stay.unit]
    assert person_id is not None, "invented people are complete"
    assert unit_id is not None, "invented places are complete"
    return NewLease(
        payer_id=person_id, unit_ids=(unit_id,), terms=stay.terms, number=block.number(index), signed_on=stay.signed_on
    )
