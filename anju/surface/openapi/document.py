"""The OpenAPI document: what django-ninja derives, in the reader's language, with problems and scopes said properly."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from django.utils.translation import gettext

from anju.surface.openapi.api import api
from anju.surface.openapi.problems import MEDIA_TYPE, titles

PREFIX = "/api/v1"
SPOKEN = ("title", "summary", "description")
METHODS = ("get", "post")


@cache
def _plain() -> dict[str, Any]:
    """As django-ninja derives it, once per process, without what is said for programmers only: the models' docstrings,
    titles made from names, and null where an address can not say null.
    """
    found = deepcopy(dict(api.get_openapi_schema(path_prefix="")))
    schemas = {name: _bare(schema) for name, schema in sorted(found["components"]["schemas"].items())}
    for schema in schemas.values():
        schema.pop("description", None)
    found["paths"] = {path: _bare(operations) for path, operations in found["paths"].items()}
    for parameter in (p for o in operations(found) for p in o["parameters"]):
        choices = [c for c in parameter["schema"].pop("anyOf", []) if c != {"type": "null"}]
        parameter["schema"] |= choices[0] if choices else {}
    return {**found, "components": {"schemas": schemas}}


def _bare(part: Any, inside: str = "") -> Any:
    """Without titles, except where ``title`` is a property's own name."""
    if isinstance(part, list):
        return [_bare(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept = part.items() if inside == "properties" else ((k, v) for k, v in part.items() if k != "title")
    return {name: _bare(each, name if inside != "properties" else "") for name, each in kept}


def document() -> dict[str, Any]:
    """The document in the language in force."""
    found = deepcopy(_plain())
    found["paths"] = {f"{PREFIX}{path}": operations for path, operations in found["paths"].items()}
    for operation in operations(found):
        operation["security"] = [{"Key": []}]
        operation["tags"] = [gettext(tag) for tag in operation["tags"]]
        for status, answer in operation["responses"].items():
            answer["description"] = titles().get(int(status), gettext("成功"))
            if int(status) >= 400:
                answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
    found["components"]["securitySchemes"] = {
        "Key": {"type": "http", "scheme": "bearer", "description": gettext("管理员在“开放接口”页面建立的密钥。")}
    }
    spoken: dict[str, Any] = _translated(found)
    return spoken


def operations(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation of a document."""
    return [each for path in found["paths"].values() for method, each in path.items() if method in METHODS]


def _translated(part: Any, inside: str = "") -> Any:
    """Titles, summaries and descriptions in the language in force; the names of properties are never touched."""
    if isinstance(part, list):
        return [_translated(each) for each in part]
    if not isinstance(part, dict):
        return part
    if inside == "properties":
        return {name: _translated(each) for name, each in part.items()}
    return {
        name: gettext(each) if name in SPOKEN and isinstance(each, str) and each else _translated(each, name)
        for name, each in part.items()
    }
