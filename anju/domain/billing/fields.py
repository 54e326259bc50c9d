"""What rows about money hold and who sees it: what is owed, and how it was paid."""

from anju.foundation.access import FieldSpec, entity
from anju.foundation.access.fields import EVERYBODY

MONEY = ("admin", "manager", "finance", "service")
PAID_BY = ("admin", "manager", "finance")


def _money(name: str, zh: str, en: str) -> FieldSpec:
    return FieldSpec(name, zh, en, "payment", MONEY)


def _who() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec("lease_id", "合同", "Lease"),
        FieldSpec("lease", "合同编号", "Lease number"),
        FieldSpec("person_id", "租客", "Tenant"),
        FieldSpec("name", "姓名", "Name", "name", EVERYBODY),
        FieldSpec("phone_tail", "手机尾号", "Phone's last digits", "contact", EVERYBODY, retention="lease_end+1y"),
        FieldSpec("room", "房间", "Room"),
        FieldSpec("scope_id", "项目", "Project"),
        FieldSpec("project", "项目名称", "Project name"),
        FieldSpec("building", "楼栋", "Building"),
    )


BILL = entity(
    "bill",
    zh="账单",
    en="Bill",
    export_roles=("manager", "finance"),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("number", "账单号", "Bill number"),
        *_who(),
        FieldSpec("period_from", "账期起", "From"),
        FieldSpec("period_to", "账期止", "To"),
        FieldSpec("due_on", "应付日", "Due"),
        FieldSpec("issued_on", "出账日", "Issued"),
        FieldSpec("days_late", "逾期天数", "Days late"),
        FieldSpec("state", "状态", "State"),
        FieldSpec("settled_at", "付清时间", "Settled"),
        FieldSpec("run_id", "批次", "Run"),
        _money("amount", "应付", "Amount"),
        _money("settled", "已付", "Paid"),
        _money("open", "未付", "Open"),
    ),
)
CHARGE = entity(
    "charge",
    zh="费用",
    en="Charge",
    export_roles=("manager", "finance"),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("bill_id", "账单", "Bill"),
        FieldSpec("bill", "账单号", "Bill number"),
        *_who(),
        FieldSpec("kind", "费用", "Kind"),
        FieldSpec("label", "名称", "Label"),
        FieldSpec("period_from", "账期起", "From"),
        FieldSpec("period_to", "账期止", "To"),
        FieldSpec("due_on", "应付日", "Due"),
        FieldSpec("issued_on", "出账日", "Issued"),
        FieldSpec("source", "来源", "Source"),
        FieldSpec("revision", "修订", "Revision"),
        FieldSpec("reverses_id", "冲正", "Reverses"),
        FieldSpec("reversed_by", "被冲正", "Reversed by"),
        _money("amount", "金额", "Amount"),
        _money("open", "未付", "Open"),
    ),
)
ARREARS = entity(
    "arrears",
    zh="逾期",
    en="Arrears",
    export_roles=("manager", "finance"),
    fields=(
        *_who(),
        FieldSpec("phone_mask", "手机", "Phone", "contact", EVERYBODY, retention="lease_end+1y"),
        FieldSpec("days_late", "逾期天数", "Days late"),
        FieldSpec("oldest_due_on", "最早应付日", "Oldest due"),
        FieldSpec("bills", "账单数", "Bills"),
        FieldSpec("last_channel", "上次渠道", "Last channel"),
        FieldSpec("last_state", "上次结果", "Last result"),
        FieldSpec("last_at", "上次联系", "Last contact"),
        _money("owed", "欠款", "Owed"),
    ),
)
PAYMENT = entity(
    "payment",
    zh="收款",
    en="Payment",
    export_roles=("manager", "finance"),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("number", "收款号", "Payment number"),
        *_who(),
        FieldSpec("received_at", "到账时间", "Received"),
        _money("amount", "金额", "Amount"),
        FieldSpec("method", "方式", "Method", "payment", PAID_BY),
        FieldSpec("source", "凭据", "Reference", "payment", PAID_BY),
        _money("unused", "未用余额", "Unused"),
    ),
)
