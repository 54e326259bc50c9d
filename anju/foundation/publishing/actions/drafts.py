"""Writing a draft until it may be reviewed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from anju.foundation.access.check import require
from anju.foundation.actions import Act, action
from anju.foundation.db import clock, run_sql, scoped_org
from anju.foundation.policy import Finding
from anju.foundation.policy.models import PolicyVersion
from anju.foundation.policy.store import ORG, body_sha256
from anju.foundation.publishing import lint as remarks
from anju.foundation.publishing import refusals
from anju.foundation.publishing.diff import diff
from anju.foundation.publishing.forms import valid
from anju.foundation.publishing.merge import merge
from anju.foundation.publishing.permissions import VIEW, to_edit
from anju.foundation.publishing.simulation import simulate
from anju.foundation.publishing.versions import base_of, body_of, changes, policy_of, standing, value_of, version
from anju.foundation.publishing.words import title_of
from anju.kit import Actor
from anju.kit.refusal import CHANGED

EDITS_KEPT = 100
SHORTEST_REASON = 5
# Areas ask for different rights, so every action asks for VIEW and its check for the area's own.


def locked(key: str) -> None:
    """Only one step of a policy's lifecycle at a time in an organization."""
    run_sql(
        "SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, %(org)s))",
        {"name": f"policy:{key}", "org": scoped_org()},
    )


def may_edit(by: Actor, key: str) -> None:
    """Refuse who may not edit policies of this one's area."""
    require(by, to_edit(policy_of(key).area))


def can_start(by: Actor, *, key: str, scope: str = ORG, from_version: int | None = None) -> None:
    """One unpublished version per policy, written by somebody who may edit it."""
    may_edit(by, key)
    open_ = standing(key, scope).open
    if open_ is not None:
        raise refusals.ALREADY_OPEN(number=open_.number)


@action("policies.draft.start", needs=VIEW, check=can_start)
def start_draft(act: Act, *, key: str, scope: str = ORG, from_version: int | None = None) -> PolicyVersion:
    """Begin a draft of a policy from what is in force (or will be last, if releases are scheduled).

    Args:
        key: the policy.
        scope: the organization, or a narrower one (``project:12``).
        from_version: take the text of this version instead (a rejected one, an old one).

    Refused while another version of it is not released yet.
    """
    locked(key)
    can_start(act.by, key=key, scope=scope)
    newest = standing(key, scope).newest or standing(key).newest
    base = newest.version if newest else None
    body = body_of(version(from_version) if from_version else base, key)
    draft = new_draft(act.by, key, scope, body, base.id if base else None)
    act.trace(
        "policy_version", draft.id, version_id=draft.id, key=key, number=draft.number, based_on=draft.based_on,
        copied_from=from_version,
    )  # fmt: skip
    return draft


def new_draft(by: Actor, key: str, scope: str, body: dict[str, Any], based_on: int | None) -> PolicyVersion:
    """A draft row with the policy's next number."""
    last = PolicyVersion.objects.filter(key=key).order_by("-number").values_list("number", flat=True).first()
    wall = clock.wall()
    return PolicyVersion.objects.create(
        key=key,
        scope=scope,
        number=(last or 0) + 1,
        schema=policy_of(key).schema,
        body=body,
        sha256=body_sha256(body),
        author=str(by),
        based_on=based_on,
        created_at=wall,
        updated_at=wall,
    )


def can_change(by: Actor, *, version_id: int, **_: Any) -> None:
    """Only a draft changes, by somebody who may edit the policy."""
    draft = version(version_id)
    may_edit(by, draft.key)
    if draft.state != PolicyVersion.State.DRAFT:
        raise refusals.NOT_A_DRAFT(number=draft.number)


def open_draft(by: Actor, version_id: int, rev: int | None = None) -> PolicyVersion:
    """The draft, locked; refused with what changed if it is no longer at ``rev``."""
    locked(version(version_id).key)
    can_change(by, version_id=version_id)
    draft = version(version_id)
    if rev is not None and draft.rev != rev:
        model = policy_of(draft.key).model
        paths = [p for e in draft.edits if e["rev"] > rev for p in e["paths"]]
        titles = dict.fromkeys(title_of(model, p, draft.body) for p in paths)
        raise CHANGED(changes="、".join(titles) or f"v{draft.number}")
    return draft


@action("policies.draft.save", needs=VIEW, check=can_change)
def save_draft(
    act: Act,
    *,
    version_id: int,
    rev: int,
    body: dict[str, Any],
    effective_from: datetime | None = None,
    note: str = "",
) -> PolicyVersion:
    """Save a draft's whole text.

    Args:
        version_id: the draft.
        rev: the revision the editor started from; if somebody saved meanwhile, this is refused with what changed.
        body: every field, as read from the form.
        effective_from: the moment asked for, zone-aware; none is as soon as it is approved.
        note: what changes and why, for the reviewer.
    """
    draft = open_draft(act.by, version_id, rev)
    policy = policy_of(draft.key)
    try:
        new = valid(policy.model, body)
    except ValidationError as fault:
        raise refusals.INVALID(count=fault.error_count()) from None
    paths = [c.path for c in diff(policy.model, body_of(draft, draft.key), new)]
    if not paths and (effective_from, note) == (draft.effective_from, draft.note):
        act.nothing_changed()
        return draft
    draft.body, draft.sha256, draft.schema = new, body_sha256(new), policy.schema
    draft.effective_from, draft.note = effective_from, note
    _saved(act, draft, paths)
    return draft


