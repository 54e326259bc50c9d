"""``anju up``: the product without demo data; the first page makes the organization."""

from __future__ import annotations

from anju.config.cli.supervisor import supervise

ZH = "启动安居（不含演示数据）。首次打开网页时建立公司和第一位管理员。"
EN = "Start Anju without demo data. The first page makes the organization and its administrator."


def run() -> None:
    supervise()
