"""Callbacks on their way: delivered over HTTP until answered, by the gateway's ladder, damaged where asked.

A damage is a JSON object: ``lose``, ``repeat`` (further copies), ``delay`` (seconds), ``hold`` (until released),
``signature`` (``broken``, ``probe``, ``foreign``, ``untyped``), ``amount`` (fen told instead), ``age`` (seconds),
``merchant`` and ``order`` (told instead), ``times`` (deliveries damaged before an honest one; all if left out).
"""

from __future__ import annotations

import json
import secrets
import threading
import time
import uuid
from typing import Any

import httpx

from anju.foundation.payments.standins.wechat_books import Books, Row
from anju.foundation.payments.standins.wechat_signing import Signer

# 15s, 15s, 30s, 3m, 10m, 20m, 30m ×3, 60m, 3h ×3, 6h ×2
LADDER = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
ANSWER_WITHIN_S = 5.0


class Courier:
    """Delivers what is due; :meth:`start` does so from a thread, :meth:`deliver` here and now."""

    def __init__(self, books: Books, signer: Signer, *, scale: float = 1.0, by_certificate: bool = False) -> None:
        self.books, self.signer, self.scale, self.by_certificate = books, signer, scale, by_certificate
        self._wake = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def post(self, event: str, url: str, inside: Row, at: str, damage: Row) -> None:
        """Put a callback on its way, as many copies as the damage says, all with one notification id."""
        if damage.get("lose"):
            return
        notice, number = str(uuid.uuid4()), inside.get("out_refund_no") or inside["out_trade_no"]
        told = json.dumps(inside, ensure_ascii=False)
        delivery = {
            "notice": notice,
            "number": number,
            "url": url,
            "event": event,
            "inside": told,
            "at": at,
            "due": time.time() + float(damage.get("delay", 0)),
            "state": "held" if damage.get("hold") else "waiting",
            "damage": json.dumps(damage),
        }
        for _copy in range(1 + int(damage.get("repeat", 0))):
            self.books.insert("deliveries", delivery)
        self.wake()

    def replay(self, number: str) -> int:
        """Deliver every callback about an order or refund once more, undamaged; returns how many."""
        again = (
            "INSERT INTO deliveries (notice, number, url, event, inside, at, due) SELECT DISTINCT notice, number, url,"
        )
        count = self.books.run(f"{again} event, inside, at, ? FROM deliveries WHERE number = ?", time.time(), number)
        self.wake()
        return count

    def release(self, *, backwards: bool = False) -> int:
        """Let held callbacks go, in the order they were made or the reverse; returns how many."""
        held = self.books.rows(
            f"SELECT id FROM deliveries WHERE state = 'held' ORDER BY id {'DESC' if backwards else ''}"
        )
        first = time.time() - len(held)
        for n, row in enumerate(held):
            self.books.run("UPDATE deliveries SET state = 'waiting', due = ? WHERE id = ?", first + n, row["id"])
        self.wake()
        return len(held)

    def deliver(self, *, everything: bool = False) -> list[int]:
        """Deliver what is due, in order; returns the answers' status codes (0: no answer).

        Args:
            everything: also what the ladder puts later; each waiting callback is tried once.
        """
        until = float("inf") if everything else time.time()
        sql = "SELECT * FROM deliveries WHERE state = 'waiting' AND due <= ? ORDER BY due, id"
        return [self._deliver(row) for row in self.books.rows(sql, until)]

    def _deliver(self, row: Row) -> int:
        if not self.books.run(
            "UPDATE deliveries SET state = 'flying', attempts = attempts + 1 WHERE id = ? AND state = 'waiting'",
            row["id"],
        ):
            return 0  # another hand took it
        answer = self._send(row)
        tried = row["attempts"] + 1
        if answer in (200, 204):
            state, due = "done", row["due"]
        elif tried > len(LADDER):
            state, due = "given up", row["due"]
        else:
            state, due = "waiting", time.time() + LADDER[tried - 1] * self.scale
        self.books.run(
            "UPDATE deliveries SET state = ?, due = ?, answer = ? WHERE id = ?", state, due, answer, row["id"]
        )
        return answer

    def _send(self, row: Row) -> int:
        body, headers = self.message(row)
        try:
            with httpx.Client(trust_env=False, timeout=ANSWER_WITHIN_S) as client:
                return client.post(row["url"], content=body, headers=headers).status_code
        except httpx.HTTPError:
            return 0

    def message(self, row: Row) -> tuple[bytes, dict[str, str]]:
        """A delivery's bytes and headers, damaged if it is still to be damaged."""
        damage: dict[str, Any] = json.loads(row["damage"])
        if row["attempts"] >= int(damage.get("times", len(LADDER) + 1)):
            damage = {}
        inside = json.loads(row["inside"])
        if "amount" in damage:
            field = "refund" if row["event"].startswith("REFUND") else "total"
            inside["amount"] = inside["amount"] | {field: damage["amount"]}
        if "merchant" in damage:
            inside["mchid"] = damage["merchant"]
        if "order" in damage:
            inside["out_trade_no"] = damage["order"]
        original = "refund" if row["event"].startswith("REFUND") else "transaction"
        body = self.signer.notice(row["notice"], row["event"], row["at"], inside, original=original)
        headers = self.signer.headers(body, by_certificate=self.by_certificate, age=int(damage.get("age", 0)))
        _damage_signature(headers, damage.get("signature"))
        return body, headers | {"Content-Type": "application/json"}

    def start(self) -> None:
        """Deliver from a thread until :meth:`stop`; what flew when a process died flies again."""
        self.books.run("UPDATE deliveries SET state = 'waiting' WHERE state = 'flying'")
        self._thread = threading.Thread(target=self._run, name="wechat-courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=ANSWER_WITHIN_S + 1)

    def wake(self) -> None:
        """Something new may be due."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopped:
            self._wake.clear()  # before looking: what is posted from here on wakes the wait below
            self.deliver()
            if not self._stopped:
                self._wake.wait(timeout=self._pause())

    def _pause(self) -> float:
        following = self.books.row("SELECT min(due) AS due FROM deliveries WHERE state = 'waiting'")
        due = following["due"] if following else None
        return 60.0 if due is None else max(0.02, min(60.0, due - time.time()))


def _damage_signature(headers: dict[str, str], how: str | None) -> None:
    if how == "broken":
        headers["Wechatpay-Signature"] = headers["Wechatpay-Signature"][::-1]
    elif how == "probe":
        headers["Wechatpay-Signature"] = "WECHATPAY/SIGNTEST/" + headers["Wechatpay-Signature"]
    elif how == "foreign":
        headers["Wechatpay-Serial"] = "PUB_KEY_ID_0" + str(secrets.randbelow(10**29))
    elif how == "untyped":
        del headers["Wechatpay-Signature-Type"]
