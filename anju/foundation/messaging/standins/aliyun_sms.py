"""Aliyun's SMS service as it behaves: verifies signatures, reviews templates, counts quotas, reports receipts.

A WSGI application; one account per access key. ``secret_of`` and ``report_url_of`` say how an account signs and where
its
receipts go. With ``background=True`` receipts leave as they fall due; otherwise :meth:`AliyunSms.release` sends them.
What goes wrong is asked for by the signed action ``StandinBehave`` (or :meth:`AliyunSms.behave`); see
:class:`Behaviour`.
"""

from __future__ import annotations

import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from anju.foundation.messaging.channels import acs3
from anju.foundation.messaging.standins.account import SHANGHAI, Answer, Behaviour, SmsAccount, error

Post = Callable[[str, list[dict[str, Any]]], None]
REQUIRED = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
SKEW = timedelta(minutes=15)
STATUS = {200: "200 OK", 400: "400 Bad Request", 403: "403 Forbidden", 404: "404 Not Found"}
PER_PUSH = 100


def post_json(url: str, rows: list[dict[str, Any]]) -> None:
    """Report as Aliyun does: POST the array until it reads code 0, three times at most."""
    for wait in (0.0, 0.5, 2.0):
        time.sleep(wait)
        try:
            if httpx.post(url, json=rows, timeout=5).json().get("code") == 0:
                return
        except (httpx.HTTPError, ValueError):
            continue


class AliyunSms:
    """The service. ``store`` keeps filed templates over a restart; what phones received stays in memory."""

    def __init__(
        self,
        *,
        secret_of: Callable[[str], str | None],
        report_url_of: Callable[[str], str | None],
        post: Post = post_json,
        store: Path | None = None,
        background: bool = False,
    ) -> None:
        self.secret_of, self.report_url_of, self.post, self.store = secret_of, report_url_of, post, store
        self.accounts: dict[str, SmsAccount] = {}
        self.nonces: dict[str, float] = {}
        self.lock = threading.RLock()
        self.due = threading.Event()
        if background:
            threading.Thread(target=self._report_for_ever, name="aliyun-receipts", daemon=True).start()

    def account(self, key_id: str) -> SmsAccount:
        """An account's state, made on first use."""
        with self.lock:
            if key_id not in self.accounts:
                self.accounts[key_id] = SmsAccount(self._stored().get(key_id, {}))
            return self.accounts[key_id]

    def behave(self, key_id: str, **changes: Any) -> None:
        """Change how the service treats an account from now on."""
        account = self.account(key_id)
        with self.lock:
            account.behaviour = Behaviour(**{**account.behaviour.__dict__, **changes})

    def phone(self, key_id: str, number: str) -> list[str]:
        """The texts a phone received from an account, oldest first."""
        return [s.content for s in self.account(key_id).sent if s.phone == number and s.arrived]

    def release(self, key_id: str) -> int:
        """Report the receipts that wait, repeated or reversed as asked; returns how many rows went."""
        with self.lock:
            rows = self.account(key_id).take_receipts()
        url = self.report_url_of(key_id)
        if url is not None:
            for start in range(0, len(rows), PER_PUSH):
                self.post(url, rows[start : start + PER_PUSH])
        return len(rows)

    def _report_for_ever(self) -> None:
        while True:
            self.due.wait()
            self.due.clear()
            for key_id in list(self.accounts):
                if self.account(key_id).behaviour.receipts != "hold":
                    self.release(key_id)

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
        handler = {
            "SendSms": self._send,
            "QuerySendDetails": self._details,
            "AddSmsTemplate": self._add_template,
            "QuerySmsTemplate": self._template,
            "StandinBehave": self._behave,
            "StandinPhone": self._phone,
            "StandinRelease": self._release,
        }.get(environ.get("HTTP_X_ACS_ACTION", ""))
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

    def _send(self, key_id: str, params: dict[str, str]) -> Answer:
        account = self.account(key_id)
        with self.lock:
            behaviour = account.behaviour
            answer = account.send(params, datetime.now(SHANGHAI))
        self.due.set()
        if behaviour.answer_after:
            time.sleep(behaviour.answer_after)
        return answer

    def _details(self, key_id: str, params: dict[str, str]) -> Answer:
        with self.lock:
            return self.account(key_id).details(params)

    def _add_template(self, key_id: str, params: dict[str, str]) -> Answer:
        account = self.account(key_id)
        with self.lock:
            answer = account.add_template(params)
            self._store()
        return answer

    def _template(self, key_id: str, params: dict[str, str]) -> Answer:
        with self.lock:
            return self.account(key_id).template_state(params)

    def _behave(self, key_id: str, params: dict[str, str]) -> Answer:
        try:
            self.behave(key_id, **json.loads(params.get("Behaviour", "{}")))
        except (TypeError, ValueError):
            return error("InvalidParameter", "unknown behaviour", 400)
        return 200, {"Code": "OK"}

    def _phone(self, key_id: str, params: dict[str, str]) -> Answer:
        return 200, {"Code": "OK", "Texts": self.phone(key_id, params.get("PhoneNumber", ""))}

    def _release(self, key_id: str, params: dict[str, str]) -> Answer:
        return 200, {"Code": "OK", "Rows": self.release(key_id)}

    def _stored(self) -> dict[str, dict[str, list[str]]]:
        if self.store is None or not self.store.is_file():
            return {}
        kept: dict[str, dict[str, list[str]]] = json.loads(self.store.read_text(encoding="utf-8"))
        return kept

    def _store(self) -> None:
        if self.store is None:
            return
        kept = self._stored() | {key: account.templates for key, account in self.accounts.items()}
        part = self.store.with_suffix(".part")
        part.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        part.replace(self.store)
