"""Every table of the business belongs to an organization, and the database itself keeps them apart."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from anju.foundation.db import fetch
from anju.foundation.db.models import OrgModel

# Rows that exist before an organization is known, or that are asked for without one. Every entry needs its reason.
WITHOUT_ORGANIZATION = {
    "organization": "is the organization",
    "user_account": "a person may work for several",
    "recovery_code": "belongs to a user",
    "attempt": "counts tries before sign-in",
    "master_key": "one per installation",
    "short_link": "is looked up by its code alone; the code says which organization",
    "short_link_miss": "counts wrong codes, which belong to nobody",
    "api_key_place": "is looked up by the key alone; it says which organization",
    "room_code_place": "is looked up by the code on the wall alone; it says which organization",
}
FOREIGN = ("django_", "auth_", "procrastinate_")
FLOORS = ["foundation", "domain", "surface"]


def our_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("anju.") and m._meta.managed]


TABLES = """
SELECT c.relname AS name, c.relrowsecurity AS secured, c.relispartition AS part,
       EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND a.attnotnull
               AND NOT a.attisdropped) AS org,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM pg_constraint p
        CROSS JOIN LATERAL unnest(p.conkey) WITH ORDINALITY AS k(num, n)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.num
        WHERE p.conrelid = c.oid AND p.contype = 'p') AS key,
       (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""
FOREIGN_KEYS = """
SELECT r.relname AS from_table, f.relname AS to_table, c.conname AS name,
       (SELECT array_agg(a.attname::text) FROM unnest(c.conkey) k JOIN pg_attribute a
        ON a.attrelid = c.conrelid AND a.attnum = k) AS columns
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
"""
INDEXES = """
SELECT c.relname AS table_name, i.relname AS name, a.attname AS first
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
JOIN pg_am m ON m.oid = i.relam
WHERE c.relnamespace = 'public'::regnamespace AND m.amname = 'btree'
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k
                  WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum])
"""


def business_tables() -> list[dict[str, object]]:
    return [
        row
        for row in fetch(TABLES)
        if not str(row["name"]).startswith(FOREIGN) and row["name"] not in WITHOUT_ORGANIZATION
    ]


def test_every_business_table_has_an_organization_and_row_level_security(db: None) -> None:
    open_tables = [t["name"] for t in business_tables() if not (t["org"] and t["secured"] and t["policies"])]
    # A partition is reached through its parent, whose policy applies; the application has no right to it alone.
    parts = {t["name"] for t in business_tables() if t["part"]}
    assert [name for name in open_tables if name not in parts] == []


def test_every_primary_key_begins_with_the_organization(db: None) -> None:
    wrong = {t["name"]: t["key"] for t in business_tables() if t["key"] and t["key"][0] != "org_id"}  # type: ignore[index]
    assert wrong == {}


def test_no_foreign_key_leaves_the_organization(db: None) -> None:
    ours = {t["name"] for t in business_tables()}
    wrong = [
        key["name"]
        for key in fetch(FOREIGN_KEYS)
        if key["from_table"] in ours and key["to_table"] in ours and "org_id" not in key["columns"]
    ]
    assert wrong == []


def test_indexes_of_business_tables_lead_with_the_organization(db: None) -> None:
    """Except those of keys to a table without organization, such as the user of a member of staff."""
    ours = {t["name"] for t in business_tables()}
    wrong = [
        f"{i['table_name']}.{i['name']}" for i in fetch(INDEXES) if i["table_name"] in ours and i["first"] != "org_id"
    ]
    assert wrong == []


def test_the_list_of_tables_without_organization_holds_no_strangers(db: None) -> None:
    there = {str(row["name"]) for row in fetch(TABLES)}
    assert set(WITHOUT_ORGANIZATION) <= there


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_model_is_an_organizations_or_listed(model: type[models.Model]) -> None:
    assert issubclass(model, OrgModel) or model._meta.db_table in WITHOUT_ORGANIZATION


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_foreign_keys_point_downward(model: type[models.Model]) -> None:
    """A lower slice never refers to an upper one. The order is the one import-linter holds."""
    mine = place(model)
    for field in model._meta.local_fields:
        target = field.related_model
        if isinstance(target, type) and target.__module__.startswith("anju."):
            assert place(target) <= mine, f"{model._meta.label}.{field.name} points up to {target._meta.label}"


def place(model: type[models.Model]) -> tuple[int, int]:
    """How high a model's slice lies."""
    from django.conf import settings

    _, floor, name = model.__module__.split(".")[:3]
    return FLOORS.index(floor), settings.FLOORS[floor].index(name)
