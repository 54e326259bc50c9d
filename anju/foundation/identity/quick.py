"""Models read by a statement of our own: Django composes each of its statements anew, which costs more than asking."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    fields = model._meta.concrete_fields
    odd = [f.name for f in fields if hasattr(f, "from_db_value")]
    if odd:
        raise TypeError(f"{model.__name__} converts {odd}: read it through Django")
    return tuple(f.attname for f in fields)


@cache
def columns(model: type[Model], alias: str) -> str:
    """The columns of a model for a SELECT, each named ``alias_column``."""
    return ", ".join(f'{alias}."{f.column}" AS {alias}_{f.attname}' for f in model._meta.concrete_fields)


def made_of(model: type[M], alias: str, row: Mapping[str, Any]) -> M:
    """The model's object of a row that :func:`columns` named."""
    names = _names(model)
    return model.from_db("default", names, [row[f"{alias}_{name}"] for name in names])
