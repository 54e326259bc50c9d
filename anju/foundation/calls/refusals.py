"""Why there is no masked call, and what a provider's code means."""

from __future__ import annotations

from anju.kit import Refused
from anju.kit.refusal import sentence

NOT_SET = sentence(
    "calls.not_set",
    "还没有开通隐私号服务，请管理员在“渠道与收款”里设置。",
    "Masked calls are not set up; an administrator does it under Providers.",
)
ENDED = sentence(
    "calls.ended", "办理单 {number} 已经结束，不能再拨打隐私电话。", "Case {number} is closed; no more masked calls."
)
NOT_YOURS = sentence(
    "calls.not_yours",
    "只有这一单的办理人和主管可以拨打隐私电话。",
    "Only who works on this case and its supervisors may call.",
)
NOBODY = sentence(
    "calls.nobody",
    "这一单没有登记的租客，没有可以联系的人。",
    "No tenant belongs to this case; there is nobody to call.",
)
NOT_TAKEN = sentence(
    "calls.not_taken", "还没有师傅接单，接单后就能联系。", "Nobody has taken this yet; call once somebody has."
)
NO_PHONE = sentence(
    "calls.no_phone",
    "对方没有可用的手机号，请改用站内消息，或请管家补充。",
    "The other side has no usable phone; write a message, or ask service to add one.",
)
NO_OWN_PHONE = sentence(
    "calls.no_own_phone",
    "请先填写您自己的手机号：隐私电话只接这个号码。",
    "Enter your own phone first: masked calls connect only from it.",
)
PHONE_WRONG = sentence(
    "calls.phone_wrong", "手机号是 1 开头的 11 位数字。", "A mobile number has 11 digits and begins with 1."
)
DRILL = sentence(
    "calls.drill_only",
    "演练公司只能连接本机的模拟服务，请把接口地址改为本机或留空。",
    "A drill organization may only use a stand-in on this machine.",
)
MISSING = sentence("calls.service.config", "隐私号设置缺少：{missing}。", "The setting lacks: {missing}.")

UNREACHABLE = sentence(
    "calls.unreachable",
    "连不上隐私号服务商，没有拨出，请稍后再试。",
    "The provider cannot be reached; nothing was dialled. Try again later.",
)
REFUSED = sentence(
    "calls.provider_refused",
    "服务商没有分配隐私号，请稍后再试；一直不行请联系管理员。",
    "The provider lent no number; try again later, or ask an administrator.",
)
NO_NUMBER = sentence(
    "calls.no_number",
    "号码池里没有空闲的隐私号，请过几分钟再试。",
    "No number of the pool is free; try again in some minutes.",
)
BUSY = sentence("calls.busy", "隐私号服务正忙，请过一会儿再试。", "The provider is busy; try again in a moment.")
SUSPENDED = sentence(
    "calls.suspended",
    "隐私号服务已停机或欠费，请管理员到服务商处处理。",
    "The provider suspended the service; an administrator has to see to it.",
)
DENIED = sentence(
    "calls.denied",
    "服务商拒绝了我们的账号，请管理员检查密钥和授权。",
    "The provider refused our credentials; an administrator has to check them.",
)
NO_POOL = sentence(
    "calls.no_pool", "号池 Key 不存在，请管理员核对。", "The pool key is unknown; an administrator has to check it."
)
ILLEGAL = sentence(
    "calls.number_illegal",
    "服务商不接受登记的手机号，请核对双方的号码。",
    "The provider does not take one of the phones; check both.",
)

# Aliyun's codes of the number-protection service; the others count as a plain refusal.
CODES = {
    "isv.NO_AVAILABLE_NUMBER": NO_NUMBER,
    "isv.BIND_CONFLICT": NO_NUMBER,
    "isv.FLOW_LIMIT": BUSY,
    "Throttling": BUSY,
    "Throttling.User": BUSY,
    "isv.OUT_OF_SERVICE": SUSPENDED,
    "isv.PRODUCT_UN_SUBSCRIPT": SUSPENDED,
    "isv.PRODUCT_UNSUBSCRIBE": SUSPENDED,
    "isv.ACCOUNT_NOT_EXISTS": SUSPENDED,
    "isv.ACCOUNT_ABNORMAL": SUSPENDED,
    "isv.PARTNER_IS_CLOSED": SUSPENDED,
    "SignatureDoesNotMatch": DENIED,
    "InvalidAccessKeyId.NotFound": DENIED,
    "isp.RAM_PERMISSION_DENY": DENIED,
    "isv.POOLKEY_NOT_EXISTS": NO_POOL,
    "isv.PARTNER_NOT_EXIST": NO_POOL,
    "isv.MOBILE_NUMBER_ILLEGAL": ILLEGAL,
}


def said_by_provider(code: str) -> Refused:
    """The refusal a provider's code means."""
    return CODES.get(code, REFUSED)()
