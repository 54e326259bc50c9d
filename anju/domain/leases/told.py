"""Events of leases in words."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from anju.domain.leases.editing import WORDS
from anju.foundation.trace.told import told

REASONS = {
    "expired": gettext_noop("到期退租"), "early_exit": gettext_noop("提前退租"), "left_late": gettext_noop("延后退租"),
    "transfer": gettext_noop("转租"), "breach": gettext_noop("违约"),
}  # fmt: skip


def _fields(body: dict[str, Any]) -> dict[str, Any]:
    known = dict.fromkeys(str(WORDS[f]) for f in body.get("fields", []) if f in WORDS)
    return {**body, "fields": _("、").join(known) or _("条款")}


lease = partial(told, about="lease", icon="file-text")
lease("leases.lease.draft", "起草合同", "Drafted the lease", icon="file-pencil")
lease("leases.lease.activate", "合同生效", "The lease came into force", icon="file-check", tone="ok")
lease("leases.lease.import", "导入合同", "Imported the lease", icon="file-import")
lease(
    "leases.lease.begin", "到搬入日，合同开始执行", "The first day came; the lease began", icon="door-enter", tone="ok"
)
lease(
    "leases.lease.amend", "变更{fields}，自 {effective} 起，第 {version} 版条款",
    "Changed terms from {effective}, version {version}", icon="file-diff", tone="info", facts=_fields,
)  # fmt: skip
lease(
    "leases.lease.hold_over",
    "到期未续签，按原条件顺延",
    "Held over on the old terms",
    icon="calendar-plus",
    tone="warn",
)
lease("leases.lease.end", "合同结束，{ended} 前交还房屋", "The lease ended before {ended}", icon="door-exit")
lease("leases.lease.end_many", "合同结束，{ended} 前交还房屋", "The lease ended before {ended}", icon="door-exit")
lease("leases.lease.cancel", "合同取消，房源已释放", "The lease was called off", icon="file-x", tone="warn")
lease("leases.lease.move", "自 {on} 起换房", "Moved to another room from {on}", icon="arrows-exchange", tone="info")
lease("leases.lease.transfer", "自 {on} 起换承租人", "Another tenant from {on}", icon="users", tone="info")
lease("leases.occupant.change", "自 {on} 起变更同住人", "Occupants changed from {on}", icon="users")
