"""Reading what people wrote about people: names, phones, documents. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from pypinyin import lazy_pinyin

from anju.kit import china
from anju.kit.masks import mask_bank_card, mask_email, mask_id_number, mask_phone
from anju.kit.refusal import sentence

NAME_MISSING = sentence("person.name_missing", "缺少租客姓名。", "The tenant's name is missing.")
PHONE_MALFORMED = sentence(
    "person.phone_malformed",
    "手机号格式不对：应为 11 位大陆手机号。",
    "The phone number is malformed: a mainland mobile number has 11 digits.",
)
EMAIL_MALFORMED = sentence("person.email_malformed", "邮箱地址格式不对。", "The e-mail address is malformed.")
ID_MALFORMED = sentence(
    "person.id_malformed",
    "证件号码校验不通过，请对照证件核对。",
    "The document number fails its check; compare it with the document.",
)
ACCOUNT_MALFORMED = sentence(
    "person.account_malformed", "银行账号应为 8 至 30 位数字。", "A bank account has 8 to 30 digits."
)
EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SORT_KEY_MOST = 240


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A tenant as importers and the API hand it in; values as people typed them. Never logged: its repr shows
    nothing."""

    name: str
    kind: str = "person"
    phone: str = ""
    email: str = ""
    wechat: str = ""
    segment: str = ""
    id_kind: str = ""
    id_number: str = ""
    bank: str = ""
    bank_account: str = ""

    def __repr__(self) -> str:
        return f"NewPerson({self.kind})"


@dataclass(frozen=True, slots=True)
class Value:
    """One sensitive value, read and ready to be encrypted."""

    kind: str
    value: str = field(repr=False)
    mask: str


@dataclass(frozen=True, slots=True)
class ReadPerson:
    """A person whose values passed their checks."""

    kind: str
    name: str = field(repr=False)
    sort_key: str = field(repr=False)
    segment: str
    contacts: tuple[Value, ...]
    document: Value | None
    bank: str
    account: Value | None

    @property
    def phone(self) -> Value | None:
        """The mobile number, if there is one."""
        return next((c for c in self.contacts if c.kind == "phone"), None)


def read_person(raw: NewPerson) -> ReadPerson:
    """Normalise and check a person.

    Raises:
        Refused: no name; a phone, e-mail, document or account that can not be right. The sentence never repeats it.
    """
    name = " ".join(unicodedata.normalize("NFKC", raw.name).split())
    if not name:
        raise NAME_MISSING()
    contacts = [read_contact(kind, text) for kind, text in _given(raw)]
    return ReadPerson(
        kind=raw.kind,
        name=name[:120],
        sort_key=sort_key(name),
        segment=raw.segment,
        contacts=tuple(contacts),
        document=_document(raw) if raw.id_number.strip() else None,
        bank=raw.bank.strip(),
        account=_account(raw.bank_account) if raw.bank_account.strip() else None,
    )


def _given(raw: NewPerson) -> list[tuple[str, str]]:
    given = (("phone", raw.phone), ("email", raw.email), ("wechat", raw.wechat))
    return [(kind, text) for kind, text in given if text.strip()]


def read_contact(kind: str, text: str) -> Value:
    """A phone as eleven digits, an e-mail address in lower case, a WeChat identifier as it is.

    Raises:
        Refused: malformed.
    """
    if kind == "phone":
        number = china.mobile(text)
        if number is None:
            raise PHONE_MALFORMED()
        return Value("phone", number, mask_phone(number))
    if kind == "email":
        address = unicodedata.normalize("NFKC", text).strip().lower()
        if not EMAIL.fullmatch(address):
            raise EMAIL_MALFORMED()
        return Value("email", address, mask_email(address))
    plain = text.strip()
    return Value("wechat", plain, f"{plain[:1]}***")


def _document(raw: NewPerson) -> Value:
    text = china.plain(raw.id_number).upper()
    kind = raw.id_kind or ("uscc" if raw.kind == "company" else "id_card")
    checked = {"id_card": china.resident_id, "uscc": china.uscc}.get(kind, lambda t: t if len(t) >= 6 else None)(text)
    if checked is None:
        raise ID_MALFORMED()
    return Value(kind, checked, mask_id_number(checked))


def _account(text: str) -> Value:
    number = china.plain(text)
    if not re.fullmatch(r"\d{8,30}", number, re.ASCII):
        raise ACCOUNT_MALFORMED()
    return Value("account", number, mask_bank_card(number))


def sort_key(name: str) -> str:
    """A name in pinyin with single spaces, for sorting (王芳 → wang fang); Latin names in lower case."""
    return " ".join(" ".join(lazy_pinyin(name)).lower().split())[:SORT_KEY_MOST]
