"""Repairs of the time before: ended orders with their times, what was done and by whom, linked to their rooms."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from anju.domain.workorders.past import PastOrder, import_orders
from anju.domain.workorders.permissions import IMPORT
from anju.foundation.actions import Act
from anju.foundation.db import SqlFile
from anju.surface.imports.targets import Asked, ImportTarget, Options, Outcome, StagedRow, register
from anju.surface.imports.targets.past_orders_fields import FIELDS
from anju.surface.imports.targets.past_orders_rows import complete_row


def complete(draft: Any, options: Options) -> tuple[str, str]:
    """Place, times, class, rating and end of a row; the key is the number it had."""
    complete_row(draft, options)
    key = hashlib.sha256(draft.text("number").encode()).hexdigest()
    return key, key


def apply(act: Act, rows: Sequence[StagedRow], options: Options) -> list[Outcome]:
    """Write the orders down; the plan has found their rooms."""
    done = import_orders(act.by, rows=[_order(row) for row in rows])
    return [
        Outcome(row.n, ("flow_case", case) if case else None, done.refused.get(n))
        for n, (row, case) in enumerate(zip(rows, done.case_ids, strict=True))
    ]


def _order(row: StagedRow) -> PastOrder:
    values = row.values
    return PastOrder(
        outside=values["number"],
        unit_id=row.changes[0]["id"],
        opened_at=datetime.fromisoformat(values["opened"]),
        said=values["said"],
        ended_at=datetime.fromisoformat(values["finished"]),
        accepted_at=_moment(values, "accepted"),
        arrived_at=_moment(values, "arrived"),
        void=values["void"],
        priority=values.get("priority"),
        technician=values.get("technician", ""),
        result=values.get("result", ""),
        parts=values.get("parts", ""),
        rating=values.get("rating"),
    )


def _moment(values: dict[str, Any], key: str) -> datetime | None:
    return datetime.fromisoformat(values[key]) if values.get(key) else None


PAST_ORDERS = register(
    ImportTarget(
        key="past_orders",
        zh="历史工单",
        en="Past work orders",
        help=gettext_noop("以前的报修：单号、房间、报修和完成时间、怎么修的。导入后都是已结束的工单，不通知任何人。"),
        fields=FIELDS,
        asked=(
            Asked("project", "项目", "Project", gettext_noop("表里没有项目一列时，全部工单归入这个项目。")),
            Asked("city", "城市", "City", gettext_noop("几个城市有同名项目时填写。")),
        ),
        needs=(IMPORT,),
        complete=complete,
        plan=SqlFile(__file__, "plans/past_orders.sql"),
        apply=apply,
        shown=(
            ("number", "单号"),
            ("unit", "房间"),
            ("opened_text", "报修时间"),
            ("said", "内容"),
            ("finished_text", "完成时间"),
            ("technician", "师傅"),
        ),
    )
)
