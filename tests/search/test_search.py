"""One field for everything: what people type, what they find, and what they never find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from anju.foundation.crypto import create_org_key
from anju.foundation.db import fetch, fetch_value, org_scope, run_sql
from anju.foundation.search import Entry, find, index, kinds, remove, search, searchable
from anju.foundation.search.shape import bigrams, terms
from anju.kit import Actor

ME = Actor.system()


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    """Three kinds of our own, whatever the domain declares."""
    before = dict(kinds._kinds)
    kinds._kinds.clear()
    for order, kind in enumerate(("person", "lease", "unit")):
        searchable(kind, zh=kind, en=kind, url=f"/{kind}/{{id}}", order=order)
    yield
    kinds._kinds.clear()
    kinds._kinds.update(before)


@pytest.fixture
def company(in_org: int) -> int:
    """Two tenants of one name in two projects, a lease, two rooms."""
    if fetch_value("SELECT count(*) FROM org_key") == 0:
        create_org_key()
    index(
        [
            Entry("person", 1, 10, "王芳", "HZ25-0412 · 8000", "滨江店 3-1-1208", ("王芳",), phones=("13800138000",)),
            Entry("person", 2, 20, "王芳", "CD25-0007 · 6666", "天府店 A1203", ("王芳",), phones=("13900136666",)),
            Entry("person", 3, 20, "杭州云岫科技有限公司", "CD25-0008 · 1111", "", ("杭州云岫科技有限公司",)),
            Entry("lease", 4, 10, "HZ25-0412", "王芳 · 8000", codes=("HZ25-0412",)),
            Entry("unit", 5, 10, "3-1-1208", "滨江店", codes=("3-1-1208",)),
            Entry("unit", 6, 20, "A1203", "天府店", codes=("A1203",)),
        ]
    )
    return in_org


@pytest.mark.req("T-02")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("王芳", [("person", 1), ("person", 2), ("lease", 4)]),
        ("wf", [("person", 1), ("person", 2)]),
        ("wangf", [("person", 1), ("person", 2)]),
        ("云岫", [("person", 3)]),
        ("云岫科技", [("person", 3)]),
        ("8000", [("person", 1)]),
        ("138 0013 8000", [("person", 1)]),
        ("+8613800138000", [("person", 1)]),
        ("王芳 6666", [("person", 2)]),
        ("王芳 CD25", [("person", 2)]),
        ("HZ25-0412", [("lease", 4)]),
        ("hz25", [("lease", 4)]),
        ("0412", [("lease", 4)]),
        ("1208", [("unit", 5)]),
        ("3-1-12", [("unit", 5)]),
        ("a1203", [("unit", 6)]),
        ("ａ１２０３", [("unit", 6)]),
        ("13900138000", []),
        ("李四", []),
        ("王", []),
        ("%", []),
        ("%%%%%", []),
        ("' OR 1=1 --", []),
        ("#t00", []),
        ("\\", []),
        ("", []),
    ],
)
def test_what_people_type_finds_what_they_mean(company: int, query: str, found: list[tuple[str, int]]) -> None:
    hits = [(h.kind.kind, h.subject_id) for h in search(ME, query)]
    assert sorted(hits) == sorted(found)


def test_a_hit_names_the_handle(company: int) -> None:
    hit = search(ME, "王芳 8000")[0]
    assert (hit.title, hit.handle, hit.url) == ("王芳", "HZ25-0412 · 8000", "/person/1")


def test_row_scope_holds_inside_the_function(company: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "scopes", lambda by: [20])
    assert [h.subject_id for h in search(ME, "王芳")] == [2]
    assert search(ME, "1208") == []
    monkeypatch.setattr(find, "scopes", lambda by: [])
    assert search(ME, "王芳") == []


def test_a_tenant_finds_nothing(company: int) -> None:
    assert search(Actor.tenant(1), "王芳") == []


def test_another_company_is_never_found(org: int, other_org: int) -> None:
    for company in (org, other_org):
        with org_scope(company):
            index([Entry("unit", company, None, f"A12{company}", codes=("A1203",))])
    with org_scope(other_org):
        assert [h.subject_id for h in search(ME, "A1203")] == [other_org]


def test_a_new_entry_replaces_the_old_and_erasure_removes_it(company: int) -> None:
    index([Entry("person", 1, 20, "王静", "HZ25-0412 · 9999", names=("王静",), phones=("13800139999",))])
    assert [h.subject_id for h in search(ME, "wangj")] == [1]
    assert search(ME, "13800138000") == []
    remove("person", [1, 2])
    assert [h.kind.kind for h in search(ME, "王芳")] == ["lease"]
    assert fetch_value("SELECT count(*) FROM search_key WHERE kind = 'person' AND scope_id = 20") == 2


def test_phones_are_not_in_the_index(company: int) -> None:
    kept = fetch("SELECT words FROM search_entry UNION ALL SELECT key FROM search_key")
    assert not any("13800138000" in row["words"] for row in kept)


@pytest.mark.parametrize("text", ["王芳", "杭州A座云岫科技3号楼", "abc", "", "王", "𠀀𠀁", "3号楼"])
def test_python_and_sql_cut_the_same_bigrams(in_org: int, text: str) -> None:
    assert sorted(fetch_value("SELECT search_grams(%(t)s)", {"t": text})) == bigrams(text)


@pytest.fixture
def many(in_org: int) -> None:
    """Enough entries for the planner to care."""
    run_sql("""
        SELECT search_index(jsonb_agg(jsonb_build_object(
            'kind', 'person', 'subject_id', n, 'scope_id', mod(n, 50), 'title', name, 'handle', 'HZ25-' || n,
            'words', name || ' hz25-' || n, 'keys', jsonb_build_array('hz25' || n, n::text))))
        FROM (SELECT n, chr(20000 + mod(n, 4000)) || chr(21000 + mod(n, 3999)) || chr(22000 + mod(n, 3000))
                     || '公寓' AS name
              FROM generate_series(1, 3000) AS n) AS made""")
    # What the planner knows must not depend on what other tests left in the statistics.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE anju_owner")
        cursor.execute("ANALYZE search_entry, search_key")
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    ("query", "index_name"),
    [
        (chr(20007) + chr(21007), "search_entry_text_ix"),
        (chr(20007) + chr(21007) + chr(22007) + "公", "search_entry_text_ix"),
        ("hz2512", "search_key_prefix_ix"),
        ("1208", "search_key_prefix_ix"),
        ("13800138000", "search_key_prefix_ix"),
    ],
)
def test_each_shape_is_answered_by_its_index(many: None, query: str, index_name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("anju_app",)
    asked = [
        {"route": t.route, "text": t.text, "key": t.key, "blind": "", "grams": bigrams(t.text)} for t in terms(query)
    ]
    from anju.kit.canonical import canonical

    plan = fetch(
        "SELECT search_plan AS line FROM search_plan(%(terms)s::jsonb, %(kinds)s, %(scopes)s, 20)",
        {"terms": canonical(asked), "kinds": ["person"], "scopes": [7, 8]},
    )
    lines = [row["line"] for row in plan]
    assert any(index_name in line for line in lines), lines
    assert not any("Seq Scan" in line for line in lines), lines


def test_many_hits_are_bounded_and_the_exact_title_comes_first(in_org: int) -> None:
    index([Entry("unit", n, None, f"云海{n}幢", names=(f"云海{n}幢",)) for n in range(1, 900)])
    index([Entry("unit", 1000, None, "云海")])
    hits = search(ME, "云海", limit=10)
    assert len(hits) == 10
    assert len(search(ME, "云海", limit=5000)) == 100
