"""What complaints are refused for."""

from anju.kit.refusal import sentence

SAY_MORE = sentence(
    "complaints.say_more",
    "请用几个字说说发生了什么，我们好去查。",
    "Say in a few words what happened, so that it can be looked into.",
)
TOO_LONG = sentence(
    "complaints.too_long", "最多写 {n} 个字，现在是 {is_} 个。", "At most {n} characters; these are {is_}."
)
TOO_MANY = sentence(
    "complaints.too_many",
    "一小时内投诉太多次，请稍后再试；急事请打电话给管家。",
    "Too many complaints within an hour; try later, or call the office if it is urgent.",
)
NO_CAUSE = sentence("complaints.no_cause", "请选择投诉的是哪方面。", "Choose what the complaint is about.")
NO_SOURCE = sentence(
    "complaints.no_source", "请选择是电话还是 12345 转来的。", "Choose whether it came by phone or from 12345."
)
NO_ROOM = sentence(
    "complaints.no_room",
    "没有找到这个房号或合同编号的租客，请核对；几个项目有同样房号时请填合同编号。",
    "No lease with that room or number; where projects share a room number, enter the lease number.",
)
NO_RECORD = sentence(
    "complaints.no_record",
    "这份合同下没有找到“{text}”，请核对工单号、账单号或合同编号。",
    "Nothing of this lease is called “{text}”; check the number of the order, bill or lease.",
)
HOTLINE_KNOWN = sentence(
    "complaints.hotline_known",
    "这个 12345 编号已经登记过（{number}），请在那一件里办理。",
    "That 12345 number is recorded already ({number}); go on there.",
)
HOTLINE_LONG = sentence(
    "complaints.hotline_long", "12345 编号最多 {n} 个字符。", "A 12345 number has at most {n} characters."
)
