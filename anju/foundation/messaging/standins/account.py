"""One account at the SMS stand-in: its templates, what it sent, how it is made to misbehave."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.ASCII)
VARIABLE = re.compile(r"\$\{(\w+)\}")
LONGEST_VALUE = 35
PER_PHONE_AND_DAY = 50
REVIEWS = {"approve": "1", "hold": "0", "refuse": "2"}
BLACK_WORDS = ("贷款", "中奖")

Answer = tuple[int, dict[str, Any]]


def error(code: str, message: str = "", status: int = 200) -> Answer:
    """An answer that is no success; business errors come with status 200, as the provider does."""
    return status, {"Code": code, "Message": message or code}


@dataclass(frozen=True)
class Behaviour:
    """How the service treats an account.

    Attributes:
        fail: error code by phone number, or ``*`` for all; the message is not sent.
        fail_times: how many sends fail that way; -1 for ever.
        undelivered: receipt code by phone number: accepted, but never arrives.
        receipts: ``now``, ``hold`` (until released), ``lose``, ``repeat`` (each twice), ``reverse`` (newest first).
        review: what happens to a new template: ``approve``, ``hold`` or ``refuse``.
        sign_names: filed signatures; empty accepts any.
        daily_quota: sends a day before ``isv.DAY_LIMIT_CONTROL``; -1 none.
        balance: parts before ``isv.AMOUNT_NOT_ENOUGH``; -1 none.
        answer_after: seconds between taking a message and answering.
    """

    fail: dict[str, str] = field(default_factory=dict)
    fail_times: int = -1
    undelivered: dict[str, str] = field(default_factory=dict)
    receipts: str = "now"
    review: str = "approve"
    sign_names: tuple[str, ...] = ()
    daily_quota: int = -1
    balance: int = -1
    answer_after: float = 0.0


@dataclass
class Sent:
    """One accepted message."""

    phone: str
    content: str
    template: str
    out_id: str
    biz_id: str
    at: datetime
    receipt: str
    reported: bool = False

    @property
    def arrived(self) -> bool:
        """Whether the phone shows it."""
        return self.receipt == "DELIVERED"


class SmsAccount:
    """The account's state. ``templates``: code → [content, status, reason]."""

    def __init__(self, templates: dict[str, list[str]]) -> None:
        self.templates = templates
        self.behaviour = Behaviour()
        self.sent: list[Sent] = []
        self.failed = 0
        self.spent = 0
        self.today: Counter[tuple[str, str]] = Counter()

    def send(self, params: dict[str, str], at: datetime) -> Answer:
        """SendSms: checked in the provider's order, then accepted."""
        refusal, content = self._check(params, at)
        if refusal:
            return error(refusal)
        phone = PHONE.fullmatch(params["PhoneNumbers"]).group(1)  # type: ignore[union-attr]
        biz_id = f"{int(at.timestamp() * 1000)}^{len(self.sent)}"
        receipt = self.behaviour.undelivered.get(phone, "DELIVERED")
        full = f"【{params['SignName']}】{content}"
        self.sent.append(Sent(phone, full, params["TemplateCode"], params.get("OutId", ""), biz_id, at, receipt))
        self.today[at.strftime("%Y%m%d"), phone] += 1
        self.spent += self._parts(full)
        return 200, {"Code": "OK", "Message": "OK", "BizId": biz_id}

    def _check(self, params: dict[str, str], at: datetime) -> tuple[str, str]:
        rules, day = self.behaviour, at.strftime("%Y%m%d")
        number = PHONE.fullmatch(params.get("PhoneNumbers", ""))
        if number is None:
            return "isv.MOBILE_NUMBER_ILLEGAL", ""
        sign = params.get("SignName", "")
        if not sign or (rules.sign_names and sign not in rules.sign_names):
            return "isv.SMS_SIGNATURE_ILLEGAL", ""
        template = self.templates.get(params.get("TemplateCode", ""))
        if template is None or template[1] != "1":
            return "isv.SMS_TEMPLATE_ILLEGAL", ""
        refusal, content = self._fill(template[0], params.get("TemplateParam", "{}"))
        if refusal:
            return refusal, ""
        asked = rules.fail.get(number.group(1)) or rules.fail.get("*")
        if asked and (rules.fail_times < 0 or self.failed < rules.fail_times):
            self.failed += 1
            return asked, ""
        if 0 <= rules.daily_quota <= sum(n for (d, _), n in self.today.items() if d == day):
            return "isv.DAY_LIMIT_CONTROL", ""
        if rules.balance >= 0 and self.spent + self._parts(f"【{sign}】{content}") > rules.balance:
            return "isv.AMOUNT_NOT_ENOUGH", ""
        if self.today[day, number.group(1)] >= PER_PHONE_AND_DAY:
            return "isv.BUSINESS_LIMIT_CONTROL", ""
        return "", content

    @staticmethod
    def _parts(text: str) -> int:
        return 1 if len(text) <= 70 else -(-len(text) // 67)

    @staticmethod
    def _fill(template: str, given: str) -> tuple[str, str]:
        try:
            values = json.loads(given)
        except ValueError:
            return "isv.INVALID_JSON_PARAM", ""
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            return "isv.INVALID_JSON_PARAM", ""
        needed = VARIABLE.findall(template)
        if any(not values.get(name) for name in needed):
            return "isv.TEMPLATE_MISSING_PARAMETERS", ""
        used = [values[name] for name in needed]
        if any(len(v) > LONGEST_VALUE for v in used):
            return "isv.PARAM_LENGTH_LIMIT", ""
        if any("://" in v for v in used):
            return "isv.PARAM_NOT_SUPPORT_URL", ""
        if any(word in v for v in used for word in BLACK_WORDS):
            return "isv.BLACK_KEY_CONTROL_LIMIT", ""
        return "", VARIABLE.sub(lambda m: values[m.group(1)], template)

    def details(self, params: dict[str, str]) -> Answer:
        """QuerySendDetails: newest first, by page."""
        phone, day = params.get("PhoneNumber", ""), params.get("SendDate", "")
        size, page = int(params.get("PageSize", "10")), int(params.get("CurrentPage", "1"))
        found = [s for s in reversed(self.sent) if s.phone == phone and s.at.strftime("%Y%m%d") == day]
        rows = [
            {
                "PhoneNum": s.phone, "Content": s.content, "TemplateCode": s.template, "OutId": s.out_id,
                "SendDate": f"{s.at:%Y-%m-%d %H:%M:%S}", "ReceiveDate": f"{s.at:%Y-%m-%d %H:%M:%S}",
                "ErrCode": s.receipt, "SendStatus": 3 if s.arrived else 2,
            }
            for s in found[(page - 1) * size : page * size]
        ]  # fmt: skip
        return 200, {"Code": "OK", "TotalCount": str(len(found)), "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}

    def add_template(self, params: dict[str, str]) -> Answer:
        """AddSmsTemplate: the same wording gets the same code."""
        content = params.get("TemplateContent", "")
        if not content or len(content) > 500:
            return error("isv.TEMPLATE_CONTENT_ILLEGAL")
        code = f"SMS_{int(sha256(content.encode()).hexdigest()[:8], 16) % 900_000_000 + 100_000_000}"
        status = REVIEWS[self.behaviour.review]
        self.templates[code] = [content, status, "内容不合规" if status == "2" else ""]
        return 200, {"Code": "OK", "Message": "OK", "TemplateCode": code}

    def template_state(self, params: dict[str, str]) -> Answer:
        """QuerySmsTemplate; one held in review is decided by the behaviour of the moment."""
        template = self.templates.get(params.get("TemplateCode", ""))
        if template is None:
            return error("isv.SMS_TEMPLATE_ILLEGAL")
        if template[1] == "0":
            template[1] = REVIEWS[self.behaviour.review]
        content, status, reason = template
        return 200, {"Code": "OK", "TemplateContent": content, "TemplateStatus": int(status), "Reason": reason}

    def take_receipts(self) -> list[dict[str, Any]]:
        """Rows of SmsReport for what was not reported, as the behaviour wants them."""
        fresh = [s for s in self.sent if not s.reported]
        for s in fresh:
            s.reported = True
        if self.behaviour.receipts == "lose":
            return []
        rows = [
            {
                "phone_number": s.phone, "send_time": f"{s.at:%Y-%m-%d %H:%M:%S}",
                "report_time": f"{s.at:%Y-%m-%d %H:%M:%S}", "success": s.arrived, "err_code": s.receipt,
                "err_msg": "用户接收成功" if s.arrived else "未送达", "sms_size": str(self._parts(s.content)),
                "biz_id": s.biz_id, "out_id": s.out_id,
            }
            for s in fresh
        ]  # fmt: skip
        if self.behaviour.receipts == "repeat":
            return rows + rows
        return rows[::-1] if self.behaviour.receipts == "reverse" else rows
