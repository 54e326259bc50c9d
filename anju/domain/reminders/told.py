"""Events of reminders in words."""

from anju.domain.reminders.actions import REMIND
from anju.foundation.trace.told import told

told("reminders.remind_now", "手动发送缴租提醒", "Sent a reminder by hand", icon="send", about="message", needs=REMIND)
