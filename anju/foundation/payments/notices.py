"""The receipt of a callback, and problems that a person has to look at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anju.foundation.actions import Act
from anju.foundation.db import SqlFile, clock, fetch_one, run_sql
from anju.foundation.payments import news
from anju.foundation.payments.gateways import gateway_kind

NOTE = SqlFile(__file__, "sql/note_notice.sql")
PROBLEM = SqlFile(__file__, "sql/problem.sql")
KEEP_UNVERIFIED = 100
"""Rows kept of unverified callbacks per open problem; what comes after is only counted."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is kept of a callback: never its text, which names the payer."""

    notification_id: str | None
    event: str
    body_sha256: str
    headers: str

    @classmethod
    def of(
        cls, gateway: str, headers: Mapping[str, str], body: bytes, *, id: str | None = None, event: str = ""
    ) -> Receipt:
        """The receipt of a callback's bytes; ``id`` only if it was verified."""
        kept = {name: headers.get(name, "")[:512] for name in gateway_kind(gateway).notice_headers}
        return cls(id, event[:40], hashlib.sha256(body).hexdigest(), json.dumps(kept).replace("\\u0000", ""))

    def params(self) -> dict[str, Any]:
        """As statement parameters."""
        return {
            "notice": self.notification_id,
            "event": self.event,
            "body_sha256": self.body_sha256,
            "headers": self.headers,
        }


NO_RECEIPT: dict[str, Any] = {"notice": None, "event": "", "body_sha256": "", "headers": "{}"}


def note_notice(gateway: str, receipt: Receipt, *, verdict: str, reference: str = "") -> None:
    """Keep a callback's row; a repeated one counts up."""
    params = {"gateway": gateway, "verdict": verdict, "reference": reference, "now": clock.wall()}
    run_sql(NOTE, receipt.params() | params)


def raise_problem(act: Act, *, gateway: str, kind: str, reference: str = "", **detail: Any) -> int:
    """Open a problem, or count it up if it is open; news and trace only the first time.

    Returns how often it happened since it was opened.
    """
    row = fetch_one(
        PROBLEM,
        {
            "gateway": gateway,
            "kind": kind,
            "reference": reference,
            "detail": json.dumps(detail, default=str),
            "now": clock.wall(),
        },
    )
    assert row is not None
    if row["count"] == 1:
        act.trace(
            "gateway_problem", row["id"], suffix="problem", gateway=gateway, problem=kind, reference=reference, **detail
        )
        news.publish_problem(news.Problem(row["id"], gateway, kind, reference, detail))
    else:
        act.nothing_changed()
    return int(row["count"])
