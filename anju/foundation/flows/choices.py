"""What the form of a flow offers: stages and fields of the text itself, facts, effects, roles, subjects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anju.foundation.access.rights import in_force_access
from anju.foundation.flows import definition
from anju.foundation.flows.effects import all_effects
from anju.foundation.flows.facts import all_facts
from anju.foundation.flows.subjects import all_subjects
from anju.foundation.policy.registry import choices_source

OWN_FIELD = "field:"


def word(zh: str, en: str) -> str:
    """The word in the reader's language."""
    return en if en and (get_language() or "").startswith("en") else zh


def parts(body: dict[str, Any], name: str) -> dict[str, str]:
    """The keyed parts of a text being edited; half-typed ones are left out."""
    listed = body.get(name) or []
    return {str(p["key"]): word(str(p.get("zh") or p["key"]), str(p.get("en") or "")) for p in listed if p.get("key")}


def roles() -> dict[str, str]:
    """Every role of the organization."""
    return {r.key: word(r.zh, r.en) for r in in_force_access().roles}


@choices_source(definition.STAGES)
def stages(body: dict[str, Any]) -> dict[str, str]:
    """The stages of the text."""
    return parts(body, "stages")


@choices_source("flow.steps")
def steps(body: dict[str, Any]) -> dict[str, str]:
    """The transitions of the text, or none."""
    return {"": _("不自动执行"), **parts(body, "transitions")}


@choices_source(definition.FIELDS)
def fields(body: dict[str, Any]) -> dict[str, str]:
    """The fields of the text."""
    return parts(body, "fields")


@choices_source("flow.teams")
def teams(body: dict[str, Any]) -> dict[str, str]:
    """A role, or nobody in particular."""
    return {"": _("不指定"), **roles()}


@choices_source("flow.teams_any")
def some_teams(body: dict[str, Any]) -> dict[str, str]:
    """Roles."""
    return roles()


@choices_source(definition.ACTORS)
def actors(body: dict[str, Any]) -> dict[str, str]:
    """Roles, and those whom the case itself names."""
    return {**{key: _(zh) for key, zh in definition.SPECIAL.items()}, **roles()}


@choices_source(definition.FACTS)
def facts(body: dict[str, Any]) -> dict[str, str]:
    """Declared facts of the subject and of any case, and the text's own fields."""
    subject = str(body.get("subject") or "")
    declared = {f.key: word(f.zh, f.en) for f in all_facts() if f.subject in ("", subject)}
    return {**declared, **{f"{OWN_FIELD}{key}": zh for key, zh in parts(body, "fields").items()}}


@choices_source(definition.EFFECTS)
def effects(body: dict[str, Any]) -> dict[str, str]:
    """Declared effects that fit the subject."""
    subject = str(body.get("subject") or "")
    return {e.key: word(e.zh, e.en) for e in all_effects() if e.subject in ("", subject)}


@choices_source("flow.subjects")
def subjects(body: dict[str, Any]) -> dict[str, str]:
    """What a case may be about."""
    return {"": _("不关联"), **{s.key: word(s.zh, s.en) for s in all_subjects()}}
