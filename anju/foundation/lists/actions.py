"""Keeping views and columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anju.foundation.access.check import require
from anju.foundation.actions import Act, action
from anju.foundation.lists.listing import Declared, declared, read_query
from anju.foundation.lists.models import ListTaste, SavedView
from anju.foundation.lists.permissions import KEEP, SHARE
from anju.kit import Actor
from anju.kit.refusal import NOT_FOUND, sentence

NO_NAME = sentence("lists.no_name", "请给视图起个名字（最多 20 个字）。", "Name the view (20 characters at most).")
TOO_MANY = sentence("lists.too_many", "最多保存 {n} 个视图，请先删掉不用的。", "{n} views at most; delete one first.")
MOST = 20


def known(list_key: str) -> Declared:
    """A declared list, refused as not found otherwise."""
    found = declared(list_key)
    if found is None:
        raise NOT_FOUND()
    return found


def can_keep(by: Actor, *, list_key: str, shared: bool = False, **_: Any) -> None:
    """Somebody who may open the list; sharing needs its own right."""
    require(by, known(list_key).needs)
    if shared:
        require(by, SHARE)


@action("lists.view.save", needs=KEEP, check=can_keep)
def save_view(act: Act, *, list_key: str, label: str, query: str, shared: bool = False) -> SavedView:
    """Keep a list's filters under a name; the same name again replaces them.

    Args:
        list_key: the list's key.
        label: the name, at most 20 characters.
        query: the page's query; only the list's own filters of it are kept.
        shared: offer it to everybody who may open the list.
    """
    label = label.strip()
    if not label or len(label) > 20:
        raise NO_NAME()
    own = SavedView.objects.filter(list_key=list_key, staff_id=act.by.id)
    if own.exclude(label=label).count() >= MOST:
        raise TOO_MANY(n=MOST)
    kept, _made = SavedView.objects.update_or_create(
        list_key=list_key,
        staff_id=act.by.id,
        label=label,
        defaults={"query": read_query(known(list_key), query), "shared": shared},
    )
    # What it narrows to may tell what somebody looked for: only that it was kept is traced.
    act.trace("staff", act.by.id, list_key=list_key, view=kept.id, shared=shared)
    return kept


def can_drop(by: Actor, *, view_id: int) -> None:
    """One's own, or a shared one by those who may share."""
    found = SavedView.objects.filter(id=view_id).first()
    if found is None or (found.staff_id != by.id and not found.shared):
        raise NOT_FOUND()
    if found.staff_id != by.id:
        require(by, SHARE)


@action("lists.view.drop", needs=KEEP, check=can_drop)
def drop_view(act: Act, *, view_id: int) -> str:
    """Delete a view; returns its list's key."""
    found = SavedView.objects.get(id=view_id)
    found.delete()
    act.trace("staff", act.by.id, list_key=found.list_key, view=view_id)
    return found.list_key


@action("lists.columns.choose", needs=KEEP, check=can_keep)
def choose_columns(act: Act, *, list_key: str, hidden: Sequence[str]) -> None:
    """Leave columns out of a list, for this person only.

    Args:
        list_key: the list's key.
        hidden: the columns left out.
    """
    ListTaste.objects.update_or_create(
        staff_id=act.by.id, list_key=list_key, defaults={"hidden": sorted({h[:40] for h in hidden})[:60]}
    )
    act.trace("staff", act.by.id, list_key=list_key, hidden=len(hidden))
