"""What a row about a lease may hold, and who sees it."""

from anju.foundation.access import FieldSpec, entity
from anju.foundation.access.fields import EVERYBODY
from anju.kit.masks import mask_name, mask_phone

MONEY = ("manager", "finance", "service")


def _money(name: str, zh: str, en: str) -> FieldSpec:
    return FieldSpec(name, zh, en, "payment", MONEY)


LEASE = entity(
    "lease",
    zh="合同",
    en="Lease",
    export_roles=("manager", "finance"),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("number", "合同编号", "Number"),
        FieldSpec("status", "状态", "Status"),
        FieldSpec("scope_id", "项目", "Project"),
        FieldSpec("project", "项目名称", "Project name"),
        FieldSpec("payer_id", "租客编号", "Tenant's id"),
        FieldSpec("payer", "租客", "Tenant", "name", EVERYBODY, mask_name),
        FieldSpec("phone_tail", "手机尾号", "Phone's last digits", "contact", EVERYBODY, retention="lease_end+1y"),
        FieldSpec("phone", "手机", "Phone", "contact", ("service", "finance"), mask_phone, retention="lease_end+1y"),
        FieldSpec("handle", "识别号", "Handle", "contact", EVERYBODY),
        FieldSpec("units", "房源", "Units"),
        FieldSpec("unit_ids", "房源编号", "Unit ids"),
        FieldSpec("parties", "租客与同住人", "Parties", "name", EVERYBODY),
        FieldSpec("start_on", "开始日", "From"),
        FieldSpec("end_on", "到期次日", "Agreed end"),
        FieldSpec("actual_end_on", "实际退租次日", "Actual end"),
        FieldSpec("holds_until", "占用至", "Held until"),
        FieldSpec("signed_on", "签约日", "Signed"),
        FieldSpec("cycle_months", "付款周期（月）", "Cycle in months"),
        FieldSpec("anchor_on", "账期起点", "Periods begin"),
        FieldSpec("due_offset_days", "应付日偏移", "Due offset"),
        FieldSpec("bill_day", "账单日", "Bill day"),
        FieldSpec("current_version_id", "条款版本编号", "Version id"),
        FieldSpec("version", "条款版本", "Version"),
        _money("monthly", "当前月租", "Rent a month"),
        _money("deposit", "押金", "Deposit"),
        _money("terms", "条款", "Terms"),
        _money("rates", "租金表", "Rates"),
        _money("fees", "费用", "Fees"),
        FieldSpec("auto_renew", "自动续租授权", "Automatic renewal"),
        _money("draft", "草稿", "Draft"),
        FieldSpec("rev", "修改次数", "Revision"),
        FieldSpec("created_at", "录入时间", "Recorded"),
    ),
)
