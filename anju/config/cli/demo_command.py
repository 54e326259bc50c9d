"""``anju demo``: the product with the demo organization."""

from __future__ import annotations

from anju.config import environment
from anju.config.cli import external
from anju.config.cli.steps import Report
from anju.config.cli.supervisor import supervise

ZH = "启动安居，并带上演示公司「安居示范公寓」。"
EN = "Start Anju with the demo organization."


def run() -> None:
    def load(report: Report) -> None:
        external.call("demo", report)

    def announce() -> list[str]:
        return list(external.call("announce", environment.base_url()))

    supervise(load, announce)
