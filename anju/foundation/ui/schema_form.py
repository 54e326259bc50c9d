"""Forms made from a schema: a tree of fields, its reading back from POST, and list buttons that need no script.

A page renders ``schema_fields(fields, values, errors)`` inside its form. The names of the inputs are the paths of the
values (``steps.2.days``), so errors and lint findings carry the same paths. Adding, removing and moving a list's
objects are submit buttons named ``_list``; :func:`read` performs them and says so, and the page is rendered again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Protocol

Kind = Literal[
    "text", "long", "int", "decimal", "bool", "choice", "choices", "time", "times", "date", "template", "object", "list"
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice with its word, and a help line where the word is not enough."""

    value: str
    text: Any
    help: Any = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A node of the schema.

    Attributes:
        name: key inside its object; "" for the items of a list of plain values.
        kind: ``times`` is a range of two times; ``template`` a text with ``variables``; ``object`` and ``list`` hold
            ``fields`` (a list's fields are those of one of its objects, or a single nameless field).
        label: above the input. help: under it. unit: behind it.
        optional: may be left empty; reads as None.
        low, high, step: limits of a number. max_length: of a text; min_items, max_items: of a list.
        variables: (name, what it becomes) pairs a template may use, offered as buttons.
        new: the object a list's "add" inserts.
        row: show an object's fields side by side, as a rule's line.
    """

    name: str
    kind: Kind
    label: Any
    help: Any = ""
    unit: Any = ""
    optional: bool = False
    low: Decimal | int | None = None
    high: Decimal | int | None = None
    step: str = ""
    max_length: int | None = None
    min_items: int = 0
    max_items: int = 50
    choices: Sequence[Choice] = ()
    variables: Sequence[tuple[str, Any]] = ()
    fields: Sequence[Field] = ()
    new: Any = None
    row: bool = False
    add_label: Any = ""


class Post(Protocol):
    """What of Django's ``QueryDict`` is needed."""

    def get(self, key: str, default: str = "") -> Any:
        """The last value."""

    def getlist(self, key: str) -> list[Any]:
        """Every value."""

    def __contains__(self, key: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class Read:
    """What was sent. ``list_edited`` says that a list button was pressed: show the form again, save nothing."""

    values: dict[str, Any]
    list_edited: bool


def read(fields: Sequence[Field], post: Post) -> Read:
    """Read the tree's values as plain JSON (numbers stay text: the model validates and names what is wrong).

    Args:
        fields: the schema, as it was rendered.
        post: ``request.POST``.
    """
    values = {f.name: _value(f, f.name, post) for f in fields}
    command = str(post.get("_list", "") or "")
    return Read(values, bool(command) and _edit(fields, values, command))


def _value(field: Field, path: str, post: Post) -> Any:
    if field.kind == "object":
        return {f.name: _value(f, f"{path}.{f.name}", post) for f in field.fields}
    if field.kind == "list":
        return [_item(field, f"{path}.{key}", post) for key in post.getlist(f"{path}._keys")[: field.max_items + 1]]
    if field.kind == "bool":
        return post.get(path, "") == "1"
    if field.kind == "choices":
        return [str(v) for v in post.getlist(path)]
    if field.kind == "times":
        return [str(post.get(f"{path}.from", "")), str(post.get(f"{path}.to", ""))]
    text = str(post.get(path, "") or "").replace("\r\n", "\n").strip()
    return None if field.optional and not text else text


def _item(field: Field, path: str, post: Post) -> Any:
    if len(field.fields) == 1 and not field.fields[0].name:
        return _value(field.fields[0], path, post)
    return {f.name: _value(f, f"{path}.{f.name}", post) for f in field.fields}


_COMMAND = re.compile(r"(?P<verb>add|remove|up|down):(?P<path>[\w.]+?)(?::(?P<index>\d+))?")


def _edit(fields: Sequence[Field], values: dict[str, Any], command: str) -> bool:
    match = _COMMAND.fullmatch(command)
    found = match and find(fields, match["path"])
    items = match and value_at(values, match["path"])
    if not match or found is None or not isinstance(found, Field) or not isinstance(items, list):
        return False
    if match["verb"] == "add":
        if len(items) < found.max_items:
            items.append(blank(found))
        return True
    at = int(match["index"] or -1)
    to = at + {"up": -1, "down": 1, "remove": 0}[match["verb"]]
    if not (0 <= at < len(items) and 0 <= to < len(items)):
        return True
    item = items.pop(at)
    if match["verb"] != "remove":
        items.insert(to, item)
    return True


def find(fields: Sequence[Field], path: str) -> Field | None:
    """The field at a value's path (``steps.2.days``), or None."""
    here: Field | None = None
    for part in path.split("."):
        if here is not None and here.kind == "list" and part.isdigit():
            continue
        here = next((f for f in fields if f.name == part), None)
        if here is None:
            return None
        fields = here.fields
    return here


def value_at(values: Any, path: str) -> Any:
    """The value at a path, or None."""
    for part in path.split("."):
        if isinstance(values, Mapping):
            values = values.get(part)
        elif isinstance(values, list) and part.isdigit() and int(part) < len(values):
            values = values[int(part)]
        else:
            return None
    return values


def blank(field: Field) -> Any:
    """A new object of a list: its ``new``, else the emptiest value its fields allow."""
    if field.new is not None:
        return dict(field.new) if isinstance(field.new, Mapping) else field.new
    if len(field.fields) == 1 and not field.fields[0].name:
        return _empty(field.fields[0])
    return {f.name: _empty(f) for f in field.fields}


def _empty(field: Field) -> Any:
    if field.kind == "object":
        return {f.name: _empty(f) for f in field.fields}
    if field.kind in ("list", "choices"):
        return []
    if field.kind == "times":
        return ["09:00", "20:00"]
    if field.kind == "choice" and field.choices:
        return field.choices[0].value
    if field.kind in ("int", "decimal"):
        return field.low if field.low is not None else 0
    return False if field.kind == "bool" else ""
