"""A fresh installation: the first page makes the company and its administrator, once."""

from __future__ import annotations

from django.test import Client

from anju.foundation.db import org_scope
from anju.foundation.identity.models import Organization, Staff
from anju.foundation.policy.models import PolicyRelease
from anju.foundation.staffing.pages.setup import setup_code

FORM = {"company": "禾里公寓", "signature": "禾里", "name": "许婧", "login": "xu", "password": "correct horse 7"}


def test_the_first_visitor_founds_the_company_and_is_inside(committed: str) -> None:
    client = Client()
    assert client.get("/sign-in")["Location"] == "/setup"
    short = client.post("/setup", {**FORM, "password": "12345678"})
    assert short.status_code == 422
    assert "禾里公寓" in short.content.decode(), "what was typed is still there"
    assert Organization.objects.count() == 0, "nothing half made"
    assert client.post("/setup", FORM)["Location"] == "/"
    org = Organization.objects.get()
    with org_scope(org.id):
        assert Staff.objects.get().roles == ["admin", "manager", "finance", "service"]
        assert PolicyRelease.objects.filter(key="billing").exists(), "the standard template is in force"
    assert "许婧" in client.get("/system/staff").content.decode()
    assert Client().get("/setup")["Location"] == "/sign-in"
    assert Client().post("/setup", {**FORM, "login": "li"})["Location"] == "/sign-in"
    assert Organization.objects.count() == 1


def test_a_visitor_from_another_machine_needs_the_code_on_the_server(committed: str) -> None:
    far = Client(REMOTE_ADDR="10.1.2.3")
    assert "安装码" in far.get("/setup").content.decode()
    assert far.post("/setup", {**FORM, "code": "guess"}).status_code == 422
    assert far.post("/setup", {**FORM, "code": setup_code()})["Location"] == "/"


def test_inviting_and_freezing_a_colleague(committed: str) -> None:
    client = Client()
    client.post("/setup", FORM)
    page = client.post("/system/staff/new", {"name": "林晓", "login": "lin", "role": ["service"]}).content.decode()
    token = page.split("/join/")[1].split("<")[0].strip()
    colleague = Client()
    assert colleague.post(f"/join/{token}", {"password": "another horse 8"}).status_code == 302
    assert colleague.get("/system/staff").status_code == 403, "service does not manage staff"
    with org_scope(Organization.objects.get().id):
        lin = Staff.objects.get(name="林晓").id
    client.post(f"/system/staff/{lin}", {"role": ["finance"]})
    client.post(f"/system/staff/{lin}/freeze")
    assert colleague.get("/rent/arrears")["Location"].startswith("/sign-in")
    assert "已冻结" in client.get("/system/staff").content.decode()
