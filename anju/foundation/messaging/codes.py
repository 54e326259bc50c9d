"""What a result's code means: who is at fault, the sentence people read, and what to do about it.

Aliyun's codes are those of its Dysms documentation (``isv.*``/``isp.*`` at sending, upper-case words in receipts).
A code nobody listed counts as a passing fault at sending and as undelivered in a receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anju.kit import Refused
from anju.kit.refusal import declared, sentence

Fault = Literal["later", "address", "channel", "message"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """``later``: try again; ``address``: this contact point; ``channel``: our account, nothing goes until it is mended;
    ``message``: this text. ``dead``: the address itself no longer exists."""

    code: str
    fault: Fault
    dead: bool = False

    def text(self, language: str = "zh-hans") -> str:
        """The sentence."""
        zh, en = declared()[self.code]
        return en if language.startswith("en") else zh


_meanings: dict[str, Meaning] = {}


def meaning(code: str, fault: Fault, zh: str, en: str, *, dead: bool = False, also: tuple[str, ...] = ()) -> Meaning:
    """Declare a code; ``also`` are provider's codes of the same meaning."""
    sentence(code, zh, en)
    made = Meaning(code, fault, dead)
    for name in (code, *also):
        _meanings[name] = made
    return made


def find(code: str) -> Meaning:
    """The meaning of our own or a provider's code."""
    return _meanings.get(code, UNKNOWN)


def words(code: str, language: str = "zh-hans") -> str:
    """The sentence of any reason a message may carry, also of a recheck another slice declared; empty for no reason."""
    if code in _meanings:
        return _meanings[code].text(language)
    return Refused(code).text(language) if code else ""


def isv(*names: str) -> tuple[str, ...]:
    """Aliyun's names as they come."""
    return tuple(f"isv.{name}" for name in names)


