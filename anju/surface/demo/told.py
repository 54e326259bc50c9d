"""Events of drills in words."""

from __future__ import annotations

from typing import Any

from anju.foundation.trace.told import told
from anju.surface.demo.permissions import MOVE_CLOCK


def _day(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "day": str(body.get("to") or body.get("at") or "")[:10]}


told(
    "demo.clock.move", "把演练时钟拨到 {day}", "Moved the drill clock to {day}", icon="clock-play", about="setting",
    needs=MOVE_CLOCK, facts=_day,
)  # fmt: skip
told(
    "demo.clock.end", "演练时钟走到 {day}", "The drill clock came to {day}", icon="clock-check", about="setting",
    needs=MOVE_CLOCK, facts=_day, quiet=True,
)  # fmt: skip
for step, zh, en in (
    ("leases", "装入测试数据：{leases} 份合同", "Loaded {leases} leases for measuring"),
    ("bills", "装入测试数据：{bills} 张账单", "Loaded {bills} bills for measuring"),
    ("payments", "装入测试数据：{payments} 笔收款", "Loaded {payments} payments for measuring"),
):
    told(f"demo.{step}.load", zh, en, icon="database-import", about="data", quiet=True)