def _saved(act: Act, draft: PolicyVersion, paths: list[str], suffix: str = "") -> None:
    draft.rev += 1
    draft.updated_at = clock.wall()
    edit = {"rev": draft.rev, "by": str(act.by), "at": draft.updated_at.isoformat(), "paths": paths}
    draft.edits = [*draft.edits, edit][-EDITS_KEPT:]
    draft.save()
    act.trace(
        "policy_version", draft.id, version_id=draft.id, suffix=suffix, key=draft.key, rev=draft.rev, paths=paths,
        sha256=draft.sha256,
    )  # fmt: skip


@action("policies.draft.rebase", needs=VIEW, check=can_change)
def rebase(act: Act, *, version_id: int, rev: int) -> PolicyVersion:
    """Take into a draft what was released since it was begun; where both changed a field, the draft's stays."""
    draft = open_draft(act.by, version_id, rev)
    newest = standing(draft.key, draft.scope).newest
    if newest is None or newest.version_id == draft.based_on:
        act.nothing_changed()
        return draft
    old, mine = body_of(base_of(draft), draft.key), body_of(draft, draft.key)
    merged = merge(old, mine, body_of(newest.version, draft.key))
    policy = policy_of(draft.key)
    try:
        draft.body = valid(policy.model, merged)
    except ValidationError:  # fields that only fit together: the draft stays as it was written
        draft.body = mine
    draft.sha256, draft.schema, draft.based_on = body_sha256(draft.body), policy.schema, newest.version_id
    _saved(act, draft, [c.path for c in diff(policy.model, mine, draft.body)])
    return draft


@action("policies.draft.keep_finding", needs=VIEW, check=can_change)
def keep_finding(act: Act, *, version_id: int, code: str, path: str, reason: str) -> PolicyVersion:
    """Keep one's text against a warning of lint, with a written reason that the reviewer reads. Errors stay errors."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise refusals.REASON_TOO_SHORT()
    draft = open_draft(act.by, version_id)
    found = next((f for f in findings(draft) if (f.code, f.path) == (code, path)), None)
    if found is None or found.severity == "error":
        raise refusals.NO_SUCH_FINDING()
    draft.overrides = {**draft.overrides, remarks.place(found): reason.strip()}
    _saved(act, draft, [])
    return draft


def findings(draft: PolicyVersion) -> list[Finding]:
    """What lint says about a version against the one it was begun from."""
    base = base_of(draft)
    current = value_of(base) if base else policy_of(draft.key).model()
    return remarks.lint(draft.key, current, value_of(draft))


@action("policies.draft.discard", needs=VIEW, check=can_change)
def discard(act: Act, *, version_id: int) -> PolicyVersion:
    """Give a draft up. Its row stays, withdrawn."""
    draft = open_draft(act.by, version_id)
    draft.state = PolicyVersion.State.WITHDRAWN
    draft.save()
    act.trace("policy_version", draft.id, version_id=draft.id, key=draft.key, number=draft.number)
    return draft


@action("policies.draft.simulate", needs=VIEW, check=can_change)
def simulate_draft(act: Act, *, version_id: int) -> PolicyVersion:
    """Play a draft against today's data, next to what is in force, and keep the result with this exact text's hash."""
    draft = open_draft(act.by, version_id)
    base = standing(draft.key, draft.scope).in_force
    current = value_of(base.version) if base else policy_of(draft.key).model()
    result = simulate(draft.key, current, value_of(draft), clock.today())
    draft.simulation = {**result.stored(), "against": base.version_id if base else None}
    draft.simulated_sha256, draft.simulated_at = draft.sha256, clock.now()
    draft.save(update_fields=["simulation", "simulated_sha256", "simulated_at"])
    act.trace(
        "policy_version", draft.id, version_id=draft.id, key=draft.key, sha256=draft.sha256, changed=result.changed,
        counted=result.counted,
    )  # fmt: skip
    return draft


def can_submit(by: Actor, *, version_id: int) -> None:
    """A draft that changes something, without errors, whose exact text was simulated."""
    can_change(by, version_id=version_id)
    draft = version(version_id)
    if not changes(draft):
        raise refusals.UNCHANGED()
    check_text(draft)
    if draft.simulated_sha256 != draft.sha256:
        raise refusals.NOT_SIMULATED()
    check_base(draft)


def check_text(draft: PolicyVersion) -> None:
    """Refuse errors of lint, and warnings that were neither settled nor kept with a reason."""
    found = findings(draft)
    errors = [f for f in found if f.severity == "error"]
    if errors:
        raise refusals.LINT_ERROR(count=len(errors), first=errors[0].zh)
    open_ = [f for f in found if remarks.place(f) not in draft.overrides]
    if open_:
        raise refusals.NEEDS_REASON(count=len(open_))


def check_base(draft: PolicyVersion) -> None:
    """Refuse a draft begun from something that is no longer the newest release."""
    newest = standing(draft.key, draft.scope).newest
    if newest is not None and newest.version_id != draft.based_on:
        raise refusals.OUTDATED(number=newest.version.number)


@action("policies.draft.submit", needs=VIEW, check=can_submit)
def submit(act: Act, *, version_id: int) -> PolicyVersion:
    """Hand a draft to the reviewers; from here its text is fixed.

    Refused without a passed simulation of this exact text, with open remarks of lint, or on an outdated base.
    """
    locked(version(version_id).key)
    can_submit(act.by, version_id=version_id)
    draft = version(version_id)
    draft.state, draft.submitted_at = PolicyVersion.State.SUBMITTED, clock.now()
    draft.save()
    act.trace(
        "policy_version", draft.id, version_id=draft.id, key=draft.key, number=draft.number, sha256=draft.sha256,
        kept=sorted(draft.overrides),
    )  # fmt: skip
    return draft
