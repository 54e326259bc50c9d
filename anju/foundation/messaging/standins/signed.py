"""A service of Aliyun's as its clients meet it: signed requests verified, refused when stale or repeated.

A WSGI application; what a service does stands in the handlers of its own class, named by ``x-acs-action``.
"""

from __future__ import annotations

import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import httpx

from anju.foundation.messaging.channels import acs3
from anju.foundation.messaging.standins.account import Answer, error

Post = Callable[[str, list[dict[str, Any]]], None]
Handler = Callable[[str, dict[str, str]], Answer]
REQUIRED = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
SKEW = timedelta(minutes=15)
STATUS = {200: "200 OK", 400: "400 Bad Request", 403: "403 Forbidden", 404: "404 Not Found"}


def post_json(url: str, rows: list[dict[str, Any]]) -> None:
    """Report as Aliyun does: POST the array until it reads code 0, three times at most."""
    for wait in (0.0, 0.5, 2.0):
        time.sleep(wait)
        try:
            if httpx.post(url, json=rows, timeout=5).json().get("code") == 0:
                return
        except (httpx.HTTPError, ValueError):
            continue


class SignedService:
    """What every stand-in of Aliyun has in common. ``secret_of`` says how an account signs."""

    def __init__(self, secret_of: Callable[[str], str | None]) -> None:
        self.secret_of = secret_of
        self.nonces: dict[str, float] = {}
        self.lock = threading.RLock()

    def handlers(self) -> Mapping[str, Handler]:
        """What the service does, by the action's name; each takes the access key and the parameters."""
        raise NotImplementedError

    def wsgi(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Every action is a POST to ``/`` named by ``x-acs-action``, its parameters in the query."""
        status, body = self._answer(environ)
        request_id = sha256(repr(time.monotonic_ns()).encode()).hexdigest()[:32].upper()
        data = json.dumps({"RequestId": request_id, **body}, ensure_ascii=False).encode()
        start_response(
            STATUS[status], [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(data)))]
        )
        return [data]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        key_id, refused = self._verify(environ, body)
        if refused is not None:
            return refused
        params = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        handler = self.handlers().get(environ.get("HTTP_X_ACS_ACTION", ""))
        if handler is None:
            return error("InvalidAction.NotFound", "Specified api is not found", 404)
        return handler(key_id, params)

    def _verify(self, environ: dict[str, Any], body: bytes) -> tuple[str, Answer | None]:
        """The access key of a rightly signed, fresh, unrepeated request; otherwise the refusal."""
        given = re.fullmatch(
            rf"{acs3.ALGORITHM} Credential=([\w-]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{{64}})",
            environ.get("HTTP_AUTHORIZATION", ""),
        )
        if given is None:
            return "", error("MissingAuthorization", "Authorization is malformed", 400)
        key_id, names, sign = given.group(1), given.group(2).split(";"), given.group(3)
        secret = self.secret_of(key_id)
        if secret is None:
            return "", error("InvalidAccessKeyId.NotFound", "Specified access key is not found", 404)
        headers = {name: environ.get("HTTP_" + name.upper().replace("-", "_"), "") for name in names}
        digest = sha256(body).hexdigest()
        expected = acs3.signature(
            secret, method=environ["REQUEST_METHOD"], path=environ.get("PATH_INFO") or "/",
            query=environ.get("QUERY_STRING", ""), headers=headers, body_sha256=digest,
        )  # fmt: skip
        right = set(names) >= REQUIRED and headers["x-acs-content-sha256"] == digest
        if not right or not hmac.compare_digest(expected, sign):
            return "", error("SignatureDoesNotMatch", "Specified signature does not match", 403)
        return key_id, self._stale(headers)

    def _stale(self, headers: dict[str, str]) -> Answer | None:
        now = datetime.now(UTC)
        try:
            at = datetime.strptime(headers["x-acs-date"], acs3.DATE).replace(tzinfo=UTC)
        except ValueError:
            return error("InvalidTimeStamp.Format", "x-acs-date is malformed", 400)
        if abs(now - at) > SKEW:
            return error("InvalidTimeStamp.Expired", "x-acs-date is out of range", 400)
        nonce = headers["x-acs-signature-nonce"]
        with self.lock:
            horizon = now.timestamp() - 2 * SKEW.total_seconds()
            if len(self.nonces) > 50_000:
                self.nonces = {n: t for n, t in self.nonces.items() if t > horizon}
            if nonce in self.nonces:
                return error("SignatureNonceUsed", "Specified signature nonce was used already", 400)
            self.nonces[nonce] = now.timestamp()
        return None
