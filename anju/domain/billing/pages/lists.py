"""The lists of 收租: what a saved view keeps of them, and which columns may be left out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from anju.domain.billing.permissions import VIEW, VIEW_PAYMENTS
from anju.foundation.lists.listing import declare

ARREARS = declare(
    "arrears",
    _("逾期清单"),
    "billing:arrears",
    needs=VIEW,
    keys=("view", "days", "owed", "sort", "project", "building"),
    columns=(
        ("owed", _("欠款金额")),
        ("late", _("逾期")),
        ("contact", _("上次联系与结果")),
        ("oldest", _("最早应付日")),
        ("building", _("楼栋")),
    ),
)
BILLS = declare(
    "bills",
    _("账单"),
    "billing:bills",
    needs=VIEW,
    keys=("state", "from", "to", "lease", "project", "building"),
    columns=(
        ("tenant", _("租客")),
        ("period", _("账期")),
        ("due", _("应付日")),
        ("amount", _("应付")),
        ("settled", _("已付")),
        ("open", _("未付")),
        ("state", _("状态")),
    ),
)
PAYMENTS = declare(
    "payments",
    _("收款"),
    "billing:payments",
    needs=VIEW_PAYMENTS,
    keys=("lease",),
    columns=(
        ("tenant", _("租客")),
        ("time", _("到账时间")),
        ("method", _("方式")),
        ("source", _("凭据")),
        ("amount", _("金额")),
        ("unused", _("未用余额")),
    ),
)
