"""Masks: what may be shown of a value to someone who may not see it. Pure; lists store the result."""

from __future__ import annotations

import re

STAR = "*"


def mask_phone(phone: str) -> str:
    """A mobile number as 138****1234; a fixed line keeps its last two digits."""
    if re.fullmatch(r"1\d{10}", phone):
        return f"{phone[:3]}****{phone[-4:]}"
    return STAR * max(len(phone) - 2, 4) + phone[-2:] if phone else ""


def mask_name(name: str) -> str:
    """A person's name as 张*: the first character and one star, so that the length tells nothing."""
    name = name.strip()
    return f"{name[0]}*" if name else ""


def mask_company(name: str) -> str:
    """A company's name as 杭州****公司: the first two and the last two characters."""
    name = name.strip()
    return f"{name[:2]}****{name[-2:]}" if len(name) > 4 else mask_name(name)


def mask_id_number(number: str) -> str:
    """A resident ID as ``110***********1234``; of other documents only the last two characters."""
    if len(number) == 18:
        return f"{number[:3]}{STAR * 11}{number[-4:]}"
    return STAR * max(len(number) - 2, 4) + number[-2:] if number else ""


def mask_bank_card(number: str) -> str:
    """A bank account as people quote it: ``**** 1234``."""
    return f"**** {number[-4:]}" if number else ""


def mask_email(address: str) -> str:
    """An e-mail address as ``z***@example.com``."""
    local, at, host = address.partition("@")
    return f"{local[:1]}***{at}{host}" if at else "***"
