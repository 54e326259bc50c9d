"""Tenants sign in with a code sent to their phone: six digits, five minutes of wall time, five tries.

Both functions open the organization's scope themselves and commit what they counted before they refuse.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from anju.foundation.crypto import blind_index
from anju.foundation.crypto.org import org_keys
from anju.foundation.db import clock, org_scope
from anju.foundation.identity.limits import Limit, spend
from anju.foundation.identity.models import PhoneCode
from anju.kit import china
from anju.kit.refusal import sentence

VALID_FOR = timedelta(minutes=5)
TRIES = 5
DIGITS = 6

SOON = Limit("phone-code-again", 1, timedelta(seconds=60))
PER_PHONE = Limit("phone-code-day", 10, timedelta(days=1))
PER_ADDRESS = Limit("phone-code-address", 30, timedelta(hours=1))
CHECKS_PER_ADDRESS = Limit("phone-code-check", 60, timedelta(hours=1))

NO_PHONE = sentence(
    "sign_in.not_a_phone",
    "请输入 11 位手机号。",
    "Enter an 11-digit mobile number.",
)
WRONG = sentence(
    "sign_in.wrong_code",
    "验证码不对，还可以试 {left} 次。",
    "The code is wrong; {left} tries left.",
)
EXPIRED = sentence(
    "sign_in.code_expired",
    "验证码已失效，请重新获取。",
    "The code is no longer valid; ask for a new one.",
)


def request_code(org_id: int, phone: str, ip: str) -> str:
    """Make a new code for a phone; an earlier one stops working.

    The caller sends it, only if a tenant has this phone, and answers the same either way, so that nobody can ask who
    lives here. The code is never logged.

    Args:
        org_id: the organization whose portal it is.
        phone: as typed.
        ip: the caller's address.

    Returns:
        the six digits.

    Raises:
        Refused: ``sign_in.not_a_phone``, ``too_many``.
    """
    number = _normal(phone)
    spend(PER_ADDRESS, ip)
    spend(SOON, f"{org_id}|{number}")
    spend(PER_PHONE, f"{org_id}|{number}")
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with org_scope(org_id):
        PhoneCode.objects.update_or_create(
            phone_index=blind_index("phone", number),
            defaults={
                "code_hash": _hashed(number, code),
                "expires_at": clock.wall() + VALID_FOR,
                "attempts": 0,
                "used_at": None,
            },
        )
    return code


def next_code_at(org_id: int, phone: str) -> datetime | None:
    """When another code can be asked for, while the last one can still be typed; None when none is on its way.

    A number that nobody knows has had its code made as well, so the answer tells nothing.
    """
    with org_scope(org_id):
        row = PhoneCode.objects.filter(phone_index=blind_index("phone", _normal(phone))).first()
    if row is None or row.used_at or row.attempts >= TRIES or row.expires_at <= clock.wall():
        return None
    return row.expires_at - VALID_FOR + SOON.per


def check_code(org_id: int, phone: str, code: str, ip: str) -> str:
    """Use up a code.

    Returns:
        the phone's eleven digits, for the caller to find the person by.

    Raises:
        Refused: ``sign_in.wrong_code`` (how many tries are left), ``sign_in.code_expired``, ``too_many``.
    """
    number = _normal(phone)
    spend(CHECKS_PER_ADDRESS, ip)
    typed = china.plain(code)
    with org_scope(org_id):
        row = PhoneCode.objects.select_for_update().filter(phone_index=blind_index("phone", number)).first()
        if row is None or row.used_at or row.attempts >= TRIES or row.expires_at <= clock.wall():
            refusal = EXPIRED()
        elif hmac.compare_digest(row.code_hash, _hashed(number, typed)):
            row.used_at = clock.wall()
            row.save(update_fields=["used_at"])
            return number
        else:
            row.attempts += 1
            row.save(update_fields=["attempts"])
            left = TRIES - row.attempts
            refusal = WRONG(left=left) if left else EXPIRED()
    raise refusal


def _normal(phone: str) -> str:
    number = china.mobile(phone)
    if number is None:
        raise NO_PHONE()
    return number


def _hashed(number: str, code: str) -> str:
    return hmac.new(org_keys().indexes, f"phone-code\0{number}\0{code}".encode(), "sha256").hexdigest()
