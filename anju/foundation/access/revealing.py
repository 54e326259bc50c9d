"""Showing one sensitive value to one person, for a reason, on record: the core of actions such as ``person.reveal``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.utils.translation import gettext_lazy

from anju.foundation.access.show import may_see
from anju.kit import Actor
from anju.kit.refusal import NOT_ALLOWED, sentence

REASONS = {
    "contact": gettext_lazy("联系租客"),
    "verify": gettext_lazy("核对身份"),
    "payment": gettext_lazy("核对收付款"),
    "repair": gettext_lazy("上门维修"),
    "dispute": gettext_lazy("处理纠纷"),
    "request": gettext_lazy("本人要求"),
}

NO_REASON = sentence(
    "access.reveal_needs_a_reason",
    "请选择查看原因：每次查看都会记录，租客本人可以看到。",
    "Choose a reason: every look is recorded and the tenant can see it.",
)


class Traces(Protocol):
    """A running action, as this floor sees it."""

    by: Actor

    def trace(self, kind: str, id: int, /, **body: Any) -> None: ...


def check_reveal(by: Actor, entity: str, field: str, reason: str) -> None:
    """Refuse unless the actor may see the field and gave a known reason.

    Raises:
        Refused: ``not_allowed``, ``access.reveal_needs_a_reason``.
    """
    if not may_see(by, entity, field):
        raise NOT_ALLOWED(permission=f"{entity}.{field}")
    if reason not in REASONS:
        raise NO_REASON()


def reveal(act: Traces, entity: str, id: int, field: str, reason: str, read: Callable[[], str]) -> str:
    """Show a value and write down who looked at what and why; never the value.

    Args:
        act: the running action.
        entity: the kind of row.
        id: the row's id; its timeline shows the look.
        field: which field.
        reason: a key of ``REASONS``.
        read: decrypts the value; called after the checks.
    """
    check_reveal(act.by, entity, field, reason)
    value = read()
    act.trace(entity, id, field=field, reason=reason)
    return value
