"""What is sensitive in a row leaves the table: sealed under the organization's key, found by blind indexes only."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from anju.foundation.crypto import blind_index, org_decrypt, org_encrypt
from anju.kit.masks import mask_phone
from anju.surface.imports.mapping import Draft
from anju.surface.imports.reading.cells import Cell, is_blank, tidy

CONTEXT = "imports.row"


def seal(draft: Draft, cells: list[Cell]) -> bytes:
    """The row as it was, with its phones and document, in one sealed value."""
    plain = {
        "cells": [_plain(c) for c in cells],
        "phones": draft.values.get("phone") or [],
        "document": draft.values.get("id_number"),
    }
    return org_encrypt(json.dumps(plain, ensure_ascii=False).encode(), context=CONTEXT)


def seal_samples(rows: Sequence[Sequence[Cell]], most: int = 3) -> bytes:
    """The first different cells of each column, for the person who says what the columns are."""
    columns = [
        list(dict.fromkeys(_least(tidy(r[i])) for r in rows if not is_blank(r[i])))[:most] for i in range(_width(rows))
    ]
    return org_encrypt(json.dumps(columns, ensure_ascii=False).encode(), context=CONTEXT)


def _least(text: str) -> str:
    """Enough to recognise a column by: of long numbers only both ends."""
    return re.sub(r"(\d{3})\d{4,}([\dXx]{4})", r"\1****\2", text)[:40]


def _width(rows: Sequence[Sequence[Cell]]) -> int:
    return len(rows[0]) if rows else 0


def unseal_samples(sealed: bytes | memoryview | None) -> list[list[str]]:
    """A few cells of each column."""
    return list(json.loads(org_decrypt(bytes(sealed), context=CONTEXT))) if sealed else []


def unseal(sealed: bytes | memoryview) -> dict[str, Any]:
    """``cells``, ``phones``, ``document`` of a row."""
    return dict(json.loads(org_decrypt(bytes(sealed), context=CONTEXT)))


def open_values(draft: Draft) -> dict[str, Any]:
    """The values that may stand in the table: no phone, no document, only the phone's mask."""
    values = {k: v for k, v in draft.values.items() if k not in ("phone", "id_number")}
    if phones := draft.values.get("phone"):
        values["phone_mask"] = mask_phone(phones[0])
        values["phones"] = len(phones)
    return values


def blinds(draft: Draft) -> tuple[bytes | None, bytes | None]:
    """Blind indexes of the first phone and of the document."""
    phones, document = draft.values.get("phone"), draft.values.get("id_number")
    return (
        blind_index("phone", phones[0]) if phones else None,
        blind_index("id_number", document[1]) if document else None,
    )


def _plain(cell: Cell) -> Any:
    if isinstance(cell, date):
        return str(cell)
    return cell if cell is None or isinstance(cell, str | int | float | bool) else str(cell)
