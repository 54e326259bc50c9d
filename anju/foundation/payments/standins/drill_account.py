"""The merchant account of a drill organization: the real adapter, against the stand-in."""

from __future__ import annotations

from pathlib import Path

from anju.foundation.db import scoped_org
from anju.foundation.payments.actions import set_up_account
from anju.foundation.payments.models import MerchantAccount
from anju.foundation.payments.standins.wechat_keys import ensure_wechat_keys, merchant_number
from anju.foundation.payments.wechat_config import STANDIN
from anju.kit import Actor


def set_up_drill_account(
    by: Actor, *, home: Path, address: str = STANDIN, by_certificate: bool = False
) -> MerchantAccount:
    """Give the organization in scope its WeChat Pay account at the stand-in.

    Args:
        by: who sets it up.
        home: ANJU_HOME, where the keys are (made if missing).
        address: the stand-in's; left out: wherever this run's stand-ins are.
        by_certificate: check the gateway by certificate instead of public key.
    """
    keys = ensure_wechat_keys(home)
    config = {
        "mchid": merchant_number(scoped_org()),
        "appid": keys.appid,
        "serial_no": keys.merchant_serial,
        "private_key": keys.merchant_key,
        "apiv3_key": keys.apiv3_key,
        "base_url": address,
        "drill": True,
    }
    if not by_certificate:
        config |= {"public_key": keys.platform_public, "public_key_id": keys.public_key_id}
    return set_up_account(by, gateway="wechat", name="微信支付（演练）", config=config, drill=True)
