"""Reading configuration: all policies, one policy, its versions, two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anju.foundation.access import allows
from anju.foundation.access.pages import staff_page
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.registry import families
from anju.foundation.publishing import actions as publish
from anju.foundation.publishing.diff import diff
from anju.foundation.publishing.forms import tree
from anju.foundation.publishing.permissions import VIEW, to_edit
from anju.foundation.publishing.policies import AREAS
from anju.foundation.publishing.versions import (
    Standing,
    all_standing,
    body_of,
    history,
    policy_of,
    releases,
    standing,
    words_on,
)
from anju.foundation.ui import nav, render
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND
from anju.surface.console.policies.screen import Screen, area_title, names, title

nav.entry(
    "policies", gettext_lazy("配置"), icon="adjustments", url_name="console:policies", order=10, permission=VIEW,
    group=nav.SETUP,
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One policy in the list."""

    standing: Standing
    title: str
    writer: str
    waits_for_me: bool


@require_GET
@staff_page(needs=VIEW)
def policies(request: Any) -> HttpResponse:
    """Every policy by area: what is in force, what is being written, what waits for whom."""
    found = all_standing()
    wrote = names([s.open.author for s in found if s.open])
    lines = [
        Line(s, title(s.policy), wrote[s.open.author] if s.open else "", _waits(request, s.open) if s.open else False)
        for s in found
    ]
    order = list(AREAS)
    lines.sort(key=lambda line: (order.index(line.standing.policy.area), line.standing.policy.key))
    groups = [(area_title(a), list(g)) for a, g in groupby(lines, key=lambda line: line.standing.policy.area)]
    waiting = [line for line in lines if line.waits_for_me]
    own = [{"key": f.key, "title": title(f)} for f in families() if allows(request.actor, to_edit(f.area))]
    return render(request, "console/policies/list.html", {"groups": groups, "waiting": waiting, "own": own})


def _waits(request: Any, open_: PolicyVersion) -> bool:
    return publish.approve.refusal(request.actor, version_id=open_.id) is None


@require_GET
@staff_page(needs=VIEW)
def policy(request: HttpRequest, key: str) -> HttpResponse:
    """One policy: the draft with its consequence, the version under review, or what is in force."""
    screen = Screen(request, policy_of(key))
    template = "read" if screen.open is None else "edit" if screen.open.state == "draft" else "review"
    return render(request, f"console/policies/{template}.html", {"s": screen})


@require_GET
@staff_page(needs=VIEW)
def versions(request: HttpRequest, key: str) -> HttpResponse:
    """A policy's versions and releases, newest first."""
    declared = policy_of(key)
    listed, made = history(key), releases(key)
    by_version: dict[int, list[PolicyRelease]] = {}
    for release in made:
        by_version.setdefault(release.version_id, []).append(release)
    said = words_on(listed)
    spoke = [r.reviewer for words in said.values() for r in words]
    known = names([*(v.author for v in listed), *(r.reviewer for r in made), *spoke])
    stand = standing(key)
    context = {
        "title": title(declared),
        "key": key,
        "area": area_title(declared.area),
        "versions": [(v, by_version.get(v.id, []), _may_return(request, v)) for v in listed],
        "said": {i: [r for r in words if r.verdict != "approved" and r.reason] for i, words in said.items()},
        "names": known,
        "in_force": stand.in_force,
        "scheduled": [
            (r, publish.call_off.refusal(_by(request), release_id=r.id, reason="") is None) for r in stand.scheduled
        ],
    }
    return render(request, "console/policies/versions.html", context)


def _by(request: Any) -> Any:
    return request.actor


def _may_return(request: Any, version: PolicyVersion) -> bool:
    return (
        version.state == "released"
        and publish.roll_back.refusal(request.actor, version_id=version.id, reason="") is None
    )


@require_GET
@staff_page(needs=VIEW)
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Two versions side by side, field by field. ``?left=12&right=13``; ``all=1`` shows equal fields too."""
    declared = policy_of(key)
    listed = history(key)
    left, right = _numbered(listed, request.GET.get("left")), _numbered(listed, request.GET.get("right"))
    rows, unreadable = [], None
    try:
        old, new = body_of(left, key), body_of(right, key)
        rows = [(c.title, c.old, c.new, True) for c in diff(declared.model, old, new)]
        if request.GET.get("all"):
            rows = _side_by_side(declared.model, old, new)
    except Refused as refused:
        unreadable = refused.text()
    context = {
        "title": title(declared), "key": key, "area": area_title(declared.area), "versions": listed, "left": left,
        "right": right, "rows": rows, "all": bool(request.GET.get("all")), "unreadable": unreadable,
    }  # fmt: skip
    return render(request, "console/policies/compare.html", context, block="table")


def _numbered(listed: list[PolicyVersion], number: str | None) -> PolicyVersion:
    found = next((v for v in listed if str(v.number) == number), None)
    if found is None:
        raise NOT_FOUND()
    return found


def _side_by_side(
    model: Any, old: dict[str, Any], new: dict[str, Any]
) -> list[tuple[str, str | None, str | None, bool]]:
    """Every field of both, in the form's order."""
    from anju.foundation.publishing.words import title_of, words

    def leaves(body: dict[str, Any]) -> dict[str, tuple[str, str]]:
        found = {}
        for node in (n for top in tree(model, body) for n in top.walk()):
            if not node.children and node.kind not in ("group", "list", "map"):
                found[node.path] = (title_of(model, node.path, body), words(node.spec, _at(body, node.path)))
        return found

    a, b = leaves(old), leaves(new)
    paths = list(dict.fromkeys([*a, *b]))
    return [
        (
            (b.get(p) or a[p])[0],
            a[p][1] if p in a else None,
            b[p][1] if p in b else None,
            a.get(p, ("", None))[1] != b.get(p, ("", None))[1],
        )
        for p in paths
    ]


def _at(body: Any, path: str) -> Any:
    for part in path.split("."):
        body = body[int(part)] if isinstance(body, list) else body[part.replace("~", ".")]
    return body
