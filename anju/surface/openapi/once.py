"""A call with an Idempotency-Key is carried out once, however often it is sent.

The row that claims the key, the work and the answer commit together: a process killed in between leaves nothing, and
whoever repeats the call does it anew. A second call at the same moment waits for the first and gets its answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from anju.foundation.crypto import org_decrypt, org_encrypt
from anju.foundation.db import clock, fetch_one, run_sql
from anju.kit.refusal import sentence

HEADER = "Idempotency-Key"
MARK = re.compile(r"[!-~]{1,200}", re.ASCII)
KEPT = timedelta(days=7)
CONTEXT = "openapi.answer"

MISSING = sentence(
    "api.mark_missing",
    "请在 Idempotency-Key 请求头里放一个本次操作独有的编号（例如 UUID），重试时保持不变。",
    "Send a value of this operation's own (a UUID) in the Idempotency-Key header, and the same one when you retry.",
)
REUSED = sentence(
    "api.mark_reused",
    "这个 Idempotency-Key 已用于另一个内容不同的请求，请换一个新的。",
    "This Idempotency-Key was used for a different request; use a new one.",
)
IN_PROGRESS = sentence(
    "api.in_progress",
    "同一个 Idempotency-Key 的请求还在处理，请稍后重试。",
    "A request with this Idempotency-Key is still being carried out; try again shortly.",
)

CLAIM = """
INSERT INTO api_call AS c (key_id, mark, request_hash, at) VALUES (%(key)s, %(mark)s, %(request)s, %(now)s)
ON CONFLICT (org_id, key_id, mark) DO UPDATE SET request_hash = excluded.request_hash, status = NULL,
    answer_enc = NULL, at = excluded.at WHERE c.at < %(kept_since)s
RETURNING id
"""
FOUND = "SELECT request_hash, status, answer_enc FROM api_call WHERE key_id = %(key)s AND mark = %(mark)s"
ANSWERED = "UPDATE api_call SET status = %(status)s, answer_enc = %(answer)s WHERE id = %(id)s"


def once(request: HttpRequest, key_id: int, work: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer of the first call with this mark: made now, or kept from then.

    Needs the organization's scope; the caller rolls the transaction back when the answer is a problem.

    Raises:
        Refused: ``api.mark_missing``, ``api.mark_reused``, ``api.in_progress``.
    """
    mark = request.headers.get(HEADER, "")
    if not MARK.fullmatch(mark):
        raise MISSING()
    params = {"key": key_id, "mark": _hashed(mark.encode()), "request": _hashed(_said(request)), "now": clock.wall()}
    claimed = _claim(params)
    if claimed is None:
        return _kept(params)
    response = work()
    if response.status_code < 400 and isinstance(response, HttpResponse):
        answer = org_encrypt(response.content, context=CONTEXT)
        run_sql(ANSWERED, {"id": claimed, "status": response.status_code, "answer": answer})
    return response


def forget(before: timedelta = KEPT) -> int:
    """Delete what nobody repeats any more; returns how many."""
    return run_sql("DELETE FROM api_call WHERE at < %(since)s", {"since": clock.wall() - before})


def _claim(params: dict[str, object]) -> int | None:
    """This call's row, or None where the mark is taken. Waits for a call with the same mark that is under way."""
    run_sql("SET LOCAL lock_timeout = '20s'")
    try:
        with transaction.atomic():
            row = fetch_one(CLAIM, {**params, "kept_since": clock.wall() - KEPT})
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "55P03":
            raise IN_PROGRESS() from None
        raise
    run_sql("SET LOCAL lock_timeout TO DEFAULT")
    return row["id"] if row else None


def _kept(params: dict[str, object]) -> HttpResponse:
    row = fetch_one(FOUND, params)
    if row is None or row["request_hash"] != params["request"]:
        raise REUSED()
    answer = org_decrypt(bytes(row["answer_enc"]), context=CONTEXT)
    response = HttpResponse(answer, status=row["status"], content_type="application/json; charset=utf-8")
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _said(request: HttpRequest) -> bytes:
    return f"{request.method} {request.get_full_path()}\n".encode() + request.body


def _hashed(text: bytes) -> str:
    return salted_hmac("anju.openapi.once", text, algorithm="sha256").hexdigest()
