"""Aliyun's number protection as it behaves: verifies signatures, lends numbers of a pool, connects calls, reports them.

One account per access key; every pool key beginning with ``FC`` is its own. :meth:`AliyunDypls.dial` (or the signed
action ``StandinDial``) is a person who dials a number of the pool. Reports leave at once or wait for
:meth:`AliyunDypls.release`, as the behaviour says.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from anju.foundation.calls.dypls import MOMENT
from anju.foundation.messaging.standins.account import PHONE, SHANGHAI, Answer, error
from anju.foundation.messaging.standins.signed import Handler, Post, SignedService, post_json

SOONEST = timedelta(minutes=1)
OK: dict[str, Any] = {"Code": "OK", "Message": "OK"}


@dataclass(frozen=True)
class Behaviour:
    """How the service treats an account.

    Attributes:
        fail: error code of every binding, empty for none.
        fail_times: how many bindings fail that way; -1 for ever.
        answer_after: seconds between lending a number and answering.
        reports: ``now``, ``hold`` (until released), ``lose``, ``repeat`` (each twice), ``reverse`` (newest first).
        numbers: how many numbers the pool has.
    """

    fail: str = ""
    fail_times: int = -1
    answer_after: float = 0.0
    reports: str = "now"
    numbers: int = 100


@dataclass
class Lent:
    """A number between two phones."""

    subs_id: str
    x: str
    a: str
    b: str
    until: datetime
    out_id: str
    pool: str


@dataclass
class Account:
    """The state of an access key."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    lent: list[Lent] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    failed: int = 0
    count: int = 0


