"""What tenants who complained are told (W-12)."""

from __future__ import annotations

from pydantic import Field

from anju.foundation.messaging.texts import MessageText, variable
from anju.foundation.policy import PolicyModel, policy

MATTER = variable("matter", zh="投诉事项", en="Matter", sample="押金投诉")
OWNER = variable("owner", zh="负责人", en="Who is in charge", sample="郭建军")
REPLY = variable("reply", zh="答复", en="Reply", sample="已核对退房照片，押金明天全额退回原卡。")

ACCEPTED = MessageText(inapp_title="您的投诉已受理", inapp_body="您的{matter}由{owner}负责，查清后答复您。")
REPLIED = MessageText(
    inapp_title="您的投诉有答复了",
    inapp_body="关于您的{matter}：{reply}\n不满意可以打开投诉写明原因，我们接着处理；7 天没有回复会自动结案。",
)
DROPPED = MessageText(inapp_title="投诉已撤销", inapp_body="您的{matter}已撤销，有疑问请联系管家。")


@policy("complaints", area="people", zh="客诉", en="Complaints")
class Complaints(PolicyModel):
    """What tenants are told while their complaint is worked on."""

    accepted: MessageText = Field(ACCEPTED, title="受理后告诉租客")
    replied: MessageText = Field(REPLIED, title="答复后告诉租客")
    dropped: MessageText = Field(DROPPED, title="撤销后告诉租客")
