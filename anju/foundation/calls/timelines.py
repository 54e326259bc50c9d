"""Calls on the timelines of their case and of the tenant who was called."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from anju.foundation.access.timelines import Moment, moments
from anju.foundation.calls.queries import calls_of_case, calls_of_person
from anju.foundation.flows.permissions import VIEW


def how_it_went(call: dict[str, Any]) -> str:
    """通话 62 秒, 没有接通…"""
    if call["result"] == "connected":
        return _("通话 {n} 秒").format(n=call["seconds"])
    return {"calling": _("正在呼叫"), "blocked": _("被服务商拦截")}.get(call["result"], _("没有接通"))


def told_on_case(call: dict[str, Any]) -> str:
    """A call as one sentence: who called whom, and how it went."""
    name = call["staff"] or _("已离职同事")
    text = _("{who} 通过隐私号联系了租客") if call["by_staff"] else _("租客通过隐私号联系了 {who}")
    return _("，").join((text.format(who=name), how_it_went(call)))


def _moment(call: dict[str, Any]) -> Moment:
    tone = "" if call["result"] == "connected" else "warn"
    return Moment(call["at"], "phone", told_on_case(call), tone=tone, about="message")


@moments("flow_case", about="message", needs=VIEW)
def of_case(request: Any, case_id: int, limit: int) -> list[Moment]:
    """The calls about a case."""
    return [_moment(call) for call in calls_of_case(case_id, limit=limit)]


@moments("person", about="message", needs=VIEW)
def of_person(request: Any, person_id: int, limit: int) -> list[Moment]:
    """The calls with a tenant."""
    return [_moment(call) for call in calls_of_person(person_id, limit=limit)]
