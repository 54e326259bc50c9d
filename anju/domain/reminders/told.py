"""Events of reminders in words."""

from anju.domain.reminders.actions import REMIND
from anju.domain.reminders.call_actions import CALL
from anju.foundation.flows.permissions import VIEW as VIEW_CASES
from anju.foundation.trace.told import told

told("reminders.remind_now", "手动发送缴租提醒", "Sent a reminder by hand", icon="send", about="message", needs=REMIND)
told(
    "reminders.call.plan",
    "安排电话 {number}",
    "Had the tenant called: {number}",
    icon="phone",
    about="message",
    needs=CALL,
)
told(
    "reminders.call.open", "安排 {count} 个电话任务", "Planned {count} calls", icon="phone", about="decision",
    needs=VIEW_CASES,
)  # fmt: skip
told(
    "*.talk", "{number} 通话结果：{outcome} {promised_on}", "{number} call: {outcome} {promised_on}",
    icon="phone-check", about="message", needs=VIEW_CASES,
)  # fmt: skip
