"""Aliyun's SMS service as it behaves: verifies signatures, reviews templates, counts quotas, reports receipts.

A WSGI application; one account per access key. ``secret_of`` and ``report_url_of`` say how an account signs and where
its
receipts go. With ``background=True`` receipts leave as they fall due; otherwise :meth:`AliyunSms.release` sends them.
What goes wrong is asked for by the signed action ``StandinBehave`` (or :meth:`AliyunSms.behave`); see
:class:`Behaviour`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from anju.foundation.messaging.standins.account import SHANGHAI, Answer, Behaviour, SmsAccount, error
from anju.foundation.messaging.standins.signed import Handler, Post, SignedService, post_json

PER_PUSH = 100


class AliyunSms(SignedService):
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
        super().__init__(secret_of)
        self.report_url_of, self.post, self.store = report_url_of, post, store
        self.accounts: dict[str, SmsAccount] = {}
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

    def handlers(self) -> Mapping[str, Handler]:
        """Sending, asking, templates; and what the stand-in alone has."""
        return {
            "SendSms": self._send,
            "QuerySendDetails": self._details,
            "AddSmsTemplate": self._add_template,
            "QuerySmsTemplate": self._template,
            "StandinBehave": self._behave,
            "StandinPhone": self._phone,
            "StandinRelease": self._release,
        }

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
