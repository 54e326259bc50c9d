"""Events of masked calls in words. A call itself is a moment of its own on timelines, with a name."""

from __future__ import annotations

from anju.foundation.calls.permissions import CONFIGURE
from anju.foundation.flows.permissions import VIEW
from anju.foundation.trace.told import told

told("calls.number.bind", "申请了隐私号，{minutes} 分钟内有效", "Asked for a masked number, valid for {minutes} min",
     icon="phone", about="message", needs=VIEW)  # fmt: skip
told("calls.number.release", "提前收回了隐私号", "Gave a masked number back early", icon="phone-off", about="message",
     needs=VIEW, quiet=True)  # fmt: skip
told("calls.receipt.record", "收到隐私电话的通话回执", "Received a report of a masked call", icon="phone",
     about="message", needs=VIEW, quiet=True)  # fmt: skip
told("calls.phone.enter", "登记了自己接打隐私电话的手机号", "Entered a phone for masked calls", icon="device-mobile",
     quiet=True)  # fmt: skip
told("calls.service.configure", "修改了隐私号服务设置", "Changed the masked call service", icon="settings",
     needs=CONFIGURE)  # fmt: skip
told("calls.service.switch", "启用或停用了隐私号服务", "Switched masked calls on or off", icon="settings",
     needs=CONFIGURE)  # fmt: skip
told("calls.service.try", "测试了隐私号服务", "Tried the masked call service", icon="phone", needs=CONFIGURE,
     quiet=True)  # fmt: skip
