"""Where a message is explained. The slice that knows the rules registers its page; lists of messages link there."""

from __future__ import annotations

from django.urls import reverse

_page: list[str] = []


def explained_at(url_name: str) -> None:
    """Register the page that explains a message; its address takes the message's id."""
    _page[:] = [url_name]


def why_href(message_id: int) -> str:
    """The address that explains a message; empty where no slice does."""
    return reverse(_page[0], args=[message_id]) if _page else ""
