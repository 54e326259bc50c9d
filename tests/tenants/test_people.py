"""Tenants come by import or API, are recognised again, and their data is shown only to those who may see it."""

from __future__ import annotations

import pytest

from anju.domain.tenants.actions import change_contact, register_people, reveal
from anju.domain.tenants.contacts import TenantContacts
from anju.domain.tenants.models import BankAccount, ContactPoint, IdentityDocument, Person
from anju.domain.tenants.queries import contact_points, people, people_with_phone, person
from anju.domain.tenants.rules import NewPerson
from anju.foundation.db import fetch, org_scope
from anju.foundation.identity.models import Staff, User
from anju.kit import Actor, Refused

SYSTEM = Actor.system()
FANG = NewPerson("王芳", phone="138 0000 1234", id_number="110101199003070038", bank_account="6222021234567890128")


@pytest.fixture
def company(in_org: int) -> int:

    return in_org


def staff(org: int, *roles: str, all_projects: bool = True) -> Actor:
    user = User.objects.create(login=f"{'-'.join(roles)}@example.com")
    return Actor.staff(Staff.objects.create(user=user, name="员工", roles=list(roles), all_projects=all_projects).id)


def register(*rows: NewPerson) -> list[int]:
    ids = register_people(SYSTEM, rows=rows).person_ids
    assert None not in ids
    return [i for i in ids if i is not None]


@pytest.mark.req("T-02")
def test_the_same_person_is_recognised_and_a_namesake_is_not(company: int) -> None:
    first, again, namesake = register(
        FANG, NewPerson("王芳", phone="+86 13800001234"), NewPerson("王芳", phone="13900005678")
    )
    assert first == again != namesake
    assert register(NewPerson("王芳", phone="１３９００００５６７８")) == [namesake]
    assert Person.objects.count() == 2


def test_bad_rows_come_back_without_their_values(company: int) -> None:
    done = register_people(
        SYSTEM,
        rows=[
            NewPerson(""),
            NewPerson("李雷", phone="1234"),
            NewPerson("李雷", id_number="110101199003070030"),
            NewPerson("李雷", email="a b"),
            NewPerson("李雷", bank_account="12"),
            NewPerson("杭州星河科技有限公司", kind="company", id_number="91330100MA27XYAB8K"),
            FANG,
        ],
    )
    codes = [done.refused[n].code if n in done.refused else "" for n in range(7)]
    assert codes[:5] == [
        "person.name_missing",
        "person.phone_malformed",
        "person.id_malformed",
        "person.email_malformed",
        "person.account_malformed",
    ]
    assert codes[6] == ""
    assert not any("1234" in r.text() or "0030" in r.text() for r in done.refused.values())


@pytest.mark.req("T-03")
def test_nothing_sensitive_is_stored_readable(company: int) -> None:
    register(FANG)
    for table in ("person", "contact_point", "identity_document", "bank_account", "trace_event"):
        text = str(fetch(f"SELECT t::text AS t FROM {table} t"))
        assert not any(value in text for value in ("13800001234", "110101199003070038", "6222021234567890128"))
    assert ContactPoint.objects.get().mask == "138****1234"
    assert IdentityDocument.objects.get().mask == "110***********0038"
    assert BankAccount.objects.get().mask == "**** 0128"


@pytest.mark.req("T-04")
def test_each_role_sees_the_least(company: int) -> None:
    (fang,) = register(FANG)
    seen = {role: person(staff(company, role), fang) for role in ("finance", "risk", "maintenance")}
    assert seen["finance"]["account_mask"] == "**** 0128"
    assert "document_mask" not in seen["finance"]
    assert seen["risk"]["document_mask"] == "110***********0038"
    assert "account_mask" not in seen["risk"]
    assert seen["maintenance"].keys().isdisjoint({"account_mask", "document_mask"})


