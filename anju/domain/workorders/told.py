"""Events of repairs in words."""

from functools import partial

from anju.domain.workorders.permissions import VIEW
from anju.foundation.trace.told import told

order = partial(told, about="place", icon="tool", needs=VIEW)
order("workorders.order.report", "报修 {number}", "Reported {number}", tone="info")
order(
    "workorders.order.join",
    "并入报修 {number}，共 {reporters} 人在跟进",
    "Joined {number}; {reporters} follow it",
    icon="users",
)
order("workorders.order.rate", "评价 {number}：{stars} 星", "Rated {number}: {stars} stars", icon="star", tone="ok")
