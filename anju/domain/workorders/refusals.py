"""What reports of repairs are refused for."""

from anju.kit.refusal import sentence

SAY_MORE = sentence(
    "workorders.say_more",
    "请用几个字说说哪里坏了，师傅好带工具。",
    "Say in a few words what is broken, so that the right tools come.",
)
TOO_LONG = sentence(
    "workorders.too_long", "最多写 {n} 个字，现在是 {is_} 个。", "At most {n} characters; these are {is_}."
)
NO_HOME = sentence(
    "workorders.no_home",
    "这份合同没有在住的房间，请联系管家。",
    "This lease has no room that is lived in; ask the office.",
)
NO_CLASS = sentence("workorders.no_class", "没有这个级别，请重新选择。", "There is no such class; choose again.")
WHY_CLASS = sentence(
    "workorders.why_class",
    "改了系统建议的级别，请写一句原因。",
    "The suggested class was changed; say why in a few words.",
)
SAME_ALREADY = sentence("workorders.same_already", "您已经在跟进这一单了。", "You follow this order already.")
ENDED = sentence("workorders.ended", "{number} 已经结束，请提交新的报修。", "{number} has ended; make a new report.")
TOO_MANY = sentence(
    "workorders.too_many",
    "一小时内报修太多次，请稍后再试；急事请打电话给管家。",
    "Too many reports within an hour; try later, or call the office if it is urgent.",
)
RATED = sentence("workorders.rated", "这一单已经评价过了，谢谢您。", "This order is rated already; thank you.")
NOT_DONE = sentence("workorders.not_done", "确认修好以后才能评价。", "It can be rated once it is confirmed.")
STARS = sentence("workorders.stars", "请选一到五颗星。", "Choose one to five stars.")
NO_ROOM = sentence(
    "workorders.no_room",
    "没有找到这个房号或合同编号在住的租客，请核对；几个项目有同样房号时请填合同编号。",
    "No lease with that room or number; where projects share a room number, enter the lease number.",
)
NOT_HOT = sentence(
    "workorders.not_hot",
    "这里已经不是热点了，请刷新后再看。",
    "This is no hot spot any more; reload the page.",
)
NOT_THERE = sentence(
    "workorders.not_there",
    "这台设备不在报修的地方，请从这里的设备中选。",
    "That equipment is elsewhere; choose from what is there.",
)
VOID = sentence(
    "workorders.void", "{number} 已作废，不能再记费用。", "{number} is void; no costs can be entered any more."
)
NOT_YOUR_ORDER = sentence(
    "workorders.not_your_order",
    "只能记自己手上工单的费用；别人的请管家或经理来记。",
    "You can enter costs of orders in your hands; for others ask the office.",
)
COST_WHAT = sentence("workorders.cost_what", "请选择人工或材料。", "Choose labour or parts.")
COST_TEXT = sentence(
    "workorders.cost_text",
    "请用 2 到 {n} 个字写明是什么费用，例如“换花洒软管”。",
    "Say in 2 to {n} characters what it is for, such as “new shower hose”.",
)
COST_NUMBER = sentence(
    "workorders.cost_number", "金额请填数字，例如 45.50。", "Enter the amount as a number, such as 45.50."
)
COST_AMOUNT = sentence(
    "workorders.cost_amount",
    "金额要大于 0，且不超过 {most} 元。",
    "The amount must be more than 0 and at most {most} yuan.",
)
COST_FINE = sentence("workorders.cost_fine", "金额最多两位小数，到分为止。", "The amount has at most two decimals.")
COST_NO_LEASE = sentence(
    "workorders.cost_no_lease",
    "这一单没有报修人的合同，无法向租客收费。",
    "This order has no reporter's lease to charge.",
)
WHY_WITHDRAWN = sentence("workorders.why_withdrawn", "请写一句撤回的原因。", "Say in a few words why it is withdrawn.")
WITHDRAWN = sentence("workorders.withdrawn", "这笔费用已经撤回了。", "This cost is withdrawn already.")
NO_ROOMS = sentence("workorders.no_rooms", "这些楼层没有房间，请重新选择。", "No rooms on these floors; choose again.")
TOO_MANY_LABELS = sentence(
    "workorders.too_many_labels",
    "一次最多打印 {most} 个房间的报修码，现在是 {n} 个，请按楼层分几次打印。",
    "At most {most} labels at once, these are {n}; print them floor by floor.",
)
CODE_UNKNOWN = sentence(
    "workorders.code_unknown",
    "这个报修码打不开，请对准墙上的码重新扫，或在“我的报修”里报修。",
    "This repair code does not open; scan the label again, or report from “my repairs”.",
)
CODE_REVOKED = sentence(
    "workorders.code_revoked",
    "这个报修码已停用，请扫房间里的新码，或在“我的报修”里报修。",
    "This repair code is no longer in use; scan the new label, or report from “my repairs”.",
)
NO_SUCH_ROOM = sentence(
    "workorders.no_such_room",
    "这个房间不在系统里，或者不归您管，请先登记房源。",
    "That room is not here, or not within your projects; register it first.",
)
NO_SKILL = sentence("workorders.no_skill", "没有这项技能，请重新选择。", "There is no such skill; choose again.")
SHIFT_TIMES = sentence(
    "workorders.shift_times",
    "请填上班和下班的时间，两个不能一样；下班早于上班算到第二天。",
    "Enter when the shift starts and ends, and not the same; an end before the start is on the next day.",
)
NOTHING_TO_REPEAT = sentence(
    "workorders.nothing_to_repeat", "这一周还没有排班，没有可照抄的。", "This week has no shifts to repeat."
)
PAGE_OVER = sentence("workorders.page_over", "已经有人接单，不再呼叫。", "Somebody accepted; no more pages.")
VISIT_GONE = sentence(
    "workorders.visit_gone",
    "这个时段已经不能选了，请另选一个。",
    "That time cannot be chosen any more; choose another.",
)
VISIT_TIMES = sentence(
    "workorders.visit_times",
    "请填上门的日期、开始和结束时间，例如 21:00 到 21:30。",
    "Enter the day and from when to when, such as 21:00 to 21:30.",
)
VISIT_LONG = sentence(
    "workorders.visit_long", "一次上门最长约 {n} 小时，请分开约。", "A visit is at most {n} hours; make two."
)
VISIT_PAST = sentence("workorders.visit_past", "这个时间已经过去了，请另约。", "That time has passed; choose another.")
VISIT_FAR = sentence("workorders.visit_far", "最多约到 {n} 天以内。", "At most {n} days ahead.")
VISIT_ARRIVED = sentence(
    "workorders.visit_arrived",
    "{number} 师傅已经到场或修好，不用再约时间。",
    "Somebody has come for {number} already; no time is needed any more.",
)
VISIT_NOT_YOURS = sentence(
    "workorders.visit_not_yours",
    "只有负责这一单的师傅或能改派的人可以约上门时间。",
    "Only who works on the order, or who may reassign it, appoints its visit.",
)
ENTRY_UNKNOWN = sentence("workorders.entry_unknown", "请选怎么进门。", "Choose how one may enter.")
GIVEN_OVER = sentence("workorders.given_over", "这一单已经不归他处理。", "Somebody else works on it now.")
