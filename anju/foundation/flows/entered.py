"""Reading what a person entered into a definition's fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from anju.foundation.flows.definition import CaseField, Flow
from anju.foundation.flows.refusals import FIELD_MISSING, FIELD_WRONG

LONGEST = {"text": 120, "long": 2000}
TOO_MUCH, TOO_LONG = 10**12, 20  # digits written out, behind the point


def read_fields(
    flow: Flow, required: Sequence[str], optional: Sequence[str], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of some fields, as JSON.

    Args:
        flow: whose fields.
        required: keys that must be filled in.
        optional: keys that may be.
        given: what was entered, by key; anything else in it is ignored.

    Raises:
        Refused: ``flow.field_missing``, ``flow.field_wrong``.
    """
    found: dict[str, Any] = {}
    for key in (*required, *optional):
        field = flow.field(key)
        if field is None:
            continue
        value = given.get(key)
        text = "" if value is None else str(value).strip()
        if not text or (field.kind == "yes" and text in ("", "false", "False")):
            if key in required and field.kind != "yes":
                raise FIELD_MISSING(field=field.word)
            if field.kind == "yes":
                found[key] = False
            continue
        found[key] = read_value(field, text)
    return found


def _number(field: CaseField, text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise FIELD_WRONG(field=field.word, why=_("要填数字")) from None
    # "NaN", "1e99" and "1e-9999" are numbers to Python, to nobody else.
    if not value.is_finite() or abs(value) >= TOO_MUCH or value.adjusted() < -TOO_LONG or len(text) > 2 * TOO_LONG:
        raise FIELD_WRONG(field=field.word, why=_("要填数字"))
    return f"{value:f}"


def read_value(field: CaseField, text: str) -> Any:
    """One value as JSON; refused with what is wrong."""
    match field.kind:
        case "number":
            return _number(field, text)
        case "date":
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise FIELD_WRONG(field=field.word, why=_("要填日期")) from None
        case "choice":
            if text not in field.choices:
                raise FIELD_WRONG(field=field.word, why=_("请从选项里选"))
            return text
        case "yes":
            return True
    if len(text) > LONGEST[field.kind]:
        raise FIELD_WRONG(field=field.word, why=_("最多 {n} 个字").format(n=LONGEST[field.kind]))
    return text
