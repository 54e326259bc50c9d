"""One search field for everything: name, pinyin initials, phone, phone tail, lease number, room, order number.

    searchable("person", zh="租客", en="Tenant", needs=READ_PERSON, sees=("person", "name"), url="/tenants/{id}")

    index([Entry("person", 7, scope_id=3, title="王芳", handle="HZ25-0412 · 8000", names=("王芳",), phones=(…,))])
    search(by, "王芳 8000", limit=20)     # hits name the handle, within the actor's kinds and scopes
    remove("person", [7])

Set-based code (sweeps, imports, the loader) calls ``SELECT search_index(<jsonb array>)``; its fields are those of
:func:`anju.foundation.search.entries.as_row`.
"""

from anju.foundation.search.entries import Entry, index, remove
from anju.foundation.search.find import Hit, search
from anju.foundation.search.kinds import Searchable, searchable

__all__ = ["Entry", "Hit", "Searchable", "index", "remove", "search", "searchable"]
