from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from anju.foundation.db import clock
from anju.foundation.identity.models import Staff, User
from anju.foundation.policy import policy, registry
from anju.foundation.policy.store import install_template
from anju.foundation.publishing import lint, simulation
from anju.kit import Actor
from tests.publishing.models import Everything

People = Callable[..., Actor]


@pytest.fixture
def hire(in_org: int) -> People:
    """Staff with roles: ``hire("manager")``."""

    def one(*roles: str) -> Actor:
        user = User.objects.create_user(f"u{User.objects.count()}@example.com")
        return Actor.staff(Staff.objects.create(user=user, name="某人", roles=list(roles)).id)

    return one


@dataclass(frozen=True)
class Office:
    """Who works here."""

    author: Actor
    colleague: Actor
    clerk: Actor


@pytest.fixture
def office(hire: People) -> Office:
    """Two managers and a clerk."""
    return Office(hire("manager"), hire("manager"), hire("service"))


@pytest.fixture
def rules(in_org: int, monkeypatch: pytest.MonkeyPatch) -> type[Everything]:
    """The policy "everything", declared for the test and released as a template a month ago."""
    monkeypatch.setattr(registry, "_declared", dict(registry._declared))
    monkeypatch.setattr(simulation, "_simulators", dict(simulation._simulators))
    monkeypatch.setattr(lint, "_linters", {})
    policy("everything", area="rent", zh="样样都有", en="Everything")(Everything)
    install_template(clock.now().replace(year=2025))
    return Everything
