"""Models read and written by statements planned once: Django composes its own anew, which costs more than asking.

(case,) = read(FlowCase, planned(f"SELECT {columns(FlowCase)} FROM flow_case WHERE id = %(id)s"), {"id": 7})
write(case, "stage", "rev")
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from django.db import DatabaseError, connection
from django.db.models import Model

from anju.foundation.db.sql import Params, Planned, fetch, planned, run_sql

M = TypeVar("M", bound=Model)


@cache
def _shape(model: type[Model]) -> tuple[tuple[str, ...], tuple[tuple[int, Any], ...]]:
    """The names of the columns, and which of them the model's field converts."""
    fields = model._meta.concrete_fields
    if other := [f.attname for f in fields if f.column != f.attname]:
        raise TypeError(f"{model.__name__} has {other} under other names: read it through Django")
    convert = ((n, f.from_db_value) for n, f in enumerate(fields) if hasattr(f, "from_db_value"))
    return tuple(f.attname for f in fields), tuple(convert)


@cache
def columns(model: type[Model], alias: str = "") -> str:
    """The columns of a model for a SELECT; with an alias of its table, each named ``alias_column``.

    By name, not ``*``: a column that a later version adds meanwhile is none of a planned statement's business.
    """
    if not alias:
        return ", ".join(f'"{name}"' for name in _shape(model)[0])
    return ", ".join(f'{alias}."{name}" AS {alias}_{name}' for name in _shape(model)[0])


def made_of(model: type[M], row: Mapping[str, Any], alias: str = "") -> M:
    """The model's object of a row.

    Args:
        model: whose.
        row: with every column of the model; others are left alone.
        alias: where :func:`columns` named them.
    """
    names, convert = _shape(model)
    values = [row[f"{alias}_{name}" if alias else name] for name in names]
    for n, converted in convert:
        values[n] = converted(values[n], None, connection)
    return model.from_db("default", names, values)


def read(model: type[M], sql: Planned, params: Params) -> list[M]:
    """The objects of a statement that gives every column of the model, see :func:`columns`."""
    return [made_of(model, row) for row in fetch(sql, params)]


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> Planned:
    to = ", ".join(f'"{name}" = %({name})s' for name in names)
    return planned(f'UPDATE "{model._meta.db_table}" SET {to} WHERE id = %(id)s')


def write(row: Model, *names: str) -> None:
    """What ``row.save(update_fields=names)`` does.

    Args:
        row: an object that is in the database.
        names: columns that changed (``follows_id``, not ``follows``).

    Raises:
        DatabaseError: it is not there any more.
    """
    fields = {f.attname: f for f in row._meta.concrete_fields}
    values = {name: fields[name].get_db_prep_save(getattr(row, name), connection) for name in names}
    if run_sql(_update(type(row), names), {**values, "id": row.pk}) != 1:
        raise DatabaseError(f"{row._meta.db_table} {row.pk} is not there any more")