class AliyunDypls(SignedService):
    """The service. With ``background=True`` reports leave by themselves; otherwise :meth:`release` sends them."""

    def __init__(
        self,
        *,
        secret_of: Callable[[str], str | None],
        report_url_of: Callable[[str], str | None],
        post: Post = post_json,
        background: bool = False,
    ) -> None:
        super().__init__(secret_of)
        self.report_url_of, self.post, self.background = report_url_of, post, background
        self.accounts: dict[str, Account] = {}

    def account(self, key_id: str) -> Account:
        """An account's state, made on first use."""
        with self.lock:
            return self.accounts.setdefault(key_id, Account())

    def behave(self, key_id: str, **changes: Any) -> None:
        """Change how the service treats an account from now on."""
        account = self.account(key_id)
        with self.lock:
            account.behaviour = Behaviour(**{**account.behaviour.__dict__, **changes})

    def handlers(self) -> Mapping[str, Handler]:
        """Lending, taking back, asking; and what the stand-in alone has."""
        return {
            "BindAxb": self._bind,
            "UnbindSubscription": self._unbind,
            "QuerySubscriptionDetail": self._detail,
            "StandinBehave": self._behave,
            "StandinDial": self._dial,
            "StandinRelease": self._release,
        }

    def _bind(self, key_id: str, params: dict[str, str]) -> Answer:
        account = self.account(key_id)
        with self.lock:
            answer = self._lend(account, params, datetime.now(UTC))
        if account.behaviour.answer_after:
            time.sleep(account.behaviour.answer_after)
        return answer

    def _lend(self, account: Account, params: dict[str, str], now: datetime) -> Answer:
        rules = account.behaviour
        if rules.fail and (rules.fail_times < 0 or account.failed < rules.fail_times):
            account.failed += 1
            return error(rules.fail)
        if not params.get("PoolKey", "").startswith("FC"):
            return error("isv.POOLKEY_NOT_EXISTS")
        a, b = params.get("PhoneNoA", ""), params.get("PhoneNoB", "")
        if not PHONE.fullmatch(a) or not PHONE.fullmatch(b) or a == b:
            return error("isv.MOBILE_NUMBER_ILLEGAL")
        try:
            until = datetime.strptime(params.get("Expiration", ""), MOMENT).replace(tzinfo=SHANGHAI)
        except ValueError:
            return error("isv.EXPIRE_DATE_ILLEGAL")
        if until < now + SOONEST:
            return error("isv.EXPIRE_DATE_ILLEGAL")
        # A number serves many pairs, but a phone only once: who is dialled must be certain.
        used = {lent.x for lent in account.lent if lent.until > now and {a, b} & {lent.a, lent.b}}
        free = next((x for i in range(rules.numbers) if (x := f"1700000{i:04d}") not in used), None)
        if free is None:
            return error("isv.NO_AVAILABLE_NUMBER")
        account.count += 1
        lent = Lent(f"1000{account.count:012d}", free, a, b, until, params.get("OutId", ""), params["PoolKey"])
        account.lent.append(lent)
        bound = {"SecretNo": lent.x, "SubsId": lent.subs_id, "Extension": ""}
        return 200, {**OK, "SecretBindDTO": bound}

    def _find(self, account: Account, subs_id: str) -> Lent | None:
        now = datetime.now(UTC)
        return next((lent for lent in account.lent if lent.subs_id == subs_id and lent.until > now), None)

    def _unbind(self, key_id: str, params: dict[str, str]) -> Answer:
        account = self.account(key_id)
        with self.lock:
            lent = self._find(account, params.get("SubsId", ""))
            if lent is None or lent.x != params.get("SecretNo"):
                return error("isv.SUBS_NOT_EXIST")
            lent.until = datetime.now(UTC)
        return 200, OK

    def _detail(self, key_id: str, params: dict[str, str]) -> Answer:
        if not params.get("PoolKey", "").startswith("FC"):
            return error("isv.POOLKEY_NOT_EXISTS")
        found = self._find(self.account(key_id), params.get("SubsId", ""))
        return (200, OK) if found is not None else error("isv.SUBS_NOT_EXIST")

    def dial(self, key_id: str, x: str, caller: str, seconds: int) -> str:
        """Somebody dials a number of the pool; gives the phone that rings, empty where the call ends at the provider.

        Args:
            key_id: the account.
            x: the number dialled.
            caller: the phone that dials.
            seconds: how long they talk; 0: nobody answers.
        """
        account, now = self.account(key_id), datetime.now(UTC)
        with self.lock:
            lent = next((b for b in account.lent if b.x == x and b.until > now and caller in (b.a, b.b)), None)
            if lent is None:
                return ""
            account.waiting += self._reports(lent, caller, seconds, now)
        if self.background and account.behaviour.reports != "hold":
            threading.Thread(target=self.release, args=(key_id,), daemon=True).start()
        return lent.b if caller == lent.a else lent.a

    @staticmethod
    def _reports(lent: Lent, caller: str, seconds: int, now: datetime) -> list[dict[str, Any]]:
        """SecretStartReport and SecretReport of a call."""

        def at(after: int) -> str:
            return (now + timedelta(seconds=after)).astimezone(SHANGHAI).strftime(MOMENT)

        rung, over = at(5), at(5 + seconds)
        start = {
            "phone_no": lent.a, "pool_key": lent.pool, "sub_id": int(lent.subs_id), "out_id": lent.out_id,
            "unconnected_cause": 0, "call_time": at(0), "peer_no": lent.b, "called_display_no": lent.x,
            "call_id": secrets.token_hex(12), "secret_no": lent.x, "call_type": 0 if caller == lent.a else 1,
            "control_type": "CONTINUE",
        }  # fmt: skip
        end = {"call_out_time": at(1), "ring_time": at(2), "start_time": rung, "release_time": over,
               "release_dir": 1, "release_cause": 16 if seconds else 19}  # fmt: skip
        return [start, {**start, **end}]

    def release(self, key_id: str) -> int:
        """Report the calls that wait, repeated or reversed as asked; returns how many rows went."""
        account = self.account(key_id)
        with self.lock:
            rows, account.waiting = account.waiting, []
        match account.behaviour.reports:
            case "lose":
                return 0
            case "repeat":
                rows = rows + rows
            case "reverse":
                rows = rows[::-1]
        url = self.report_url_of(key_id)
        if url is not None and rows:
            for row in rows:
                self.post(url, [row])
        return len(rows)

    def _behave(self, key_id: str, params: dict[str, str]) -> Answer:
        try:
            self.behave(key_id, **json.loads(params.get("Behaviour", "{}")))
        except (TypeError, ValueError):
            return error("InvalidParameter", "unknown behaviour", 400)
        return 200, OK

    def _dial(self, key_id: str, params: dict[str, str]) -> Answer:
        seconds = params.get("Seconds", "60")
        if not seconds.isdecimal():
            return error("InvalidParameter", "seconds", 400)
        rings = self.dial(key_id, params.get("SecretNo", ""), params.get("Caller", ""), int(seconds))
        return 200, {**OK, "Rings": rings}

    def _release(self, key_id: str, params: dict[str, str]) -> Answer:
        return 200, {**OK, "Rows": self.release(key_id)}
