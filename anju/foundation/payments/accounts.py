"""Merchant accounts opened once per process: decrypting and loading keys for every callback would cost more than it."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import Any

from anju.foundation.crypto.org import org_decrypt
from anju.foundation.db import clock, org_scope, scope_is_open, scoped_org
from anju.foundation.payments.gateways import Gateway, GatewayUnsure, gateway_kind
from anju.foundation.payments.models import MerchantAccount
from anju.kit.refusal import sentence

SEAL = "payments.account"
REMEMBER = 60
"""Seconds opened accounts are believed before their rows are read again (keys rotate, accounts close)."""
FRESH_AT_MOST_EVERY = 5
"""Seconds between readings forced by callbacks that did not fit, so that forgers cannot make us reload keys."""

NO_ACCOUNT = sentence(
    "payments.no_account",
    "还没有开通这种支付方式。请管理员在“系统 › 渠道与收款”里填写商户号和密钥。",
    "This way of paying is not set up; an administrator must enter the merchant number and keys.",
)
DRILL_ONLY = sentence(
    "payments.drill_only",
    "演练公司只能连接本机的模拟支付，不会真的收款；请把接口地址改为本机的模拟服务。",
    "A drill organization may only use the stand-in on this machine; no money may move.",
)
UNREACHABLE = sentence(
    "payments.unreachable",
    "暂时连不上{gateway}，款项没有扣。请过一分钟再试，或换一种支付方式。",
    "{gateway} cannot be reached; nothing was charged. Try again in a minute or pay another way.",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A merchant account ready for use. An inactive one still hears about its old orders."""

    id: int
    active: bool
    gateway: Gateway


_opened: dict[tuple[int, str], tuple[float, list[Opened]]] = {}
_lock = threading.Lock()


def all_opened(gateway: str, *, org_id: int | None = None, fresh: bool = False) -> list[Opened]:
    """An organization's accounts at a gateway, the active one first.

    Args:
        gateway: its key.
        org_id: the organization, where no scope is open (a callback is verified before any transaction).
        fresh: read the rows again, because what was remembered did not fit.
    """
    org = org_id if org_id is not None else scoped_org()
    at, found = _opened.get((org, gateway), (0.0, []))
    if found and time.monotonic() - at < (FRESH_AT_MOST_EVERY if fresh else REMEMBER):
        return found
    if scope_is_open():
        return _open(org, gateway)
    with org_scope(org):
        return _open(org, gateway)


def opened(gateway: str) -> Opened:
    """The active account of the organization in scope. Refused: ``payments.no_account``, ``payments.unreachable``."""
    try:
        accounts = all_opened(gateway)
    except GatewayUnsure as error:
        raise UNREACHABLE(gateway=gateway_kind(gateway).zh) from error
    for account in accounts:
        if account.active:
            return account
    raise NO_ACCOUNT(gateway=gateway)


def opened_by_id(gateway: str, account_id: int, *, org_id: int | None = None) -> Opened:
    """The account an order was made with, whether or not it is still the active one."""
    for fresh in (False, True):
        for account in all_opened(gateway, org_id=org_id, fresh=fresh):
            if account.id == account_id:
                return account
    raise NO_ACCOUNT(gateway=gateway)


def allowed(gateway: str, config: dict[str, Any]) -> bool:
    """Whether the organization in scope may use this configuration: a drill organization reaches a stand-in only."""
    return clock.drill_clock() is None or gateway_kind(gateway).stays_here(config)


def read_config(account: MerchantAccount) -> dict[str, Any]:
    """An account's configuration, keys included: for opening it and for changing it, never for showing."""
    found: dict[str, Any] = json.loads(org_decrypt(bytes(account.config), context=SEAL))
    return found


def _open(org: int, gateway: str) -> list[Opened]:
    accounts = []
    for row in MerchantAccount.objects.filter(gateway=gateway).order_by("-active", "-id"):
        config = read_config(row)
        if not allowed(gateway, config):
            continue  # the organization became a drill after its real account was entered
        accounts.append(Opened(row.id, row.active, gateway_kind(gateway).open(config)))
    with _lock:
        _opened[org, gateway] = (time.monotonic(), accounts)
    return accounts


def forget(org_id: int, gateway: str) -> None:
    """Forget the opened accounts of this process after a row changed."""
    with _lock:
        _opened.pop((org_id, gateway), None)
