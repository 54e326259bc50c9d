"""SMS through Aliyun: texts are filed once, then sent by template, several at a time."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from typing import Any

from anju.foundation.db import clock, org_scope
from anju.foundation.messaging import codes, links
from anju.foundation.messaging.channels.aliyun import ENDPOINT, Dysms, NoAnswer, NotReached
from anju.foundation.messaging.channels.base import Account, Letter, Result, channel
from anju.foundation.messaging.models import SmsTemplate
from anju.foundation.messaging.texts import BRACES, sms_parts
from anju.kit.china import mobile

AT_ONCE = 8
STANDIN = "standin"
STATES = {"0": "in_review", "1": "approved", "2": "refused", "10": "refused"}
LOOK_AGAIN = timedelta(minutes=5)


def as_filed(template: str) -> str:
    """Our wording as the provider wants it: ``${name}``, and links as a fixed address with only the code variable."""
    fixed = template.replace("{link}", links.url("{link}"))
    return BRACES.sub(r"${\1}", fixed)


def filed_values(values: Mapping[str, str]) -> dict[str, str]:
    """Variables as the provider wants them: of a link only its code."""
    return {name: value.rpartition("/")[2] if name == "link" else value for name, value in values.items()}


def text_hash(template: str) -> str:
    """What a filed wording is found by."""
    return sha256(as_filed(template).encode()).hexdigest()


def _address(endpoint: str) -> str:
    """``standin`` becomes where this run's stand-ins are; without any, a port where nobody answers."""
    if endpoint != STANDIN:
        return endpoint
    return f"{os.environ.get('ANJU_STANDINS_URL', 'http://127.0.0.1:9').rstrip('/')}/sms"


