# ruff: noqa: E501 - a table of invented people reads best one person a line
"""Invented data of the gallery."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace as Thing

from markupsafe import Markup

from anju.foundation.ui.environment import draw

TODAY = date(2026, 11, 22)


def _item(key: str, label: str, icon: str, count: int | None = None, group: str = "work") -> Thing:
    return Thing(key=key, label=label, icon=icon, href=f"/{key}", count=count, group=group)


ITEMS = [
    _item("workbench", "工作台", "clipboard-check", 14), _item("tenants", "租客", "users"),
    _item("rooms", "房源", "building"), _item("leases", "合同", "file-text", 4),
    _item("charges", "收租", "coin-yuan", 26), _item("orders", "工单", "tool", 22),
    _item("moveouts", "退租", "door-exit", 3), _item("cockpit", "驾驶舱", "gauge", None, "insight"),
    _item("reports", "报表", "report-analytics", None, "insight"),
    _item("policy", "配置", "adjustments", None, "setup"), _item("system", "系统", "settings", None, "setup"),
]  # fmt: skip
TOP = Thing(
    groups=[[i for i in ITEMS if i.group == g] for g in ("work", "insight", "setup")],
    tabs=[ITEMS[0], ITEMS[1], ITEMS[4], ITEMS[5], *ITEMS[2:4], *ITEMS[6:]],
    org_name="安居示范公寓",
    projects=[Thing(id=1, name="杭州滨江店"), Thing(id=2, name="成都天府店")],
    more_projects=True,
    project_id=1,
    project_name="杭州滨江店",
    search_href="/search",
    inbox_href="/workbench",
    my_links=[],
    sign_out_href="/sign-out",
    compact=False,
    me=Markup(
        '<span class="a-me"><span class="a-avatar" aria-hidden="true">林</span>'
        "<span><b>林晓</b><small>服务专员</small></span></span>"
    ),
    slots={f"n_{i.key}": Markup("<em>{}</em>").format(i.count) for i in ITEMS if i.count},
    time="10:24",
    csrf="",
    path="/",
    waiting=14,
    bell=Markup('<em aria-hidden="true">14</em>'),
)
SHELL = Thing(
    drill_at=None,
    rail=lambda here: draw("console/rail.html", {**vars(TOP), "here": here}),
    top=lambda title: draw("console/top.html", {**vars(TOP), "page_title": title}),
    tabbar=lambda here: draw("console/tabbar.html", {**vars(TOP), "here": here}),
)

ARREARS = [
    ("何雨桐", "3-1-1208", "HZ25-0412・7730", "2468.68", 5, "未读", "brand-wechat", "11-20 服务号", "warn", "—", "林晓", "电话联系", "36 分后到期"),
    ("唐一鸣", "1-2-0603", "HZ25-0187・3391", "2150.00", 6, "承诺付款", "phone", "11-20 电话", "", "今天", "林晓", "核对到账", "今天 12:00"),
    ("吕思远", "2-2-1401", "HZ24-0827・6613", "4612.35", 12, "未接通 2 次", "phone-off", "11-19 电话", "danger", "11-17 失约", "林晓", "法务预审", "高原已接收"),
    ("段文浩", "1-1-0903", "HZ25-0276・4805", "4396.20", 9, "有争议", "phone", "11-18 电话", "warn", "—", "周敏", "补证据", "缺催告送达"),
    ("白若溪", "3-1-0604", "HZ25-0459・2096", "2233.15", 4, "已送达", "message", "11-20 短信", "", "—", "林晓", "电话联系", "今天 18:00"),
    ("丁一诺", "2-1-0504", "HZ26-0715・9174", "1980.00", 3, "已读", "device-mobile", "11-21 应用内", "", "—", "林晓", "等待付款", "11-23 复核"),
    ("薛佳怡", "3-2-0803", "HZ25-0508・3349", "2316.80", 7, "承诺付款", "phone", "11-21 电话", "", "11-24", "林晓", "等待承诺", "11-24 12:00"),
    ("蒋欣怡", "2-2-0903", "HZ25-0448・2273", "2090.00", 4, "未送达", "alert-triangle", "11-21 短信", "danger", "—", "林晓", "换渠道", "号码疑失效"),
    ("秦浩宇", "2-1-1502", "HZ25-0231・7058", "2275.40", 2, "已送达", "message", "11-21 短信", "", "—", "系统", "服务号消息", "今天 14:00"),
    ("莫晓岚", "3-1-1105", "HZ26-0693・1820", "2120.00", 1, "已读", "brand-wechat", "11-21 服务号", "", "—", "系统", "应用内消息", "明天 10:00"),
    ("贺子墨", "2-1-1604", "HZ25-0374・5567", "3184.90", 8, "承诺分期", "phone", "11-20 电话", "", "11-25", "吴倩", "审批分期", "周敏待批"),
    ("俞静雯", "1-1-0701", "HZ24-0953・8412", "2205.00", 5, "承诺付款", "phone", "11-21 电话", "", "11-23", "吴倩", "等待承诺", "11-23 12:00"),
]  # fmt: skip

WHY = Thing(
    decided_at="今天 06:00 自动判定",
    decision="转人工电话，由林晓负责，11:00 前完成",
    reasons=[
        Thing(ok=True, text="逾期第 5 天，落在「4–7 天：电话任务」"),
        Thing(ok=True, text="11-18 短信未打开、11-20 服务号未读，连续两次未回应"),
        Thing(ok=False, text="不免滞纳金：12 个月内第 2 次逾期，首次才免"),
    ],
    basis=Thing(text="催缴阶梯 v12", href="#", note="10-08 生效，许婧复核", proof_href="#"),
    other=Thing(
        on=date(2026, 11, 25),
        before=date(2026, 11, 24),
        after=date(2026, 11, 26),
        columns=("今天 11-22", "11-25 (周三)"),
        rows=[
            Thing(label="逾期", now="5 天", then="8 天，高风险", kind="danger"),
            Thing(label="决定", now="电话任务", then="进入法务预审清单", kind=""),
            Thing(label="应付", now="¥2,468.68", then="¥2,472.10", kind=""),
        ],
        note="若 11-24 前登记承诺，最多顺延至 11-27，期间不进清单。",
    ),
)

TIMELINE = [
    Thing(day="今天 11-22", events=[
        Thing(icon="user-check", kind="ok", title="孙海涛接单 W26839", detail="约今天 14:30 上门，租客已同意进入", time="09:31"),
        Thing(icon="git-branch", kind="neutral", title="判定：转人工电话", detail="催缴阶梯 v12，理由 3 条", time="06:00", why_href="#"),
    ]),
    Thing(day="11-20 (周五)", events=[
        Thing(icon="brand-wechat", kind="warn", title="服务号催缴，24 小时未读", detail="模板「温和提醒」第 4 版，含支付链接", time="10:00"),
    ]),
    Thing(day="10-16 (周五)", events=[
        Thing(icon="coin-yuan", kind="ok", title="收款 ¥2,421.75", detail="已核销账单 F25-0412-20", time="20:13"),
        Thing(icon="click", kind="info", title="打开支付链接", detail="来自 10-14 服务号提醒", time="20:12"),
    ]),
]  # fmt: skip

_STATES = {(14, 1): ("turning", "11-25"), (14, 3): ("owing", "2 天"), (13, 4): ("ending", "3 天"), (13, 6): ("vacant", "6 天"),
           (12, 8): ("owing", "5 天"), (9, 3): ("vacant", "12 天"), (6, 4): ("owing", "4 天"), (5, 6): ("booked", "签约中"),
           (4, 7): ("vacant", "3 天"), (3, 2): ("repair", "11-26"), (2, 1): ("closed", "弱电间"), (2, 5): ("moving", "11-24"),
           (7, 8): ("overstay", "超 4 天")}  # fmt: skip


def _room(floor: int, n: int) -> Thing:
    state, fact = _STATES.get((floor, n), ("living", "王*"))
    number = f"{floor:02}{n:02}"
    return Thing(number=number, state=state, fact=fact, href="#", title=f"{number} {fact}", on=(floor, n) == (9, 3))


def _block(title: str, rooms: int) -> Thing:
    floors = [Thing(name=str(f), rooms=[_room(f, n) for n in range(1, rooms + 1)]) for f in range(14, 1, -1)]
    return Thing(title=title, floors=floors, ground="大堂、快递柜、公共厨房")


BLOCKS = [_block("1单元，每层 8 间", 8), _block("2单元，每层 5 间", 5)]
LEGEND = [("living", "在住", 131), ("owing", "有欠款", 9), ("ending", "即将到期", 7), ("overstay", "到期未退", 1), ("vacant", "空置", 6),
          ("booked", "已预定", 3), ("moving", "待搬入", 2), ("turning", "整备中", 3), ("repair", "维修中", 1), ("closed", "停用", 1)]  # fmt: skip
CURVE = {
    "x": [f"{d}日" for d in range(1, 31)],
    "due": [520000 + 33000 * d - (d % 5) * 9000 for d in range(30)],
    "got": [490000 + 29000 * d - (d % 4) * 8000 if d < 22 else None for d in range(30)],
    "names": ["应收", "已收"],
    "gap": "差 8.62 万",
}
BARS = {"x": ["到期前 3 天", "第 1 天", "1–3 天", "4–7 天", "8 天起"],
        "series": [{"name": "现行 v12", "values": [543, 0, 108, 37, 6]}, {"name": "草稿 v13", "values": [558, 58, 100, 33, 6]}]}  # fmt: skip
SENT_AT = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
BILL = [("房租", "12月1日–12月31日", Decimal("2100")), ("水费", "11.0 吨 × 3.50", Decimal("38.5")), ("电费", "333.7 度 × 0.558", Decimal("186.2")), ("公摊", "电梯、走廊照明，按面积分摊", Decimal("61.7"))]  # fmt: skip
LEFT = timedelta(minutes=36)
