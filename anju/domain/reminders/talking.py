"""What a call must bring, whatever the operator's flow says besides: one call at a time, each conversation kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from anju.domain.reminders.call_actions import dedupe_of
from anju.domain.reminders.call_flow import ARREARS, NAME, NO_ANSWER, PROMISED, WRONG_NUMBER
from anju.foundation.db import clock
from anju.foundation.flows.actions import note
from anju.foundation.flows.definition import Flow
from anju.foundation.flows.effects import Done, on_step
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.refusals import FIELD_MISSING, FIELD_WRONG, OPEN_ALREADY

CALL_BACK = "约定回拨"
UNREACHED = (NO_ANSWER, WRONG_NUMBER)


@on_step(NAME)
def one_at_a_time(done: Done) -> None:
    """A call begun by hand is the only open one about its matter, as one begun by the sweep is."""
    case = done.case
    if done.step or done.before or case.dedupe is not None or case.subject_kind != "lease":
        return
    case.dedupe = dedupe_of(str(case.facts.get("about", ARREARS)), case.subject_id)
    try:
        with transaction.atomic():
            case.save(update_fields=["dedupe"])
    except IntegrityError:
        known = FlowCase.objects.filter(flow=NAME, dedupe=case.dedupe, closed_at__isnull=True).first()
        raise OPEN_ALREADY(number=known.number if known else "…") from None


@on_step(NAME)
def keep_conversation(done: Done) -> None:
    """Outcome, promise and note of every attempt stay readable; a promise has a day, no answer is no conversation."""
    outcome = done.facts.get("outcome") or (CALL_BACK if done.facts.get("call_on") else "")
    if not outcome:
        return
    promised = _promise(done.flow, done.facts, outcome)
    if (done.case.stage == "missed") != (outcome in UNREACHED):
        raise FIELD_WRONG(field=_word(done.flow, "outcome"), why=_("和“打通了”或“没打通”对不上"))
    case, by = done.case, str(done.act.by)
    said = {"at": clock.now().isoformat(), "by": by, "outcome": outcome, "note": done.facts.get("note", "")}
    facts = {**case.facts, "talks": [*case.facts.get("talks", []), {**said, "promised_on": promised}]}
    case.facts = facts if promised else {k: v for k, v in facts.items() if k != "promised_on"}
    case.save(update_fields=["facts"])
    note(done.act, case, suffix="talk", outcome=outcome, promised_on=promised or "")


def _promise(flow: Flow, given: dict[str, Any], outcome: str) -> str | None:
    day = given.get("promised_on")
    if outcome != PROMISED:
        return None
    if not day:
        raise FIELD_MISSING(field=_word(flow, "promised_on"))
    try:
        early = date.fromisoformat(str(day)) < clock.today()
    except ValueError:  # an operator made another kind of field of it
        raise FIELD_WRONG(field=_word(flow, "promised_on"), why=_("要填日期")) from None
    if early:
        raise FIELD_WRONG(field=_word(flow, "promised_on"), why=_("不能早于今天"))
    return str(day)


def _word(flow: Flow, key: str) -> str:
    found = flow.field(key)
    return found.word if found else key
