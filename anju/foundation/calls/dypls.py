"""Aliyun's number protection (号码隐私保护, Dypls 2017-05-25): a number between two phones for some minutes (AXB)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.foundation.db.clock import SHANGHAI
from anju.foundation.messaging.channels.aliyun import Api

ENDPOINT = "https://dyplsapi.aliyuncs.com"
MOMENT = "%Y-%m-%d %H:%M:%S"  # always Beijing time
# A number that is nobody's: the answer about it still says whether keys and pool are right.
NOBODYS = {"SubsId": "1", "PhoneNoX": "17000000000"}
LET_IN = frozenset({"OK", "isv.SUBS_NOT_EXIST", "isv.NO_NOT_EXIST"})


@dataclass
class Dypls(Api):
    """One account at the service."""

    endpoint: str = ENDPOINT
    pool: str = ""

    def bind(self, *, a: str, b: str, until: datetime, out_id: str) -> dict[str, Any]:
        """BindAxb: ``SecretBindDTO`` of the answer holds ``SecretNo`` (X) and ``SubsId``.

        Args:
            a: who asked, a mobile number.
            b: the other side's.
            until: when it ends; more than a minute ahead.
            out_id: comes back with every receipt.
        """
        expires = until.astimezone(SHANGHAI).strftime(MOMENT)
        # The service returns one or the other of the two ids, depending on the pool.
        params = {"PoolKey": self.pool, "PhoneNoA": a, "PhoneNoB": b, "Expiration": expires,
                  "OutId": out_id, "OutOrderId": out_id}  # fmt: skip
        return self.call("BindAxb", params)

    def unbind(self, *, subs_id: str, x_number: str) -> dict[str, Any]:
        """UnbindSubscription: the number connects nobody any more."""
        params = {"PoolKey": self.pool, "SubsId": subs_id, "SecretNo": x_number}
        return self.call("UnbindSubscription", params)

    def knock(self) -> str:
        """The code of a question about nobody's number: one of ``LET_IN`` where keys and pool are right."""
        return str(self.call("QuerySubscriptionDetail", {"PoolKey": self.pool, **NOBODYS})["Code"])
