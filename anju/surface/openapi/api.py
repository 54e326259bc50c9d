"""The API put together: django-ninja routes, reads and writes JSON; the door, problems and words are ours."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from anju.surface.openapi import problems
from anju.surface.openapi.resources import billing, leases, policies, portfolio, sweeps, tenants

ABOUT = _(
    "安居开放接口。页面能做的，接口用同样的规则做；每次拒绝都有稳定的代码和一句话的原因。"
    '金额是文本（"2280.00"，元），日期是 ISO 8601，期间的结束日都是最后一天的次日。'
)

api = NinjaAPI(
    title=_("安居开放接口"),
    version="1",
    description=ABOUT,
    docs_url=None,
    openapi_url=None,
    urls_namespace="openapi-v1",
)


def _problem(request: HttpRequest, error: Any) -> HttpResponse:
    return problems.of(error)


for kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(kind, _problem)
for part in (portfolio, tenants, leases, billing, sweeps, policies):
    api.add_router("", part.router)
