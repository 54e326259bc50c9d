"""Identifiers used in China: read what people type, accept only what can be right.

Sources: GB 11643-1999 (citizen identification number), GB 32100-2015 (unified social credit code),
the Luhn check of ISO/IEC 7812-1 (bank cards).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)


def plain(text: str) -> str:
    """What was meant: full-width letters and digits made narrow, all spaces, dashes and invisible marks dropped."""
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(c for c in narrow if not c.isspace() and c not in "-‐‑‒–—−·" and unicodedata.category(c) != "Cf")


def mobile(text: str) -> str | None:
    """A mainland mobile number as eleven digits, or None.

    Accepts full-width digits, spaces, dashes, brackets and +86, 86 or 0086 in front.
    """
    digits = plain(text).replace("(", "").replace(")", "")
    digits = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits)
    return digits if MOBILE.fullmatch(digits) else None


def resident_id(text: str) -> str | None:
    """A resident identity number of 18 characters with a right date and check character, or None.

    The region is not checked, so residence permits of Hong Kong, Macao and Taiwan residents (81, 82, 83) pass.
    """
    number = plain(text).upper()
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII) or birth_date(number) is None:
        return None
    total = sum(int(c) * w for c, w in zip(number, ID_WEIGHTS, strict=False))
    return number if ID_CHECKS[total % 11] == number[-1] else None


def birth_date(number: str) -> date | None:
    """The date of birth inside an 18-character resident ID, or None when it is no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def uscc(text: str) -> str | None:
    """A unified social credit code (统一社会信用代码) of 18 characters with a right check character, or None."""
    code = plain(text).upper()
    if len(code) != 18 or any(c not in USCC_ALPHABET for c in code):
        return None
    total = sum(USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return code if USCC_ALPHABET[(31 - total % 31) % 31] == code[17] else None


def bank_card(text: str) -> str | None:
    """A bank card number of 12 to 19 digits that passes the Luhn check, or None. Company accounts have no check."""
    number = plain(text)
    if not re.fullmatch(r"\d{12,19}", number, re.ASCII):
        return None
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(number)))
    return number if sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0 else None