@pytest.mark.req("T-04")
def test_a_full_value_needs_the_right_and_a_reason_and_leaves_a_trace(company: int) -> None:
    (fang,) = register(FANG)
    finance, upkeep = staff(company, "finance"), staff(company, "maintenance")
    assert reveal(finance, person_id=fang, field="phone", reason="contact") == "13800001234"
    assert reveal(finance, person_id=fang, field="account", reason="payment") == "6222021234567890128"
    event = fetch("SELECT actor, body FROM trace_event WHERE action = 'tenants.person.reveal' ORDER BY id LIMIT 1")[0]
    assert event["actor"] == str(finance)
    assert "13800001234" not in event["body"]
    refused = {
        "not_allowed": reveal.refusal(upkeep, person_id=fang, field="phone", reason="contact"),
        "access.reveal_needs_a_reason": reveal.refusal(finance, person_id=fang, field="phone"),
    }
    assert {code: r and r.code for code, r in refused.items()} == {code: code for code in refused}
    with pytest.raises(Refused) as nothing:
        reveal(finance, person_id=fang, field="email", reason="contact")
    assert nothing.value.code == "person.nothing_to_show"


def test_a_new_phone_keeps_the_old_one_with_its_day(company: int) -> None:
    (fang,) = register(FANG)
    change_contact(SYSTEM, person_id=fang, kind=ContactPoint.Kind.PHONE, value="13911112222")
    old, new = ContactPoint.objects.order_by("id")
    assert (old.preferred, new.preferred, new.stale_since) == (False, True, None)
    assert old.stale_since == new.valid_from
    assert Person.objects.get(id=fang).phone_tail == "2222"
    assert people_with_phone("13911112222") == [fang]
    assert people_with_phone("13800001234") == []
    with pytest.raises(Refused) as same:
        change_contact(SYSTEM, person_id=fang, kind=ContactPoint.Kind.PHONE, value="139 1111 2222")
    assert same.value.code == "person.same_contact"
    assert [c["mask"] for c in contact_points(SYSTEM, fang)] == ["139****2222", "138****1234"]


def test_a_list_is_found_by_name_pinyin_and_phone_and_turns_pages(company: int) -> None:
    register(FANG, NewPerson("李雷", phone="13700004321"), NewPerson("阿明", phone="13600001234"))
    assert [r["name"] for r in people(SYSTEM).rows] == ["阿明", "李雷", "王芳"]
    assert [r["name"] for r in people(SYSTEM, name="wang").rows] == ["王芳"]
    assert [r["name"] for r in people(SYSTEM, name="李").rows] == ["李雷"]
    assert {r["name"] for r in people(SYSTEM, phone="1234").rows} == {"王芳", "阿明"}
    assert [r["name"] for r in people(SYSTEM, phone="13700004321").rows] == ["李雷"]
    page = people(SYSTEM, limit=2)
    assert page.after is not None
    rest = people(SYSTEM, limit=2, after=(page.after[0], page.after[1]))
    assert ([r["name"] for r in rest.rows], rest.after) == (["王芳"], None)


def test_messages_get_their_addresses_in_one_batch(company: int) -> None:
    fang, lei = register(FANG, NewPerson("李雷", email="lilei@example.com"))
    source = TenantContacts()
    phones = source.preferred([fang, lei], "sms")
    assert list(phones) == [fang]
    contact = source.contacts(list(phones.values()))[phones[fang]]
    assert (contact.name, contact.address, contact.refusal) == ("王芳", "13800001234", "")
    change_contact(SYSTEM, person_id=fang, kind=ContactPoint.Kind.PHONE, value="13911112222")
    assert source.contacts(list(phones.values()))[phones[fang]].refusal == "address.stale"


def test_another_companys_tenant_is_not_found(org: int, other_org: int) -> None:
    with org_scope(org):
        (fang,) = register(FANG)
    with org_scope(other_org):
        for call in (
            lambda: person(SYSTEM, fang),
            lambda: reveal(SYSTEM, person_id=fang, field="phone", reason="contact"),
            lambda: change_contact(SYSTEM, person_id=fang, kind=ContactPoint.Kind.PHONE, value="13911112222"),
        ):
            with pytest.raises(Refused) as refused:
                call()
            assert refused.value.code == "not_found"
        assert people_with_phone("13800001234") == []


def test_a_store_clerk_sees_only_the_tenants_of_own_projects(company: int) -> None:
    (fang,) = register(FANG)
    clerk = staff(company, "service", all_projects=False)
    assert people(clerk).rows == []
    with pytest.raises(Refused):
        person(clerk, fang)
