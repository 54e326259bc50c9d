"""What a row about a person may hold, who sees it and how long it is kept (T-04, T-07)."""

from anju.foundation.access import FieldSpec, entity
from anju.foundation.access.fields import EVERYBODY
from anju.kit.masks import mask_bank_card, mask_email, mask_id_number, mask_phone

CONTACT = ("service", "finance")


def _star(value: str) -> str:
    return f"{value[:1]}***"


PERSON = entity(
    "person",
    zh="租客",
    en="Tenant",
    export_roles=("manager",),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("kind", "类型", "Kind"),
        FieldSpec("name", "姓名", "Name", "name", EVERYBODY),
        FieldSpec("sort_key", "拼音", "Pinyin", "name", EVERYBODY),
        FieldSpec("segment", "客群", "Segment"),
        FieldSpec("phone", "手机", "Phone", "contact", CONTACT, mask_phone, retention="lease_end+1y"),
        FieldSpec("phone_tail", "手机尾号", "Phone's last digits", "contact", EVERYBODY, retention="lease_end+1y"),
        FieldSpec("email", "邮箱", "E-mail", "contact", CONTACT, mask_email, retention="lease_end+1y"),
        FieldSpec("wechat", "微信", "WeChat", "contact", CONTACT, _star, retention="lease_end+1y"),
        FieldSpec(
            "document", "证件号码", "Document number", "identity", ("risk",), mask_id_number, ("risk",), "approval+7d"
        ),
        FieldSpec(
            "account", "银行账号", "Bank account", "payment", ("finance",), mask_bank_card, ("finance",), "lease_end+1y"
        ),
        FieldSpec("scope_id", "项目", "Project"),
        FieldSpec("project", "项目名称", "Project name"),
        FieldSpec("handle", "识别号", "Handle", "contact", EVERYBODY),
        FieldSpec("leases", "合同", "Leases"),
        FieldSpec("created_at", "登记时间", "Registered"),
    ),
)
CONTACT_POINT = entity(
    "contact_point",
    zh="联系方式",
    en="Contact",
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("kind", "类型", "Kind"),
        FieldSpec("mask", "联系方式", "Contact", "contact", EVERYBODY, retention="lease_end+1y"),
        FieldSpec("verified_at", "验证时间", "Verified"),
        FieldSpec("preferred", "首选", "Preferred"),
        FieldSpec("valid_from", "启用日期", "Since"),
        FieldSpec("stale_since", "失效日期", "Until"),
    ),
)