UNKNOWN = meaning(
    "provider.unknown",
    "later",
    "服务商返回了未知的结果，稍后会再试。",
    "The provider gave an unknown answer; it is tried again.",
)
TIMEOUT = meaning(
    "provider.timeout",
    "later",
    "服务商超时没有回应，正在核对是否已发出。",
    "The provider did not answer in time; checking.",
)
UNREACHABLE = meaning(
    "provider.unreachable",
    "later",
    "连不上服务商，稍后会再试。",
    "The provider cannot be reached; it is tried again.",
)
SYSTEM = meaning(
    "provider.system_error",
    "later",
    "服务商内部出错，稍后会再试。",
    "The provider had an internal error; it is tried again.",
    also=(
        "isp.SYSTEM_ERROR",
        "isp.GATEWAY_ERROR",
        "isp.UNKNOWN",
        "Throttling",
        "Throttling.User",
        "ServiceUnavailable",
    ),
)
RATE = meaning(
    "provider.rate",
    "later",
    "同一号码短时间内发送过多，稍后会再试。",
    "Too many messages to one number; it is tried again.",
    also=isv("BUSINESS_LIMIT_CONTROL"),
)
NO_ADDRESS = meaning(
    "address.none",
    "address",
    "对方没有可用的联系方式，请补充后重发。",
    "There is no usable contact; add one and send again.",
)
MALFORMED = meaning(
    "address.malformed",
    "address",
    "号码或邮箱格式不对，请核对后重发。",
    "The number or address is malformed; correct it.",
    dead=True,
    also=isv("MOBILE_NUMBER_ILLEGAL"),
)
STALE = meaning(
    "address.stale",
    "address",
    "这个号码已失效，请让对方重新验证。",
    "This number is stale; ask its owner to verify again.",
)
BLOCKED = meaning(
    "address.blocked",
    "address",
    "对方设置了不接收这类消息。",
    "The person's settings block this kind of message.",
)
DEAD = meaning(
    "address.dead",
    "address",
    "空号或停机，请改用其他联系方式。",
    "The number is not in service; use another contact.",
    dead=True,
    also=("MOBILE_NOT_ON_SERVICE", "INVALID_NUMBER", "MOBILE_ACCOUNT_ABNORMAL"),
)
MAILBOX = meaning(
    "address.no_mailbox",
    "address",
    "邮箱不存在或拒收，请核对邮箱。",
    "The mailbox does not exist or refuses; check it.",
    dead=True,
)
BLACKLIST = meaning(
    "address.blacklist",
    "address",
    "对方的号码在运营商黑名单中，请改用其他渠道。",
    "The carrier blocks this number; use another.",
    also=("MOBILE_IN_BLACK",),
)
UNDELIVERED = meaning(
    "address.undelivered",
    "address",
    "手机关机或不在服务区，未能送达。",
    "The phone was off or out of reach.",
    also=("UNDELIVERED", "EXPIRED", "MOBILE_TERMINAL_ERROR", "MOBILE_SEND_LIMIT", "NO_ROUTE", "UNDELIV", "REJECTD"),
)
BALANCE = meaning(
    "channel.balance",
    "channel",
    "短信余额不足，请到服务商处充值，充值后自动继续。",
    "Out of balance; top up at the provider.",
    also=isv("AMOUNT_NOT_ENOUGH"),
)
SUSPENDED = meaning(
    "channel.suspended",
    "channel",
    "短信业务已停机，请到服务商处处理欠费。",
    "The provider suspended the service.",
    also=isv("OUT_OF_SERVICE", "PRODUCT_UN_SUBSCRIPT", "ACCOUNT_NOT_EXISTS", "ACCOUNT_ABNORMAL"),
)
DAY_LIMIT = meaning(
    "channel.day_limit",
    "channel",
    "今天的发送量已到服务商上限，明天自动继续。",
    "The provider's daily limit is reached.",
    also=isv("DAY_LIMIT_CONTROL"),
)
SIGNATURE = meaning(
    "channel.signature",
    "channel",
    "短信签名未通过备案，请检查签名或等待运营商审核。",
    "The SMS signature is not filed.",
    also=isv("SMS_SIGNATURE_ILLEGAL", "SMS_SIGN_ILLEGAL"),
)
DENIED = meaning(
    "channel.denied",
    "channel",
    "服务商拒绝了我们的账号或地址，请检查密钥和 IP 白名单。",
    "The provider refused our credentials.",
    also=("SignatureDoesNotMatch", "InvalidAccessKeyId.NotFound", "isp.RAM_PERMISSION_DENY", *isv("DENY_IP_RANGE")),
)
LOGIN = meaning(
    "channel.login",
    "channel",
    "邮件服务器拒绝登录，请检查账号和密码。",
    "The mail server refused the login.",
)
DRILL = meaning(
    "channel.drill_only",
    "channel",
    "演练环境只能连接本机的模拟服务，不会真的发出；请把地址改为本机。",
    "A drill organization may only use a stand-in on this machine.",
)
NOT_SET = meaning("channel.not_set", "channel", "这个渠道还没有配置。", "This channel is not configured.")
REVIEW = meaning(
    "text.in_review",
    "later",
    "短信正文正在等待服务商审核，通过后自动发送。",
    "The text waits for the provider's review.",
)
REFUSED = meaning(
    "text.refused",
    "message",
    "短信正文没有通过服务商审核，请修改模板。",
    "The provider refused the text; change the template.",
)
TEMPLATE = meaning(
    "text.not_filed",
    "later",
    "短信正文还没有报备，已重新提交审核。",
    "The text is not filed; it was handed in again.",
    also=isv("SMS_TEMPLATE_ILLEGAL"),
)
PARAMETERS = meaning(
    "text.parameters",
    "message",
    "模板变量缺少内容，请检查模板。",
    "A variable of the text has no value.",
    also=isv(
        "TEMPLATE_MISSING_PARAMETERS",
        "TEMPLATE_PARAMS_ILLEGAL",
        "INVALID_JSON_PARAM",
        "INVALID_PARAMETERS",
        "PARAM_NOT_SUPPORT_URL",
    ),
)
TOO_LONG = meaning(
    "text.too_long",
    "message",
    "变量内容太长，超过服务商限制。",
    "A variable is longer than the provider allows.",
    also=isv("PARAM_LENGTH_LIMIT"),
)
KEYWORD = meaning(
    "text.keyword",
    "message",
    "变量里有服务商禁止的词。",
    "A variable holds a word the provider forbids.",
    also=("CONTENT_KEYWORD", "CONTENT_ERROR", *isv("BLACK_KEY_CONTROL_LIMIT")),
)
NO_TEMPLATE = meaning(
    "text.missing",
    "message",
    "找不到这条消息的正文模板。",
    "The text of this message cannot be found.",
)
UNCHECKED = meaning(
    "recheck.unknown",
    "message",
    "发送前的核对规则不存在，消息没有发出。",
    "The check before sending is unknown; nothing was sent.",
)
PAUSED = meaning("paused", "later", "已被紧急停发，恢复后再发。", "Held by an emergency stop.")
SUPERSEDED = meaning(
    "cancelled.superseded",
    "message",
    "没有及时发出，已改用下一个渠道。",
    "It could not go in time; the next channel took over.",
)
BY_HAND = meaning("cancelled.by_hand", "message", "已由员工取消。", "Cancelled by staff.")
LOST = meaning(
    "provider.lost",
    "later",
    "服务商没有收到这条消息，已重新发送。",
    "The provider never got it; sent again.",
)
