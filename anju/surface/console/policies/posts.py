"""Writing configuration: autosave, simulation, review, release, rollback. Every step is one action of publishing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anju.foundation.access.pages import staff_page
from anju.foundation.db import clock
from anju.foundation.policy.models import PolicyVersion
from anju.foundation.policy.registry import is_of_family
from anju.foundation.publishing import actions as publish
from anju.foundation.publishing import lint
from anju.foundation.publishing.actions.drafts import findings
from anju.foundation.publishing.diff import diff
from anju.foundation.publishing.forms import edit_list, put, read
from anju.foundation.publishing.permissions import VIEW
from anju.foundation.publishing.simulation import simulate
from anju.foundation.publishing.versions import body_of, policy_of, standing, value_of, version
from anju.foundation.ui import render
from anju.foundation.ui.page import go_on, wants_fragment
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND
from anju.kit.refusal import sentence as refusal
from anju.surface.console.policies.screen import Screen, area_title, diff_groups, sentence, title

BAD_NAME = refusal(
    "policies.bad_name",
    "代号只能用小写字母、数字和下划线，以字母开头，最多 30 个字符，如 key_handover。",
    "The short name takes small letters, digits and underscores, begins with a letter, 30 at most: key_handover.",
)
REDRAW = ("_list", "_adopt", "_keep", "_redraw")


@require_POST
@staff_page(needs=VIEW)
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a draft, from what is in force or from an older version (``from``)."""
    chosen = request.POST.get("from", "")
    return _step(
        request,
        key,
        lambda: publish.start_draft(_by(request), key=key, from_version=int(chosen) if chosen.isdecimal() else None),
    )


@require_POST
@staff_page(needs=VIEW)
def begin_own(request: HttpRequest) -> HttpResponse:
    """Begin a policy of the operator's own: of which family, and its short name."""
    key = f"{request.POST.get('family', '')}.{request.POST.get('name', '').strip().lower()}"
    if not is_of_family(key):
        messages.error(request, sentence(BAD_NAME()))
        return redirect("console:policies")
    if standing(key).in_force or standing(key).open:
        return redirect("console:policy", key)
    return _step(request, key, lambda: publish.start_draft(_by(request), key=key))


@require_POST
@staff_page(needs=VIEW)
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Autosave and the form's own buttons. What cannot be saved yet comes back as typed, with its errors."""
    draft = _draft(key)
    saved = _save(request, draft)
    if saved is not None:
        return saved
    if any(name in request.POST for name in REDRAW):
        return _answer(request, key, "redrawn")
    return _answer(request, key, "saved")


def _save(request: HttpRequest, draft: PolicyVersion) -> HttpResponse | None:
    """Save what was posted; a response only if it could not be saved."""
    model = policy_of(draft.key).model
    got = read(model, dict(request.POST.lists()))
    body, errors, redraw = got.body, got.errors, any(name in request.POST for name in REDRAW)
    if command := request.POST.get("_list"):
        verb, _colon, path = command.partition(":")
        body, errors = edit_list(model, body, verb, path), {}
    if place := request.POST.get("_adopt"):
        found = next((f for f in findings(draft) if lint.place(f) == place), None)
        if found is not None:
            body, errors = put(model, body, found.path, found.suggest), {}
    if errors:
        return _answer(request, draft.key, "redrawn" if redraw else "saved", status=422, typed=body, errors=errors)
    try:
        publish.save_draft(
            _by(request), version_id=draft.id, rev=_number(request.POST.get("_rev")), body=body,
            effective_from=_moment(request.POST.get("_effective")), note=request.POST.get("_note", "").strip(),
        )  # fmt: skip
        if place := request.POST.get("_keep"):
            code, _colon, path = place.partition(":")
            reason = request.POST.get(f"_reason:{place}", "")
            publish.keep_finding(_by(request), version_id=draft.id, code=code, path=path, reason=reason)
    except Refused as refused:
        if refused.code == "policy.invalid" and redraw:  # a new item that is not filled in yet
            return _answer(request, draft.key, "redrawn", typed=body)
        return _answer(request, draft.key, "saved", status=422, typed=body, notice=sentence(refused))
    return None


@require_POST
@staff_page(needs=VIEW)
def simulate_now(request: HttpRequest, key: str) -> HttpResponse:
    """Save the form and play it against today's data."""
    draft = _draft(key)
    saved = _save(request, draft) if "_rev" in request.POST else None
    if saved is not None:
        return saved
    publish.simulate_draft(_by(request), version_id=draft.id)
    return _answer(request, key, "saved")


@require_POST
@staff_page(needs=VIEW)
def submit(request: HttpRequest, key: str) -> HttpResponse:
    """Save the form and hand it to the reviewers."""
    draft = _draft(key)
    saved = _save(request, draft) if "_rev" in request.POST else None
    if saved is not None:
        return saved
    return _step(
        request, key, lambda: publish.submit(_by(request), version_id=draft.id), _("已提交复核，等另一个人同意。")
    )


