"""Merchant accounts."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from anju.foundation.actions import Act, action
from anju.foundation.crypto.org import org_encrypt
from anju.foundation.db import clock, scoped_org
from anju.foundation.payments.accounts import DRILL_ONLY, NO_ACCOUNT, SEAL, allowed, forget, read_config
from anju.foundation.payments.actions.orders import notify_url
from anju.foundation.payments.gateways import GatewayError, GatewayKind, gateway_kind
from anju.foundation.payments.models import MerchantAccount
from anju.foundation.payments.permissions import SET_UP
from anju.kit import Actor
from anju.kit.refusal import sentence

BAD_VALUES = sentence(
    "payments.account.values",
    "这些内容不完整或格式不对，请核对：{fields}。",
    "These values are incomplete or malformed; check them: {fields}.",
)


@action("payments.account.set_up", needs=SET_UP)
def set_up_account(
    act: Act, *, gateway: str, name: str, config: dict[str, Any], drill: bool = False
) -> MerchantAccount:
    """Make an account the active one at its gateway; the former stays for what was ordered with it.

    Args:
        gateway: the gateway's key.
        name: as finance calls it.
        config: the gateway's own configuration with its keys; validated by opening it, stored sealed.
        drill: whether it talks to a stand-in.

    Refused: ``payments.drill_only`` where a drill organization would reach a real gateway.
    """
    if not allowed(gateway, config):
        raise DRILL_ONLY()
    gateway_kind(gateway).open(config)
    MerchantAccount.objects.filter(gateway=gateway, active=True).update(active=False)
    account = MerchantAccount.objects.create(
        gateway=gateway,
        name=name,
        config=org_encrypt(json.dumps(config).encode(), context=SEAL),
        drill=drill,
        created_at=clock.wall(),
    )
    _forget_afterwards(gateway)
    act.trace("merchant_account", account.id, gateway=gateway, drill=drill, secrets=_given(gateway, config))
    return account


@action("payments.account.change", needs=SET_UP)
def change_account(act: Act, *, gateway: str, values: dict[str, str]) -> MerchantAccount:
    """Enter or change an account's settings and use it from now on.

    Nothing is kept that does not work: the gateway is asked with the new settings first. The same merchant stays the
    same account, so that its old orders and refunds go on with its new keys; another merchant is another account.

    Args:
        gateway: the gateway's key.
        values: fields of its configuration. A field left out stays as it is, an empty one is cleared.

    Raises:
        Refused: ``payments.account.values`` (``fields``: their names), ``payments.drill_only``, or what the gateway
            said.
    """
    kind, account = gateway_kind(gateway), _latest(gateway, lock=True)
    before = read_config(account) if account else {}
    drill = account.drill if account else clock.drill_clock() is not None
    config = before | values | {"drill": drill}
    _demand(kind, config)
    MerchantAccount.objects.filter(gateway=gateway, active=True).update(active=False)
    sealed = org_encrypt(json.dumps(config).encode(), context=SEAL)
    if account is not None and before[kind.merchant] == config[kind.merchant]:
        account.config, account.active = sealed, True
        account.save(update_fields=["config", "active"])
    else:
        account = MerchantAccount.objects.create(
            gateway=gateway, name=kind.zh, config=sealed, drill=drill, created_at=clock.wall()
        )
    _forget_afterwards(gateway)
    changed = sorted(name for name in config if config[name] != before.get(name))
    secrets = sorted(set(changed) & set(kind.secrets))
    act.trace("merchant_account", account.id, gateway=gateway, changed=changed, secrets=secrets)
    return account


def _demand(kind: GatewayKind, config: dict[str, Any]) -> None:
    """Refuse what is malformed, what a drill may not reach, and what the gateway does not take."""
    try:
        kind.config.model_validate(config)
    except ValidationError as error:
        named = {str(e["loc"][0]) if e["loc"] else "public_key" for e in error.errors()}
        raise BAD_VALUES(fields="、".join(sorted(named))) from None  # its text holds the values
    if not allowed(kind.key, config):
        raise DRILL_ONLY()
    try:
        kind.open(config).probe(notify_url(kind.key))
    except GatewayError as error:
        raise kind.says(error.code) from error


def _can_close(by: Actor, *, gateway: str) -> None:
    if not MerchantAccount.objects.filter(gateway=gateway, active=True).exists():
        raise NO_ACCOUNT()


@action("payments.account.close", needs=SET_UP, check=_can_close)
def close_account(act: Act, *, gateway: str) -> None:
    """Take no new payments through the active account. Its keys stay: what was ordered is still heard of and refunded.

    Raises:
        Refused: ``payments.no_account``.
    """
    account = MerchantAccount.objects.select_for_update().get(gateway=gateway, active=True)
    account.active = False
    account.save(update_fields=["active"])
    _forget_afterwards(gateway)
    act.trace("merchant_account", account.id, gateway=gateway)


def _can_try(by: Actor, *, gateway: str) -> None:
    if _latest(gateway) is None:
        raise NO_ACCOUNT()


@action("payments.account.try", needs=SET_UP, check=_can_try)
def try_account(act: Act, *, gateway: str) -> str:
    """Ask the gateway with the stored settings. Returns its word for what is wrong; empty: all is well.

    Raises:
        Refused: ``payments.no_account``, ``payments.drill_only``.
    """
    account = _latest(gateway)
    assert account is not None
    config, kind, word = read_config(account), gateway_kind(gateway), ""
    if not allowed(gateway, config):
        raise DRILL_ONLY()
    try:
        kind.open(config).probe(notify_url(gateway))
    except GatewayError as error:
        word = error.code
    act.trace("merchant_account", account.id, gateway=gateway, outcome=word or "ok")
    return word


def _latest(gateway: str, *, lock: bool = False) -> MerchantAccount | None:
    """The active account, or the one that was last."""
    rows = MerchantAccount.objects.select_for_update() if lock else MerchantAccount.objects
    return rows.filter(gateway=gateway).order_by("-active", "-id").first()


def _given(gateway: str, config: dict[str, Any]) -> list[str]:
    return sorted(name for name in gateway_kind(gateway).secrets if config.get(name))


def _forget_afterwards(gateway: str) -> None:
    org = scoped_org()
    transaction.on_commit(lambda: forget(org, gateway))
