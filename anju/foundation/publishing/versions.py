"""Reading versions and releases: what is in force, what is scheduled, what is being written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from anju.foundation.db import clock
from anju.foundation.policy.models import PolicyCallOff, PolicyRelease, PolicyVersion
from anju.foundation.policy.registry import Declared, PolicyModel, all_declared, declared, is_of_family
from anju.foundation.policy.store import ORG
from anju.foundation.publishing import refusals
from anju.foundation.publishing.diff import Change, diff
from anju.foundation.publishing.models import PolicyReview
from anju.kit.refusal import NOT_FOUND

OPEN = (PolicyVersion.State.DRAFT, PolicyVersion.State.SUBMITTED)


def policy_of(key: str) -> Declared:
    """The declared policy, refused as not found if there is none. One of the organization's own bears its own name."""
    try:
        found = declared(key)
    except KeyError:
        raise NOT_FOUND() from None
    return next(iter(_named([key])), found) if is_of_family(key) else found


def version(version_id: int) -> PolicyVersion:
    """One version, refused as not found outside the organization."""
    found = PolicyVersion.objects.filter(id=version_id).first()
    if found is None:
        raise NOT_FOUND()
    return found


def releases(key: str, scope: str = ORG) -> list[PolicyRelease]:
    """Releases that count, newest first, scheduled ones included."""
    called_off = PolicyCallOff.objects.values("release_id")
    return list(
        PolicyRelease.objects.filter(key=key, scope=scope)
        .exclude(id__in=called_off)
        .select_related("version")
        .order_by("-effective_from")
    )


@dataclass(frozen=True)
class Standing:
    """Where a policy stands in one scope. ``scheduled`` is soonest first."""

    policy: Declared
    scope: str
    in_force: PolicyRelease | None
    scheduled: tuple[PolicyRelease, ...]
    open: PolicyVersion | None

    @property
    def newest(self) -> PolicyRelease | None:
        """The last release, in force or scheduled: what a draft is based on."""
        return self.scheduled[-1] if self.scheduled else self.in_force


def standing(key: str, scope: str = ORG) -> Standing:
    """Where one policy stands now."""
    known, now = releases(key, scope), clock.now()
    past = [r for r in known if r.effective_from <= now]
    ahead = tuple(reversed([r for r in known if r.effective_from > now]))
    open_ = PolicyVersion.objects.filter(key=key, scope=scope, state__in=OPEN).first()
    return Standing(policy_of(key), scope, past[0] if past else None, ahead, open_)


def all_standing() -> list[Standing]:
    """Every declared policy and where it stands, in three queries."""
    called_off = PolicyCallOff.objects.values("release_id")
    by_key: dict[str, list[PolicyRelease]] = {}
    rows = PolicyRelease.objects.filter(scope=ORG).exclude(id__in=called_off).select_related("version")
    for release in rows.order_by("-effective_from"):
        by_key.setdefault(release.key, []).append(release)
    open_ = {v.key: v for v in PolicyVersion.objects.filter(scope=ORG, state__in=OPEN)}
    now, found = clock.now(), []
    for d in (*all_declared(), *_made_here({*by_key, *open_})):
        known = by_key.get(d.key, [])
        past = next((r for r in known if r.effective_from <= now), None)
        ahead = tuple(reversed([r for r in known if r.effective_from > now]))
        found.append(Standing(d, ORG, past, ahead, open_.get(d.key)))
    return found


def _made_here(keys: set[str]) -> list[Declared]:
    """The policies among these keys that the organization made itself."""
    return _named(sorted(key for key in keys if is_of_family(key)))


def _named(keys: list[str]) -> list[Declared]:
    """Policies of the organization's own, called as their newest text says."""
    found = []
    for kept in PolicyVersion.objects.filter(key__in=keys).order_by("key", "-number").distinct("key"):
        policy = declared(kept.key)
        name = policy.load(kept.body, kept.schema).title()
        found.append(replace(policy, zh=name, en=name) if name else policy)
    return found


def value_of(kept: PolicyVersion) -> PolicyModel:
    """A version's value as today's code reads it; refused if it no longer fits."""
    try:
        return policy_of(kept.key).load(kept.body, kept.schema)
    except (ValidationError, ValueError, KeyError):
        raise refusals.UNREADABLE(number=kept.number) from None


def body_of(kept: PolicyVersion | None, key: str) -> dict[str, Any]:
    """A version's body in today's schema; the standard template where there is no version."""
    value = value_of(kept) if kept is not None else policy_of(key).model()
    return value.model_dump(mode="json")


def base_of(draft: PolicyVersion) -> PolicyVersion | None:
    """The version a draft was begun from."""
    return PolicyVersion.objects.filter(id=draft.based_on).first() if draft.based_on else None


def changes(draft: PolicyVersion) -> list[Change]:
    """How a version differs from the one it was begun from."""
    return diff(policy_of(draft.key).model, body_of(base_of(draft), draft.key), body_of(draft, draft.key))


def authors(kept: PolicyVersion) -> set[str]:
    """Everybody who wrote in it (as ``staff:7``)."""
    return {kept.author, *(e["by"] for e in kept.edits)}


def sent_back(draft: PolicyVersion) -> PolicyReview | None:
    """The word that sent this draft's text back from review, if that is how it came to be."""
    before = PolicyVersion.objects.filter(key=draft.key, scope=draft.scope, number=draft.number - 1, state="withdrawn")
    said = PolicyReview.objects.filter(version__in=before, verdict=PolicyReview.Verdict.REJECTED)
    return said.order_by("-id").first()


def words_on(versions: list[PolicyVersion]) -> dict[int, list[PolicyReview]]:
    """What reviewers said about several versions, by version."""
    found: dict[int, list[PolicyReview]] = {}
    for said in PolicyReview.objects.filter(version__in=[v.id for v in versions]).order_by("id"):
        found.setdefault(said.version_id, []).append(said)
    return found


def history(key: str, scope: str = ORG, limit: int = 100) -> list[PolicyVersion]:
    """Versions, newest first."""
    return list(PolicyVersion.objects.filter(key=key, scope=scope).order_by("-number")[:limit])
