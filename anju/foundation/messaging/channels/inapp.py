"""Messages inside the portal: there as soon as they are written, with a red dot until they are opened."""

from __future__ import annotations

from collections.abc import Sequence

from anju.foundation.messaging.channels.base import Account, Letter, Result, channel


@channel("inapp", zh="站内消息", en="In-app message", needs_address=False)
class InApp:
    """The database is the provider: the row that settles the batch is the delivery."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def prepare(self, letters: Sequence[Letter]) -> None:
        return None

    def deliver(self, letters: Sequence[Letter], until: float) -> list[Result]:
        return [Result(letter.attempt_id, "delivered") for letter in letters]

    def find(self, letters: Sequence[Letter]) -> list[Result]:
        return [Result(letter.attempt_id, "not_sent", "provider.lost") for letter in letters]
