"""A list as each person likes it: views with names, columns left out, the export the same."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from anju.foundation.lists.models import ListTaste, SavedView
from anju.foundation.trace.events import timeline
from tests.staff import refusal, signed_in, text


def heads(client, path: str) -> list[str]:  # type: ignore[no-untyped-def]
    """The first row of an exported sheet."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(client.get(path).streaming_content)))
    return [str(cell) for cell in sheet.get_sheet_by_index(0).to_python()[0]]


@pytest.fixture
def agent(company: int):  # type: ignore[no-untyped-def]
    return signed_in("service")


def test_filters_are_kept_under_a_name_and_opened_with_one_click(agent) -> None:  # type: ignore[no-untyped-def]
    where = {"label": "我的急件", "query": "view=long&owed=1000&page=3&next=//evil.example"}
    answer = agent.post("/lists/arrears/views", where)
    assert answer.headers["Location"] == "/rent/arrears?view=long&owed=1000"
    page = text(agent, "/rent/arrears?view=long&owed=1000")
    assert '<a href="/rent/arrears?view=long&amp;owed=1000" aria-current="page">我的急件' in page.replace("\n", "")
    assert page.count('aria-current="page">') - page.count("a-rail") <= 3
    agent.post("/lists/arrears/views", {"label": "我的急件", "query": "view=short"})
    assert [(v.label, v.query) for v in SavedView.objects.all()] == [("我的急件", "view=short")]


def test_a_view_is_its_owners_until_a_manager_shares_one(agent) -> None:  # type: ignore[no-untyped-def]
    boss = signed_in("manager", name="许婧")
    agent.post("/lists/bills/views", {"label": "只我看", "query": "state=late"})
    boss.post("/lists/bills/views", {"label": "大家都看", "query": "state=open", "shared": "1"})
    assert "只我看" not in text(boss, "/rent/bills")
    assert "大家都看" in text(agent, "/rent/bills")
    assert refusal(agent, "/lists/bills/views", {"label": "偷偷", "query": "", "shared": "1"}) in (302, 403)
    assert not SavedView.objects.filter(label="偷偷").exists()
    mine, shared = (SavedView.objects.get(label=label) for label in ("只我看", "大家都看"))
    assert refusal(boss, f"/lists/views/{mine.id}/drop", {}) == 404
    assert refusal(agent, f"/lists/views/{shared.id}/drop", {}) == 403
    boss.post(f"/lists/views/{shared.id}/drop")
    assert list(SavedView.objects.values_list("label", flat=True)) == ["只我看"]


def test_a_column_left_out_is_absent_from_list_and_export(agent) -> None:  # type: ignore[no-untyped-def]
    boss = signed_in("manager", name="许婧")
    assert "指导价（元/月）" in heads(boss, "/units/list.xlsx")
    boss.post("/lists/bills/columns", {"offered": ["due", "settled", "open"], "shown": ["open"]})
    assert ListTaste.objects.get().hidden == ["due", "settled"]
    names = heads(boss, "/rent/bills.xlsx")
    assert "未付" in names
    assert "应付日" not in names
    assert "已付" not in names
    assert "应付日" in heads(signed_in("finance", name="吴倩"), "/rent/bills.xlsx")  # one's own taste only


def test_a_list_that_one_may_not_open_keeps_nothing(company: int) -> None:
    risk = signed_in("risk")
    assert refusal(risk, "/lists/payments/views", {"label": "x", "query": ""}) in (302, 403)
    assert refusal(risk, "/lists/nothing/views", {"label": "x", "query": ""}) == 404
    assert not SavedView.objects.exists()


def test_the_trace_does_not_tell_what_somebody_looked_for(agent) -> None:  # type: ignore[no-untyped-def]
    agent.post("/lists/leases/views", {"label": "何雨桐那份", "query": "number=HZ25-0412"})
    kept = SavedView.objects.get()
    told = [e["body"] for e in timeline(("staff", kept.staff_id)) if e["action"] == "lists.view.save"]
    assert len(told) == 1
    assert "HZ25" not in told[0]
    assert "何雨桐" not in told[0]
