"""Verified callbacks over HTTP: the product's own web server, signatures made ahead, a few keep-alive connections."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from anju.foundation.db import clock, fetch, fetch_value, org_scope
from anju.foundation.payments.standins.drill_account import set_up_drill_account
from anju.foundation.payments.standins.wechat_keys import APPID, ensure_wechat_keys, merchant_number
from anju.foundation.payments.standins.wechat_signing import Signer
from anju.kit import Actor
from anju.surface.bench.measure import ROUNDS, Figures, medians
from anju.surface.bench.registry import Asked

CONNECTIONS = 32
MOST = 10_000
FIRST = 480  # not counted: a server just started, whose connections plan everything for the first time
AMOUNT_FEN = 50_000
REACH = "≥ 1,400/s, p99 < 50 ms"
ORDERS = """
INSERT INTO payment_order (number, account_id, gateway, method, subject_kind, subject_id, payer, description, amount,
                           state, prepay, created_at, expires_at, next_check_at)
SELECT 'AJBENCH' || lpad(l::text, 12, '0'), %(account)s, 'wechat', 'h5', 'lease', l, 'tenant:' || l, '', 500,
       'prepared', '{}', %(now)s, later.at, later.at
FROM unnest(%(leases)s::bigint[]) AS l, (SELECT %(now)s::timestamptz + interval '1 hour' AS at) later RETURNING number
"""


def run(org: int, leases: Sequence[int], asked: Asked) -> list[Figures]:
    """Serve, deliver every callback once, count what was posted."""
    home = Path(settings.HOME)
    with org_scope(org):
        account = set_up_drill_account(Actor.system(), home=home, address="http://127.0.0.1:9").id
        params = {"account": account, "now": clock.wall(), "leases": list(leases[:MOST])}
        numbers = [r["number"] for r in fetch(ORDERS, params)]
    signer = Signer(ensure_wechat_keys(home))
    with TemporaryDirectory() as folder, serving() as port:
        path, made = Path(folder) / "requests", requests(signer, org, numbers, port)
        first = min(FIRST, len(made) // 4)
        warm = called(port, path, made[:first])
        asked.say(f"the first {first}: {warm['codes']}")
        each = (len(made) - first) // ROUNDS
        rounds = [called(port, path, made[first + n * each : first + (n + 1) * each]) for n in range(ROUNDS)]
    with org_scope(org):
        posted = int(fetch_value("SELECT count(*) FROM payment WHERE source LIKE 'order:%%' AND method = 'wechat'"))
    for told in rounds:
        asked.say(f"callbacks: {each / told['seconds']:,.0f}/s")
        if set(told["codes"]) != {"204"}:
            raise AssertionError(f"callbacks were answered {told['codes']}")
    seconds, more = median(told["seconds"] for told in rounds), medians(told["latencies"] for told in rounds)
    more |= {"connections": CONNECTIONS, "rounds": ROUNDS, "posted": posted}
    return [Figures("payments", "verified callbacks over HTTP", each, seconds, None, REACH, more)]


def called(port: int, path: Path, made: Sequence[str]) -> dict[str, Any]:
    """Send each request once; what the caller told."""
    path.write_text("\n".join(json.dumps(r) for r in made))
    how = [sys.executable, "-m", "anju.surface.bench.caller", str(port), str(CONNECTIONS), str(path)]
    found: dict[str, Any] = json.loads(subprocess.run(how, check=True, capture_output=True, text=True).stdout)
    return found


def requests(signer: Signer, org: int, numbers: Sequence[str], port: int) -> list[str]:
    """A callback for each order as the bytes of its request, signed now."""
    paid_at = datetime.now(clock.SHANGHAI).isoformat(timespec="seconds")
    made = []
    for number in numbers:
        inside = {
            "appid": APPID, "mchid": merchant_number(org), "out_trade_no": number,
            "transaction_id": f"42{org:06}{number[-12:]}",
            "trade_type": "MWEB", "trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "OTHERS",
            "success_time": paid_at, "payer": {"openid": "bench"},
            "amount": {"total": AMOUNT_FEN, "payer_total": AMOUNT_FEN, "currency": "CNY", "payer_currency": "CNY"},
        }  # fmt: skip
        body = signer.notice(f"bench-{org}-{number}", "TRANSACTION.SUCCESS", paid_at, inside, original="transaction")
        headers = {**signer.headers(body), "Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = [f"POST /pay/notify/wechat/{org} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{k}: {v}" for k, v in headers.items()]
        made.append("\r\n".join(lines) + "\r\n\r\n" + body.decode())
    return made


class serving:
    """The web server on a free port, as ``anju web`` runs it; gives the port.

    ``application``: what is served, where it is not the product's own.
    """

    def __init__(self, application: str = "") -> None:
        self.application = application

    def __enter__(self) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.web: Any = subprocess.Popen(
            [sys.executable, "-m", "anju.config.cli", "web", "--port", str(self.port)],
            env={**os.environ, "PORT": str(self.port), "ANJU_WSGI": self.application},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(300):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return self.port
            except OSError:
                if self.web.poll() is not None:
                    raise
                time.sleep(0.1)
        raise TimeoutError("the web server did not start")

    def __exit__(self, *_: object) -> None:
        os.killpg(self.web.pid, signal.SIGINT)
        self.web.wait(timeout=30)
