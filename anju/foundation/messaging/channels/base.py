"""What a channel is: it delivers rendered letters of one organization and says what happened to each.

``prepare`` and ``find`` may open ``org_scope`` for themselves; ``deliver`` runs without a transaction, so that a slow
provider never holds one. A channel to come (service-account card, voice call) is a class with ``@channel`` in a new
file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from anju.foundation.crypto import org_decrypt, org_encrypt
from anju.foundation.messaging import codes
from anju.foundation.messaging.models import ChannelSetting
from anju.kit import Refused
from anju.kit.loopback import is_loopback

SECRET = "messaging.channel.secret"  # noqa: S105  (the context it is sealed under)

Kind = Literal["accepted", "delivered", "undelivered", "refused", "unknown", "not_sent", "wait"]


@dataclass(slots=True)
class Letter:
    """One rendered message on its way, an SMS with its signature. In memory only; never logged.

    ``template`` is the wording before variables, ``values`` the variables written out, for providers that send by
    template. ``provider_template`` is what ``prepare`` found for it; ``hold`` a code that keeps it from being handed
    over.
    """

    message_id: int
    attempt_id: int
    person_id: int
    contact_id: int | None
    out_id: str
    address: str = field(repr=False)
    title: str = field(repr=False)
    body: str = field(repr=False)
    template: str = field(repr=False)
    values: dict[str, str] = field(repr=False)
    started_at: datetime
    provider_template: str = ""
    hold: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What happened to one letter.

    ``accepted``: the provider took it, a receipt may follow; ``delivered``: it arrived; ``undelivered``, ``refused``:
    see the code; ``unknown``: nobody knows, ask before sending again; ``not_sent``: certainly not handed over;
    ``wait``: like not sent, and not counted as a try.
    """

    attempt_id: int
    kind: Kind
    code: str = ""
    provider_id: str = ""
    parts: int = 1


@dataclass(frozen=True)
class Account:
    """An organization's setting of a channel, opened. ``drill`` organizations reach this machine only."""

    org_id: int
    channel: str
    provider: str
    config: dict[str, Any]
    secret: dict[str, str] = field(repr=False)
    drill: bool

    def demand_loopback(self, url_or_host: str) -> None:
        """Refuse to let a drill organization reach a real provider.

        Raises:
            Refused: ``channel.drill_only``.
        """
        if self.drill and not is_loopback(url_or_host):
            raise Refused(codes.DRILL.code)


class Channel(Protocol):
    """A way to reach a person, opened for one organization."""

    def prepare(self, letters: Sequence[Letter]) -> None:
        """Get ready what letters need (filed templates); may set ``provider_template`` and ``hold``."""
        ...

    def deliver(self, letters: Sequence[Letter], until: float) -> list[Result]:
        """Hand letters over, one result each. Nothing is started after ``until`` (``time.monotonic``): those are
        ``not_sent``.
        """
        ...

    def find(self, letters: Sequence[Letter]) -> list[Result]:
        """What the provider knows of letters whose fate was lost; ``unknown`` while it cannot say."""
        ...


@dataclass(frozen=True)
class Known:
    """A registered channel. ``needs_address``: whether it goes to a contact point rather than to the person."""

    key: str
    zh: str
    en: str
    needs_address: bool
    open: Callable[[Account], Channel]


_channels: dict[str, Known] = {}


def channel(
    key: str, *, zh: str, en: str, needs_address: bool = True
) -> Callable[[Callable[[Account], Channel]], Callable[[Account], Channel]]:
    """Register a channel's class by its key."""

    def register(opener: Callable[[Account], Channel]) -> Callable[[Account], Channel]:
        _channels[key] = Known(key, zh, en, needs_address, opener)
        return opener

    return register


def known(key: str) -> Known:
    """The registered channel; KeyError if there is none."""
    return _channels[key]


def channel_labels() -> dict[str, tuple[str, str]]:
    """Channel keys with their Chinese and English names."""
    return {key: (c.zh, c.en) for key, c in _channels.items()}


def open_channel(account: Account) -> Channel:
    """The channel an account belongs to, ready to use."""
    return _channels[account.channel].open(account)


def seal_secret(secret: dict[str, str]) -> bytes:
    """A setting's secrets for the database."""
    return org_encrypt(json.dumps(secret).encode(), context=SECRET)


def account_of(setting: ChannelSetting, *, drill: bool) -> Account:
    """A setting of the organization in scope, its secrets opened."""
    secret = json.loads(org_decrypt(bytes(setting.secret), context=SECRET)) if setting.secret else {}
    return Account(setting.org_id, setting.channel, setting.provider, setting.config, secret, drill)