@require_POST
@staff_page(needs=VIEW)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Give the draft up."""
    draft = _draft(key)
    said = _("草稿 v{n} 已放弃，现行版本不变。").format(n=draft.number)
    return _step(request, key, lambda: publish.discard(_by(request), version_id=draft.id), said)


@require_POST
@staff_page(needs=VIEW)
def rebase(request: HttpRequest, key: str) -> HttpResponse:
    """Take what was released meanwhile into the draft."""
    draft = _draft(key)
    said = _("已并入新发布的改动，请核对差别后重新模拟。")
    return _step(request, key, lambda: publish.rebase(_by(request), version_id=draft.id, rev=draft.rev), said)


@require_POST
@staff_page(needs=VIEW)
def approve(request: HttpRequest, key: str) -> HttpResponse:
    """Agree with the version under review."""
    kept, reason = _draft(key), request.POST.get("reason", "")
    moment = _moment(request.POST.get("effective"))
    said = _("已同意 v{n}。").format(n=kept.number)
    return _step(
        request,
        key,
        lambda: publish.approve(_by(request), version_id=kept.id, effective_from=moment, reason=reason),
        said,
    )


@require_POST
@staff_page(needs=VIEW)
def reject(request: HttpRequest, key: str) -> HttpResponse:
    """Send the version under review back with a reason."""
    kept, reason = _draft(key), request.POST.get("reason", "")
    said = _("已退回 v{n}，作者会看到您的理由。").format(n=kept.number)
    return _step(request, key, lambda: publish.reject(_by(request), version_id=kept.id, reason=reason), said)


@require_POST
@staff_page(needs=VIEW)
def recall(request: HttpRequest, key: str) -> HttpResponse:
    """Take one's own version back from review."""
    kept = _draft(key)
    return _step(request, key, lambda: publish.recall(_by(request), version_id=kept.id), _("已撤回，可以继续修改。"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(needs=VIEW)
def roll_back(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Go back to an older version: the preview (what would change, on today's data), then the release."""
    kept = PolicyVersion.objects.filter(key=key, number=number).first()
    if kept is None:
        raise NOT_FOUND()
    if request.method == "POST":
        moment, reason = _moment(request.POST.get("effective")), request.POST.get("reason", "")
        said = _("已回退到 v{n}。").format(n=number)
        return _step(
            request,
            key,
            lambda: publish.roll_back(_by(request), version_id=kept.id, effective_from=moment, reason=reason),
            said,
        )
    return render(request, "console/policies/roll_back.html", _preview(request, kept))


def _preview(request: HttpRequest, kept: PolicyVersion) -> dict[str, Any]:
    """What going back would change, computed now and kept nowhere."""
    declared, current = policy_of(kept.key), standing(kept.key, kept.scope).in_force
    before = value_of(current.version) if current else declared.model()
    now = body_of(current.version if current else None, kept.key)
    refused = publish.roll_back.refusal(_by(request), version_id=kept.id, reason="")
    return {
        "title": title(declared),
        "key": kept.key,
        "area": area_title(declared.area),
        "version": kept,
        "current": current,
        "changes": diff_groups(declared, diff(declared.model, now, body_of(kept, kept.key))),
        "simulation": simulate(kept.key, before, value_of(kept), clock.today()),
        "refused": sentence(refused) if refused else "",
    }


@require_POST
@staff_page(needs=VIEW)
def call_off(request: HttpRequest, key: str, release_id: int) -> HttpResponse:
    """Call a scheduled release off."""
    reason = request.POST.get("reason", "")
    return _step(
        request,
        key,
        lambda: publish.call_off(_by(request), release_id=release_id, reason=reason),
        _("已撤销，现行版本继续有效。"),
    )


def _by(request: Any) -> Any:
    return request.actor


def _draft(key: str) -> PolicyVersion:
    """The open version; a page that was left standing finds none any more."""
    policy_of(key)
    open_ = standing(key).open
    if open_ is None:
        raise NOT_FOUND()
    return version(open_.id)


def _step(request: HttpRequest, key: str, step: Callable[[], object], said: str = "") -> HttpResponse:
    """Take one step and go back to the policy's page; a refusal is said there."""
    try:
        step()
    except Refused as refused:
        if refused.code == "not_found":
            raise
        messages.error(request, sentence(refused))
    else:
        if said:
            messages.success(request, said)
    page = reverse("console:policy", args=[key])
    return go_on(request, page)


def _answer(request: HttpRequest, key: str, part: str, status: int = 200, **shown: Any) -> HttpResponse:
    """What changed on the page: its marks and its right side (``saved``), or the form drawn again (``form``)."""
    screen = Screen(request, policy_of(key), **shown)
    if not wants_fragment(request):
        if status == 200 and screen.typed is None:
            return redirect("console:policy", key=key)
        return render(request, "console/policies/edit.html", {"s": screen}, status=status)
    return render(request, f"console/policies/{part}.html", {"s": screen}, status=status)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() else 0


def _moment(text: str | None) -> datetime | None:
    """A day from its first minute, Beijing time; anything else is as soon as may be."""
    try:
        return datetime.combine(date.fromisoformat(text or ""), time(), clock.SHANGHAI)
    except ValueError:
        return None
