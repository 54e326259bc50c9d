"""Examples made from the document itself, so that they can not grow old."""

from __future__ import annotations

import json
from typing import Any

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
