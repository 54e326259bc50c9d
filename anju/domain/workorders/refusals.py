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
