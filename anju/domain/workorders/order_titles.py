"""What a repair is called: written down in Chinese, said again in the reader's language (W-02)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from anju.domain.workorders.actions import SHORT_KINDS, SHORT_SPOTS
from anju.domain.workorders.flow import NAME
from anju.domain.workorders.models import WorkOrder
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.titles import SOURCE, Said, composed
from anju.foundation.ui import page_global

# The words that tell the class, as shipped: known to the catalogue. An operator's own stand as written.
CUES = frozenset([
    _("停水"), _("没水"), _("断水"), _("不来水"), _("停电"), _("没电"), _("断电"), _("跳闸"), _("煤气味"),
    _("燃气味"), _("漏气"), _("着火"), _("冒烟"), _("起火"), _("触电"), _("困人"), _("爆管"), _("水管爆"),
    _("漏水"), _("渗水"), _("滴水"), _("漏电"), _("没有热水"), _("没热水"), _("不出热水"), _("堵塞"), _("堵了"),
    _("反水"), _("倒灌"), _("溢水"), _("地上都湿"), _("地都湿"), _("积水"), _("打火花"), _("锁在门外"),
    _("进不去门"), _("打不开门"), _("门打不开"), _("电梯停"), _("掉漆"), _("起皮"), _("划痕"), _("发霉"),
    _("裂缝"), _("掉色"), _("污渍"), _("灯泡"), _("纱窗"), _("踢脚线"), _("柜门松"), _("褪色"), _("起翘"),
])  # fmt: skip
KINDS = {word: kind for kind, word in SHORT_KINDS.items() if kind != WorkOrder.Kind.OTHER}


def titled(title: str) -> str:
    """A repair's title for its reader: ``厨房漏水``, ``Kitchen: water leak``; other words stand as they are.

    Args:
        title: as written down.
    """
    if (get_language() or SOURCE).startswith(SOURCE):
        return title
    spot = next((key for key, word in SHORT_SPOTS.items() if title.startswith(word)), None)
    if spot is None:
        return title
    what = title.removeprefix(SHORT_SPOTS[spot])
    if what in KINDS:
        what = str(WorkOrder.Kind(KINDS[what]).label)
    elif what in CUES or what == SHORT_KINDS[WorkOrder.Kind.OTHER]:
        what = gettext(what)
    else:
        return title
    return gettext("{where}：{what}").format(where=WorkOrder.Spot(spot).label, what=what)


@page_global
def order_titles(request: Any) -> Callable[[str], str]:
    """What turns the titles of a page's orders into words of its reader."""
    return titled


def say(case: FlowCase) -> Said:
    """A repair's case."""
    return Said(titled(case.title))


composed(NAME, say)
