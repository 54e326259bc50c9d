"""What a caller is told when something is not done: RFC 9457, with our stable code and one sentence to act on.

    {"type": "/api/v1/docs#lease.overlap", "title": "没有做", "status": 422, "code": "lease.overlap", "detail": "…"}

A body or address that can not be read lists each field with a sentence. What was sent is never repeated.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError
from pydantic import ValidationError as Invalid

from anju.foundation.db import away
from anju.kit import Refused
from anju.kit.refusal import sentence

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
DOCS = "/api/v1/docs"

UNREADABLE = sentence(
    "api.unreadable", "请求正文不是 JSON，请检查格式和编码（UTF-8）。", "The body is not JSON; check form and encoding."
)
INVALID = sentence(
    "api.invalid", "请求里有 {n} 处不对，见 errors。", "{n} fields of the request are wrong; see errors."
)
TOO_LARGE = sentence(
    "api.too_large",
    "请求正文太大（最多 5 MB），请分批发送。",
    "The body is too large (5 MB at most); send it in parts.",
)
NO_OPERATION = sentence(
    "api.no_such_operation", "没有这个接口地址，请对照接口文档。", "There is no such operation; see the documentation."
)
NO_METHOD = sentence(
    "api.no_such_method", "这个地址不支持 {method}，可用：{allowed}。", "{method} is not offered here; use {allowed}."
)
BROKEN = sentence(
    "api.broken",
    "是我们的问题，已经记录下来；没有任何数据写到一半，可以用同一个 Idempotency-Key 重试。",
    "Our fault; it is recorded and nothing is half done. Try again with the same Idempotency-Key.",
)
STATUS = {
    "not_found": 404,
    "not_allowed": 403,
    "changed_meanwhile": 409,
    "too_many": 429,
    "lease.taken_meanwhile": 409,
    "lease.number_taken": 409,
    "billing.charged_twice": 409,
    "api.key_missing": 401,
    "api.key_unknown": 401,
    "api.scope_missing": 403,
    "api.all_projects_needed": 403,
    "api.mark_missing": 400,
    "api.unreadable": 400,
    "api.no_such_operation": 404,
    "api.no_such_method": 405,
    "api.in_progress": 409,
    "api.reference_used": 409,
    "api.too_large": 413,
    "api.broken": 500,
}


class UnknownFilters(Exception):
    """Names in the address that the operation does not know: a misspelt filter must not mean "everything"."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(len(names))
        self.names = names


def titles() -> dict[int, str]:
    """What each status means, in the caller's language."""
    return {
        400: _("请求不完整"),
        401: _("需要密钥"),
        403: _("没有权限"),
        404: _("找不到"),
        405: _("不支持这个方法"),
        409: _("与现状冲突"),
        413: _("请求太大"),
        422: _("没有做"),
        429: _("请求太频繁"),
        500: _("出了点问题"),
        503: _("暂时用不了"),
    }


def refused(refusal: Refused, errors: Sequence[dict[str, str]] = ()) -> HttpResponse:
    """A refusal as a problem."""
    status = 503 if refusal.code.startswith("unavailable.") else STATUS.get(refusal.code, 422)
    log.info("refused: %s", refusal.code)
    body: dict[str, Any] = {
        "type": f"{DOCS}#{refusal.code}",
        "title": titles()[status],
        "status": status,
        "code": refusal.code,
        "detail": refusal.text(get_language() or "zh-hans"),
    }
    if errors:
        body["errors"] = list(errors)
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (429, 503):
        response.headers["Retry-After"] = str(60 * int(refusal.facts.get("minutes", 1)))
    return response


