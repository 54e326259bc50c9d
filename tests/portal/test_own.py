"""A tenant sees the own things only; what belongs to others is not found, wherever its id is put."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import URLPattern, URLResolver

from anju.domain.billing.models import Payment
from anju.domain.complaints.actions import file
from anju.domain.complaints.models import Complaint
from anju.domain.leases.actions import end_many, transfer_lease
from anju.domain.leases.actions.endings import Ending
from anju.domain.leases.models import Lease, LeaseParty
from anju.domain.workorders.actions import report
from anju.foundation.db import clock, org_scope
from anju.foundation.payments.models import PaymentOrder
from anju.foundation.payments.standins.wechat import WechatStandIn
from anju.surface.portal.urls import urlpatterns
from tests.leases import builders
from tests.portal.conftest import SYSTEM, Home

BY_LEASE = ("", "/pay", "/ahead", "/bills", "/statement", "/statement?as=pdf", "/statement?as=xlsx", "/order")


def places(home: Home, payment: int, number: str, repair: int) -> Iterator[str]:
    yield f"/p/bills/{home.bill}"
    yield f"/p/repairs/{repair}"
    yield f"/p/complaints/{complaint_of(home)}"
    for rest in BY_LEASE:
        yield f"/p/leases/{home.lease}{rest}"
    yield f"/p/orders/{number}"
    yield f"/p/receipts/{payment}"
    yield f"/p/receipts/{payment}.pdf"


def repair_of(home: Home) -> int:
    with org_scope(home.org):
        return report(home.actor, lease_id=home.lease, spot="kitchen", said="水管漏水").id


def complaint_of(home: Home) -> int:
    with org_scope(home.org):
        made = Complaint.objects.filter(lease_id=home.lease).first()
        return (made or file(home.actor, lease_id=home.lease, cause="fee", said="水费算错了")).id


def order_of(home: Home, wallet: WechatStandIn) -> str:
    home.client().post(f"/p/bills/{home.bill}", {"shown": "2280.00", "wallet": "wechat", "all": "1"})
    with org_scope(home.org):
        return str(PaymentOrder.objects.order_by("-id").values_list("number", flat=True)[0])


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for each in patterns:
        whole = before + str(each.pattern)
        yield from addresses(each.url_patterns, whole) if isinstance(each, URLResolver) else [whole]


def test_every_address_with_an_id_is_asked_here() -> None:
    named = {address.split("<")[0] for address in addresses(urlpatterns) if "<" in address}
    assert named == {
        "p/bills/", "p/leases/", "p/orders/", "p/receipts/", "p/repairs/", "p/complaints/", "b/", "b/pay/", "b/order/",
        "q/",
    }  # fmt: skip


def test_the_own_things_open(lin: Home, wallet: WechatStandIn) -> None:
    number, client = order_of(lin, wallet), lin.client()
    paid = lin.pay("100", "bank:own")
    for place in places(lin, paid, number, repair_of(lin)):
        assert client.get(place, follow=True).status_code == 200, place


def test_a_neighbours_ids_are_not_found(lin: Home, zhou: Home, wallet: WechatStandIn) -> None:
    number, client = order_of(lin, wallet), zhou.client()
    for place in places(lin, lin.pay("100", "bank:own"), number, repair_of(lin)):
        refused = client.get(place)
        assert refused.status_code == 404, place
        said = re.findall(r'<(?:title|h1 class="p-hide"|h2)>([^<·]*)', refused.content.decode())
        assert {words.strip() for words in said} == {"找不到这一页"}, place
    posted = [f"/p/bills/{lin.bill}", f"/p/leases/{lin.lease}/pay", f"/p/leases/{lin.lease}/ahead"]
    posted += [f"/p/repairs/{repair_of(lin)}/confirm", f"/p/complaints/{complaint_of(lin)}/drop"]
    posted += [f"/p/repairs/{repair_of(lin)}/visit"]
    posted += ["/p/complaints/new", f"/p/complaints/{complaint_of(lin)}/accept"]
    told = {"lease": str(lin.lease), "cause": "fee", "said": "水费算错了"}
    for place in posted:
        assert (
            client.post(place, told | {"shown": "2280.00", "amount": "500", "wallet": "wechat"}).status_code == 404
        ), place
    assert "林晓雯" not in client.get(f"/p/?lease={lin.lease}").content.decode()


def test_another_companys_ids_are_not_found(lin: Home, stranger: Home, wallet: WechatStandIn) -> None:
    number, client = order_of(lin, wallet), stranger.client()
    for place in places(lin, lin.pay("100", "bank:own"), number, repair_of(lin)):
        assert client.get(place).status_code == 404, place


def test_whoever_lives_along_sees_no_money(lin: Home) -> None:
    with org_scope(lin.org):
        friend = builders.tenant("何雨桐", "13700001111")
        LeaseParty.objects.create(lease_id=lin.lease, person_id=friend, role="occupant", from_on=date(2026, 3, 1))
    client = Home(lin.org, friend, lin.lease).client()
    assert client.get(f"/p/bills/{lin.bill}").status_code == 404
    assert "2,280" not in client.get("/p/").content.decode()
    assert "何雨桐" in lin.client().get(f"/p/leases/{lin.lease}").content.decode()


@pytest.mark.req("T-12")
def test_a_tenant_who_handed_the_lease_on_no_longer_sees_it_and_the_next_one_does(lin: Home) -> None:
    with org_scope(lin.org):
        clock.move_to(clock.now() + timedelta(days=2))
        after = builders.tenant("周子昂", "13900005567")
        rev = Lease.objects.get(id=lin.lease).rev
        transfer_lease(SYSTEM, lease_id=lin.lease, rev=rev, on=clock.today(), to_person_id=after)
        before = Payment.objects.get(lease_id=lin.lease)
    assert lin.client().get(f"/p/bills/{lin.bill}").status_code == 404
    client = Home(lin.org, after, lin.lease).client()
    assert client.get(f"/p/bills/{lin.bill}").status_code == 200
    assert client.get(f"/p/bills/{lin.bills[0]}").status_code == 404
    assert client.get(f"/p/receipts/{before.id}").status_code == 404
    assert "2026-10" not in client.get(f"/p/leases/{lin.lease}/statement").content.decode()


def test_an_ended_lease_stays_readable(lin: Home) -> None:
    with org_scope(lin.org):
        assert end_many(SYSTEM, endings=[Ending(lin.lease, date(2026, 11, 20))]) == {}
    client = lin.client()
    assert client.get(f"/p/leases/{lin.lease}").status_code == 200
    assert client.get("/p/").status_code == 200
