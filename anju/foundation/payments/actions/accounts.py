"""Merchant accounts."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from anju.foundation.actions import Act, action
from anju.foundation.crypto.org import org_encrypt
from anju.foundation.db import clock, scoped_org
from anju.foundation.payments.accounts import DRILL_ONLY, SEAL, allowed, forget
from anju.foundation.payments.gateways import gateway_kind
from anju.foundation.payments.models import MerchantAccount
from anju.foundation.payments.permissions import SET_UP


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
    org = scoped_org()
    transaction.on_commit(lambda: forget(org, gateway))
    act.trace("merchant_account", account.id, gateway=gateway, drill=drill)
    return account
