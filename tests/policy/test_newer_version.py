"""A newer Anju brings policies that an organization of last year never had."""

from __future__ import annotations

import pytest

from anju.config.organizations import bring_up_to_date
from anju.domain.workorders.inspection_flow import Inspection
from anju.foundation.db import clock, org_scope
from anju.foundation.policy import store
from anju.foundation.policy.models import PolicyRelease
from anju.foundation.policy.registry import all_declared
from anju.foundation.policy.store import in_force
from anju.foundation.staffing.actions import create_organization

pytestmark = pytest.mark.django_db


def test_it_gets_them_at_the_next_start_and_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as last_year:
        last_year.setattr(store, "all_declared", lambda: [d for d in all_declared() if d.key != "flow.inspection"])
        org = create_organization(name="禾里公寓").id
    with org_scope(org):
        with pytest.raises(LookupError):
            in_force(Inspection)
        before = PolicyRelease.objects.count()
    assert bring_up_to_date() == 1
    with org_scope(org):
        assert in_force(Inspection).value.name.key == "inspection"
        assert PolicyRelease.objects.count() == before + 1
        assert PolicyRelease.objects.get(key="flow.inspection").effective_from <= clock.now()
    assert bring_up_to_date() == 0
