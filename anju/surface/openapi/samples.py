"""Examples made from the document itself, so that they can not grow old."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anju.surface.openapi.wire import LARGEST

Document = dict[str, Any]
DEEPEST = 6
BY_FORMAT = {"date": "2026-01-17", "date-time": "2026-01-17T10:30:00+08:00"}


def sample(found: Document, schema: Document) -> str:
    """An example of what a schema describes, as JSON text."""
    return json.dumps(example(found, schema), ensure_ascii=False, indent=2)


def example(found: Document, schema: Document, name: str = "", depth: int = 0) -> Any:
    """An example value: the schema's own, else one put together from its parts.

    Args:
        found: the document, for references.
        schema: what is described.
        name: the property's name, for values that speak.
        depth: how deep inside; what lies too deep is left empty.
    """
    schema = _resolved(found, schema)
    if schema.get("examples"):
        return schema["examples"][0]
    if "default" in schema:
        return schema["default"]
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if depth > DEEPEST:
        return None
    match schema.get("type"):
        case "object":
            return _object(found, schema, depth)
        case "array":
            return [example(found, schema.get("items", {}), name, depth + 1)]
        case "string":
            return BY_FORMAT.get(schema.get("format", ""), "" if name == "" else f"…{name}")
        case "integer" | "number":
            return max(1024 if name == "id" or name.endswith("_id") else 1, schema.get("minimum", 1))
        case "boolean":
            return True
    return None


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body: ``leases[].terms.price``, what it may hold, what it means."""

    name: str
    required: bool
    words: str
    description: str


def fields(found: Document, schema: Document, above: str = "") -> list[Field]:
    """Every field of a body, the inner ones after the one that holds them."""
    return list(_fields(found, schema, above))


def _fields(found: Document, schema: Document, above: str) -> Iterator[Field]:
    holder = _resolved(found, schema)
    for name, part in holder.get("properties", {}).items():
        inner = _resolved(found, part)
        said = part.get("description") or inner.get("description", "")
        yield Field(above + name, name in holder.get("required", []), words(found, part), said)
        listed = inner.get("type") == "array"
        deeper = _resolved(found, inner["items"]) if listed else inner
        yield from _fields(found, deeper, f"{above}{name}{'[]' if listed else ''}.")


def words(found: Document, schema: Document) -> str:
    """What a value may be, in the words of JSON: its type or form, its choices, its limits."""
    part = _resolved(found, schema)
    if part.get("type") == "array":
        return f"[{words(found, part['items'])}]"
    if choices := part.get("enum"):
        return " · ".join(json.dumps(c, ensure_ascii=False) if c == "" else str(c) for c in choices)
    least, most = part.get("minimum"), part.get("maximum")
    limits = f" {least}–{most}" if least is not None and most is not None and most < LARGEST else ""
    return str(part.get("format") or part.get("type", "")) + limits


def _object(found: Document, schema: Document, depth: int) -> dict[str, Any]:
    if "properties" not in schema:
        return {}
    return {name: example(found, part, name, depth + 1) for name, part in schema["properties"].items()}


def _resolved(found: Document, schema: Document) -> Document:
    """The schema behind references; of several choices the first that is not null."""
    while True:
        if "$ref" in schema:
            schema = found["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in schema or "allOf" in schema:
            own = {k: v for k, v in schema.items() if k not in ("anyOf", "allOf")}
            parts = schema.get("anyOf") or schema["allOf"]
            schema = next((p for p in parts if p.get("type") != "null"), parts[0])
            schema = _resolved(found, schema) | {k: v for k, v in own.items() if k == "default" and v is not None}
        else:
            return schema


def call(found: Document, path: str, method: str, operation: Document) -> str:
    """A command line that can be copied; the key stands in a variable, never in the text."""
    required = {"{" + p["name"] + "}": _parameter(found, p) for p in operation.get("parameters", [])}
    for name, value in required.items():
        path = path.replace(name, value)
    asked = "&".join(
        f"{p['name']}={_parameter(found, p)}"
        for p in operation.get("parameters", [])
        if p["in"] == "query" and p.get("required")
    )
    lines = [f'curl "$ANJU{path}{"?" + asked if asked else ""}"', '  -H "Authorization: Bearer $ANJU_KEY"']
    if any(p["in"] == "header" for p in operation.get("parameters", [])):
        lines.append('  -H "Idempotency-Key: $(uuidgen)"')
    if method == "post":
        lines.append(
            "  -H 'Content-Type: application/json' -d @body.json" if "requestBody" in operation else "  -X POST"
        )
    return " \\\n".join(lines)


def _parameter(found: Document, parameter: Document) -> str:
    if parameter["name"] == "key":
        return "billing"
    return str(example(found, parameter["schema"], parameter["name"]))
