"""Events of messages in words. Single messages show on timelines themselves; machinery stays out of feeds."""

from __future__ import annotations

from functools import partial

from anju.foundation.messaging.pauses import PAUSE
from anju.foundation.trace.told import told

engine = partial(told, about="system", icon="send", quiet=True)
message = partial(told, about="message", icon="message")

engine("messaging.batch.claim", "取出一批待发消息", "Took a batch of messages")
engine("messaging.batch.recover", "重新处理中断的一批消息", "Took up an interrupted batch of messages")
engine("messaging.batch.settle", "记下一批消息的发送结果", "Recorded a batch's results")
engine("messaging.code.send", "发送验证码", "Sent a sign-in code")
engine("messaging.fallback.advance", "换渠道补发消息", "Sent messages again by another channel")
engine("messaging.fallback.give_up", "停止等待送达回执", "Gave up waiting for receipts")
engine("messaging.receipt.record", "收到送达回执", "Received delivery receipts")
engine("*.message", "写好一条消息，等待发送", "Wrote a message to be sent")
engine("*.links_revoked", "作废了已发出的链接", "Revoked links that were sent")
message("messaging.inbox.open", "打开站内消息", "Opened messages", icon="mail-opened", quiet=True)
message("messaging.inbox.report", "打开站内消息", "Opened messages", icon="mail-opened")
message("messaging.message.cancel", "取消了一条未发出的消息", "Cancelled a message", tone="warn")
message("messaging.message.retry", "重新发送一条消息", "Sent a message again")
told("messaging.channel.configure", "修改了消息渠道设置", "Changed a message channel", icon="settings", needs=PAUSE)
told("messaging.channel.switch", "启用或停用了消息渠道", "Switched a message channel on or off", icon="settings",
     needs=PAUSE)  # fmt: skip
told("messaging.channel.try", "发送了一条测试消息", "Sent a test message", icon="send", needs=PAUSE, quiet=True)
told("messaging.text.name", "登记了短信模板号 {template}", "Entered the SMS template {template}", icon="settings",
     needs=PAUSE)  # fmt: skip
told("messaging.pause.begin", "紧急停发消息，拦下 {held} 条", "Stopped messages, {held} held back", icon="hand-stop",
     tone="danger", needs=PAUSE)  # fmt: skip
told("messaging.pause.lift", "恢复发送消息，放行 {freed} 条", "Resumed messages, {freed} let go", icon="player-play",
     needs=PAUSE)  # fmt: skip
