"""What WeChat Pay's words mean for the one who sets it up: one sentence with the next step."""

from __future__ import annotations

from collections.abc import Callable

from anju.kit import Refused
from anju.kit.refusal import sentence

KEYS = sentence(
    "payments.wechat.keys",
    "微信支付不认我们的签名：商户号、证书序列号、商户私钥要是同一套，请到商户平台“API 安全”核对。",
    "WeChat Pay does not accept the signature: merchant number, certificate serial and private key must belong"
    " together; compare them on the merchant platform.",
)
MERCHANT = sentence(
    "payments.wechat.merchant",
    "微信支付没有这个商户号，或它还不能收款，请核对商户号。",
    "WeChat Pay does not know this merchant number, or it may not receive money yet; check the number.",
)
RIGHT = sentence(
    "payments.wechat.right",
    "这个商户号没有这项支付权限，请到商户平台“产品中心”开通。",
    "This merchant has no right to this way of paying; apply for it on the merchant platform.",
)
BOUND = sentence(
    "payments.wechat.bound",
    "AppID 没有绑定这个商户号，请到商户平台“AppID 账号管理”关联后再试。",
    "The app id is not bound to this merchant; bind it on the merchant platform and try again.",
)
AWAY = sentence(
    "payments.wechat.away",
    "连不上微信支付，请检查服务器能否访问外网、接口地址是否正确。",
    "WeChat Pay cannot be reached; check the server's network and the gateway's address.",
)
PLATFORM_KEY = sentence(
    "payments.wechat.platform_key",
    "微信支付的应答验不过签名：请核对微信支付公钥和公钥 ID，或改用平台证书。",
    "The answer's signature does not hold: check WeChat Pay's public key and its id, or use certificates.",
)
CERTIFICATES = sentence(
    "payments.wechat.certificates",
    "取不到平台证书：请核对商户号、证书序列号、商户私钥和 API v3 密钥；新商户号请改用微信支付公钥。",
    "The platform's certificates cannot be fetched: check the keys; new merchants use WeChat Pay's public key.",
)
APP_ID = sentence(
    "payments.wechat.app_id",
    "公众号不认这个 AppID，请到公众平台“开发接口管理”核对。",
    "The official account does not know this app id; check it on the accounts platform.",
)
APP_SECRET = sentence(
    "payments.wechat.app_secret",
    "公众号的 AppSecret 不对，请到公众平台重置后重新填写。",
    "The official account's secret is wrong; reset it on the accounts platform and enter it again.",
)
OTHER = sentence(
    "payments.wechat.other",
    "微信支付没有接受（{reason}），请把括号里的代码告诉微信支付客服。",
    "WeChat Pay did not accept this ({reason}); tell WeChat Pay's service the code.",
)
WORDS: dict[str, Callable[..., Refused]] = {
    "SIGN_ERROR": KEYS,
    "SIGNATURE_ERROR": KEYS,
    "HTTP_401": KEYS,
    "MCH_NOT_EXISTS": MERCHANT,
    "ACCOUNT_ERROR": MERCHANT,
    "NO_AUTH": RIGHT,
    "NOAUTH": RIGHT,
    "APPID_MCHID_NOT_MATCH": BOUND,
    "UNREACHABLE": AWAY,
    "NO_STANDIN": AWAY,
    "SYSTEM_ERROR": AWAY,
    "FREQUENCY_LIMITED": AWAY,
    "BUSY": AWAY,
    "ANSWER_UNVERIFIED": PLATFORM_KEY,
    "NO_CERTIFICATES": CERTIFICATES,
    "40013": APP_ID,
    "40125": APP_SECRET,
    "40001": APP_SECRET,
}


def says(code: str) -> Refused:
    """The sentence of a code of WeChat Pay's, or of ours for not reaching it."""
    return WORDS.get(code, OTHER)(reason=code)