def of(error: Exception) -> HttpResponse:
    """Whatever a call ended with, as a problem. What nobody foresaw is logged by its kind and place, never its text:
    a database's message repeats values of the row.
    """
    match error:
        case Refused():
            return refused(error)
        case ValidationError():
            return invalid(error.errors)
        case Invalid():
            return invalid(error.errors(include_url=False, include_input=False))  # type: ignore[arg-type]
        case UnknownFilters():
            return invalid([{"loc": (name[:60],), "type": "extra_forbidden"} for name in sorted(error.names)])
        case RequestDataTooBig():
            return refused(TOO_LARGE())
        case Http404():
            return refused(NO_OPERATION())
        case HttpError() | SuspiciousOperation():
            return refused(UNREADABLE())
    found = away.trouble(error)
    if found is not None:
        return unavailable(found)
    log.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
    return refused(BROKEN())


def unavailable(found: away.Trouble) -> HttpResponse:
    """503 with the seconds after which the same call, with the same Idempotency-Key, is worth repeating."""
    log.error("unavailable: %s", found.refusal.code)
    response = refused(found.refusal)
    response.headers["Retry-After"] = str(found.retry_after_s)
    return response


def invalid(found: Iterable[dict[str, Any]]) -> HttpResponse:
    """Fields that can not be read, one sentence each."""
    errors = [{"field": _field(e["loc"]), "detail": _sentence(e["type"], e.get("ctx", {}))} for e in found]
    return refused(INVALID(n=len(errors)), errors)


def _field(where: Sequence[Any]) -> str:
    parts = [str(part) for part in where if part not in ("body", "query", "path", "asked")]
    return ".".join(parts)


def _sentence(kind: str, limits: dict[str, Any]) -> str:
    said = {
        "missing": _("缺少这个字段。"),
        "extra_forbidden": _("没有这个字段，请对照接口文档核对名称。"),
        "api_day": _("应是日期，例如 2026-01-17，在 1990 至 2100 年之间。"),
        "api_moment": _("应是带时区的时间，例如 2026-01-17T10:30:00+08:00。"),
        "api_amount": _('应是文本形式的金额，例如 "2280.00"，最多两位小数。'),
        "api_price": _('应是文本形式的价格，例如 "2280.00"，最多四位小数。'),
        "api_area": _('应是文本形式的面积，例如 "68.50"，大于 0，最多两位小数。'),
        "api_percent": _('应是文本形式的百分比，例如 "5" 或 "-2.5"。'),
        "string_pattern_mismatch": _("含有不能使用的字符。"),
        "string_unicode": _("含有不能使用的字符。"),
        "string_type": _("应是文本。"),
        "int_type": _("应是整数。"),
        "int_parsing": _("应是整数。"),
        "int_from_float": _("应是整数。"),
        "int_parsing_size": _("数字太大。"),
        "bool_type": _("应是 true 或 false。"),
        "bool_parsing": _("应是 true 或 false。"),
        "list_type": _("应是列表。"),
        "model_type": _("应是对象。"),
        "model_attributes_type": _("应是对象。"),
    }
    if kind in said:
        return said[kind]
    return _limit(kind, limits) or _("这个值不对，请对照接口文档。")


def _limit(kind: str, limits: dict[str, Any]) -> str:
    match kind:
        case "literal_error" | "enum":
            return _("只能是：%(expected)s。") % {"expected": limits.get("expected", "")}
        case "greater_than_equal" | "greater_than":
            return _("不能小于 %(least)s。") % {"least": limits.get("ge", limits.get("gt"))}
        case "less_than_equal" | "less_than":
            return _("不能大于 %(most)s。") % {"most": limits.get("le", limits.get("lt"))}
        case "string_too_long":
            return _("最多 %(most)s 个字符。") % {"most": limits.get("max_length")}
        case "string_too_short":
            return _("最少 %(least)s 个字符。") % {"least": limits.get("min_length")}
        case "too_long":
            return _("最多 %(most)s 项，请分批发送。") % {"most": limits.get("max_length")}
        case "too_short":
            return _("最少 %(least)s 项。") % {"least": limits.get("min_length")}
    return ""
