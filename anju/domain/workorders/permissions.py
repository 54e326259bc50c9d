"""Rights over repairs. Who may take which step is the flow's matter."""

from anju.foundation.access import permission

STAFF = ("manager", "service", "maintenance")
VIEW = permission("workorders.order.view", zh="查看工单", en="See work orders", roles=STAFF)
REPORT = permission(
    "workorders.order.report",
    zh="报修、代报修",
    en="Report a repair",
    roles=("manager", "service", "maintenance", "tenant"),
)
JOIN = permission(
    "workorders.order.join", zh="并入已有报修", en="Join a repair that is reported already", roles=(*STAFF, "tenant")
)
VISIT_SAY = permission(
    "workorders.visit.say",
    zh="说方便的上门时间、同意入户",
    en="Say when to come and consent to enter",
    roles=("tenant",),
)
VISIT = permission("workorders.visit.appoint", zh="约上门时间", en="Appoint visits for repairs", roles=STAFF)
RATE = permission("workorders.order.rate", zh="评价维修", en="Rate a repair", roles=("tenant",))
APART = permission("workorders.order.apart", zh="判定不是同一件报修", en="Tell repairs apart", roles=("manager",))
INSPECT = permission("workorders.inspection.plan", zh="排巡检", en="Plan an inspection", roles=("manager", "service"))
EQUIP = permission(
    "workorders.order.equip", zh="指明工单修的设备", en="Say which equipment an order is about", roles=STAFF
)
CODES = permission(
    "workorders.room_code.print", zh="打印房间报修码", en="Print the rooms' repair codes", roles=("manager", "service")
)
IMPORT = permission("workorders.order.import", zh="导入历史工单", en="Import past work orders", roles=("manager",))
CREW = permission(
    "workorders.crew.plan", zh="排班、登记师傅技能", en="Plan shifts and enter technicians' skills", roles=("manager",)
)
SCORES = permission(
    "workorders.scorecard.view", zh="查看自己的维修评分", en="See one's own scorecard", roles=("manager", "maintenance")
)
SCORES_ALL = permission(
    "workorders.scorecard.all", zh="查看所有师傅的评分", en="See every technician's scorecard", roles=("manager",)
)
DISPATCH = permission("workorders.order.dispatch", zh="自动派单", en="Give repairs by themselves", roles=())
PAGE = permission("workorders.page.send", zh="呼叫没人接的急修", en="Page for urgent repairs", roles=())
COST = permission("workorders.cost.add", zh="记自己工单的费用", en="Enter costs of one's own orders", roles=STAFF)
COST_ANY = permission(
    "workorders.cost.any", zh="记任何工单的费用", en="Enter costs of any order", roles=("manager", "service")
)
COST_LIST = permission(
    "workorders.cost.list",
    zh="查看维修费用汇总",
    en="See repair costs by month",
    roles=("manager", "finance", "service"),
)