@channel("sms", zh="短信", en="SMS")
class Sms:
    """Config: ``key_id``, ``sign_name``, ``endpoint`` (the real one if left out, ``standin`` for this run's
    stand-ins), ``file_texts``; secret: ``key_secret``.
    """

    def __init__(self, account: Account) -> None:
        self.account = account
        self.endpoint = _address(str(account.config.get("endpoint") or ENDPOINT))
        account.demand_loopback(self.endpoint)
        self.sign_name = str(account.config.get("sign_name", ""))

    def _dysms(self) -> Dysms:
        return Dysms(
            str(self.account.config.get("key_id", "")), self.account.secret.get("key_secret", ""), self.endpoint
        )

    def prepare(self, letters: Sequence[Letter]) -> None:
        """Find each wording's filing; hand in new ones and look after those in review."""
        wordings = {text_hash(letter.template): letter.template for letter in letters}
        with org_scope(self.account.org_id):
            filed = {row.sha256: row for row in SmsTemplate.objects.filter(sha256__in=list(wordings))}
        dysms = self._dysms()
        try:
            for key, template in wordings.items():
                row = filed.get(key)
                if row is None or (row.state == "in_review" and row.checked_at < clock.wall() - LOOK_AGAIN):
                    reviewed = self._review(dysms, key, template, row)
                    if reviewed is not None:
                        filed[key] = reviewed
        finally:
            dysms.close()
        for letter in letters:
            row = filed.get(text_hash(letter.template))
            if row is not None and row.state == "approved":
                letter.provider_template = row.provider_code
            else:
                letter.hold = "text.refused" if row is not None and row.state == "refused" else "text.in_review"

    def filing(self, code: str) -> dict[str, Any]:
        """What the provider has under a template's code; raises NotReached, NoAnswer."""
        dysms = self._dysms()
        try:
            return dysms.template_state(code)
        finally:
            dysms.close()

    def knock(self) -> str:
        """What keeps us from the provider at all: a code of :mod:`.codes`, empty when it knows us."""
        try:
            answer = self.filing("SMS_0")
        except (NotReached, NoAnswer):
            return codes.UNREACHABLE.code
        found = codes.find(str(answer["Code"]))
        return found.code if found.fault == "channel" else ""

    def keep_filing(self, template: str, code: str, state: Mapping[str, Any]) -> SmsTemplate:
        """Remember that a wording is filed under a code."""
        return self._keep(text_hash(template), as_filed(template), code, state)

    def _review(self, dysms: Dysms, key: str, template: str, row: SmsTemplate | None) -> SmsTemplate | None:
        content = as_filed(template)
        code = row.provider_code if row else ""
        try:
            if not code:
                if not self.account.config.get("file_texts", True):
                    return None
                answer = dysms.file_template(name=f"anju-{key[:12]}", content=content, remark="租住服务通知")
                if answer["Code"] != "OK":
                    return None
                code = str(answer["TemplateCode"])
            state = dysms.template_state(code)
        except (NotReached, NoAnswer):
            return None
        return self._keep(key, content, code, state)

    def _keep(self, key: str, content: str, code: str, state: Mapping[str, Any]) -> SmsTemplate:
        wall = clock.wall()
        now = STATES.get(str(state.get("TemplateStatus", "0")), "in_review")
        found = {"provider_code": code, "state": now, "reason": str(state.get("Reason") or ""), "checked_at": wall}
        with org_scope(self.account.org_id):
            row, _ = SmsTemplate.objects.update_or_create(
                sha256=key, defaults=found, create_defaults={**found, "content": content, "filed_at": wall}
            )
        return row

    def deliver(self, letters: Sequence[Letter], until: float) -> list[Result]:
        dysms = self._dysms()
        try:
            with ThreadPoolExecutor(min(AT_ONCE, max(1, len(letters)))) as pool:
                results = list(pool.map(lambda letter: self._one(dysms, letter, until), letters))
        finally:
            dysms.close()
        self._forget(
            {text_hash(x.template) for x, r in zip(letters, results, strict=True) if r.code == "text.not_filed"}
        )
        return results

    def _one(self, dysms: Dysms, letter: Letter, until: float) -> Result:
        if time.monotonic() > until:
            return Result(letter.attempt_id, "not_sent")
        phone = mobile(letter.address)
        if phone is None:
            return Result(letter.attempt_id, "refused", "address.malformed")
        parts = sms_parts(letter.body)
        try:
            answer = dysms.send(phone=phone, sign_name=self.sign_name, template=letter.provider_template,
                                values=filed_values(letter.values), out_id=letter.out_id)  # fmt: skip
        except NotReached:
            return Result(letter.attempt_id, "refused", "provider.unreachable")
        except NoAnswer:
            return Result(letter.attempt_id, "unknown", "provider.timeout")
        if answer["Code"] == "OK":
            return Result(letter.attempt_id, "accepted", provider_id=str(answer.get("BizId", "")), parts=parts)
        return Result(letter.attempt_id, "refused", codes.find(str(answer["Code"])).code)

    def _forget(self, hashes: set[str]) -> None:
        """The provider no longer knows these filings: they are handed in again before the retry."""
        if hashes:
            with org_scope(self.account.org_id):
                SmsTemplate.objects.filter(sha256__in=hashes).delete()

    def find(self, letters: Sequence[Letter]) -> list[Result]:
        """Look for our ``out_id`` among what the provider sent to that phone on that day and the next."""
        dysms = self._dysms()
        try:
            with ThreadPoolExecutor(min(AT_ONCE, max(1, len(letters)))) as pool:
                return list(pool.map(lambda letter: self._find_one(dysms, letter), letters))
        finally:
            dysms.close()

    def _find_one(self, dysms: Dysms, letter: Letter) -> Result:
        phone = mobile(letter.address)
        if phone is None:
            return Result(letter.attempt_id, "not_sent", "address.malformed")
        first = letter.started_at.astimezone(clock.SHANGHAI).date()
        today = clock.wall().astimezone(clock.SHANGHAI).date()
        try:
            for on in dict.fromkeys((first, min(first + timedelta(days=1), today))):
                rows = dysms.details(phone=phone, on=on)
                if rows is None:
                    return Result(letter.attempt_id, "unknown", "provider.system_error")
                for row in rows:
                    if row.get("OutId") == letter.out_id:
                        return self._found(letter, row)
        except (NotReached, NoAnswer):
            return Result(letter.attempt_id, "unknown", "provider.timeout")
        return Result(letter.attempt_id, "not_sent", "provider.lost")

    def _found(self, letter: Letter, row: Mapping[str, Any]) -> Result:
        parts = sms_parts(letter.body)
        status = int(row.get("SendStatus") or 1)
        if status == 3:
            return Result(letter.attempt_id, "delivered", parts=parts)
        if status == 2:
            return Result(letter.attempt_id, "undelivered", receipt_code(str(row.get("ErrCode") or "")), parts=parts)
        return Result(letter.attempt_id, "accepted", parts=parts)


_WORD = re.compile(r"[A-Z_]{4,}")


def receipt_code(provider_code: str) -> str:
    """Our code for a receipt's; what nobody listed counts as not delivered."""
    match = _WORD.search(provider_code)
    found = codes.find(match.group(0) if match else provider_code)
    return "address.undelivered" if found is codes.UNKNOWN else found.code
