"""系统 › 渠道与收款: how each provider stands, its settings, a test that does something real, and switching it off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anju.foundation.access import allows
from anju.foundation.access.check import require
from anju.foundation.access.pages import staff_page
from anju.foundation.identity.limits import Limit, spend
from anju.foundation.messaging.actions import name_text
from anju.foundation.messaging.filings import wordings
from anju.foundation.messaging.setting_up import CONFIGURE
from anju.foundation.staffing.proving import prove
from anju.foundation.ui import nav, render
from anju.kit import Refused
from anju.kit.refusal import NOT_FOUND
from anju.surface.providers.calling import Calling
from anju.surface.providers.channels import Email, Sms
from anju.surface.providers.permissions import VIEW
from anju.surface.providers.provider import Field, Provider, Standing
from anju.surface.providers.wechat import WechatPay

SHOWN: tuple[Provider, ...] = (WechatPay(), Sms(), Calling(), Email())
PROVIDERS = {provider.key: provider for provider in SHOWN}
TRIES = Limit("provider_try", 20, timedelta(hours=1))
STATES = {"in_review": gettext_lazy("审核中"), "approved": gettext_lazy("已通过"), "refused": gettext_lazy("未通过")}
TONES = {"in_review": "info", "approved": "ok", "refused": "danger"}

nav.entry(
    "providers", gettext_lazy("渠道与收款"), "plug-connected", "providers:list", order=70, permission=VIEW,
    group=nav.SETUP,
)  # fmt: skip


@require_GET
@staff_page(needs=VIEW)
def overview(request: Any) -> HttpResponse:
    """Every provider the viewer may set up, and how it stands."""
    shown = [(p, p.standing()) for p in PROVIDERS.values() if allows(request.actor, p.needs)]
    return render(request, "providers/list.html", {"providers": shown})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@staff_page(needs=VIEW)
def one(request: Any, key: str) -> HttpResponse:
    """A provider's form; saving asks for the password or a code once more."""
    provider = _provider(request, key)
    if request.method == "GET":
        return _form(request, provider)
    typed = {f.name: _clean(f, request.POST[f.name]) for f in provider.fields if f.name in request.POST}
    sent = {f.name: typed[f.name] for f in provider.fields if f.name in typed and not (f.hidden and not typed[f.name])}
    sent |= {name: "" for name in request.POST.getlist("drop") if name in _droppable(provider)}
    try:
        prove(request.staff, request.POST.get("proof", ""))
        provider.save(request.actor, sent)
    except Refused as refused:
        return _form(request, provider, typed, refused)
    messages.success(request, _("已保存。建议马上测试一次。"))
    return redirect("providers:one", key)


@require_POST
@staff_page(needs=VIEW)
def attempt(request: Any, key: str) -> HttpResponse:
    """Do a real thing with the stored settings and say in one sentence what came of it."""
    provider = _provider(request, key)
    try:
        spend(TRIES, str(request.staff.id))
        to = " ".join(request.POST.get("to", "").split())
        worked, words = provider.attempt(request.actor, to, get_language() or "zh-hans")
    except Refused as refused:
        worked, words = False, refused.text(get_language() or "zh-hans")
    (messages.success if worked else messages.error)(request, words)
    return redirect("providers:one", key)


@sensitive_post_parameters("proof")
@require_http_methods(["GET", "POST"])
@staff_page(needs=VIEW)
def off(request: Any, key: str) -> HttpResponse:
    """What switching a provider off means now; then do it."""
    provider = _provider(request, key)
    if not provider.standing().active:
        return redirect("providers:one", key)
    errors = []
    if request.method == "POST":
        try:
            prove(request.staff, request.POST.get("proof", ""))
            provider.switch_off(request.actor)
        except Refused as refused:
            errors = [refused.text(get_language() or "zh-hans")]
        else:
            messages.success(request, _("{what}已停用。").format(what=provider.title))
            return redirect("providers:list")
    facts = {"provider": provider, "losses": provider.losses(), "errors": errors}
    return render(request, "providers/off.html", facts, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
@staff_page(needs=CONFIGURE)
def texts(request: Any) -> HttpResponse:
    """The SMS wordings in force with their filing; a code that was filed by hand can be entered."""
    rows, errors = wordings(), []
    if request.method == "POST":
        try:
            found = next((w for w in rows if w.content == request.POST.get("content")), None)
            if found is None:
                raise NOT_FOUND()
            spend(TRIES, str(request.staff.id))
            name_text(request.actor, wording=found.text, template=request.POST.get("template", "").strip())
        except Refused as refused:
            errors = [refused.text(get_language() or "zh-hans")]
        else:
            messages.success(request, _("模板号已登记，正文与服务商处一致。"))
            return redirect("providers:texts")
    facts = {"rows": rows, "errors": errors, "states": STATES, "tones": TONES}
    return render(request, "providers/texts.html", facts, status=422 if errors else 200)


def _provider(request: Any, key: str) -> Provider:
    provider = PROVIDERS.get(key)
    if provider is None:
        raise NOT_FOUND()
    require(request.actor, provider.needs)
    return provider


def _clean(field: Field, text: str) -> str:
    """One line without stray spaces; keys keep their lines."""
    if field.kind == "keys":
        return "\n".join(line.strip() for line in text.strip().splitlines()) + "\n" if text.strip() else ""
    return text if field.name == "password" else " ".join(text.split())


def _droppable(provider: Provider) -> set[str]:
    return {f.name for f in provider.fields if f.droppable}


def _form(
    request: Any, provider: Provider, typed: dict[str, str] | None = None, refused: Refused | None = None
) -> HttpResponse:
    standing = provider.standing()
    said = refused.text(get_language() or "zh-hans") if refused else ""
    wrong = set(refused.facts.get("fields", ())) if refused else set()
    login = request.staff.user.login
    facts = {
        "provider": provider,
        "standing": standing,
        "rows": [_row(f, standing, typed or {}, wrong) for f in provider.fields],
        "errors": [said] if said else [],
        "to": login if provider.key == "email" and "@" in login else "",
        "copies": provider.to_copy(),
    }
    return render(request, "providers/one.html", facts, status=422 if refused else 200)


def _row(field: Field, standing: Standing, typed: dict[str, str], wrong: set[str]) -> dict[str, Any]:
    """One field as the form draws it: a secret never carries its value, not even the one just typed."""
    value = "" if field.hidden else typed.get(field.name, standing.values.get(field.name, ""))
    kept = field.name in standing.kept
    return {
        "f": field,
        "value": value,
        "kept": kept,
        "change": standing.kept.get(field.name),
        "error": (field.rule or _("请检查这一项。")) if field.name in wrong else "",
    }
