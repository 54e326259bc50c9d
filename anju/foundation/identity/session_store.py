"""Django's sessions in the database, read by a prepared statement: every request of every page begins with it."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from anju.foundation.db import fetch, planned

LOAD = """
SELECT session_data FROM django_session
WHERE session_key = %(key)s::text AND expire_date > %(now)s::timestamptz
"""


class SessionStore(DatabaseStore):
    """The same table and the same signature; only loading differs."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, where it is unknown or over."""
        rows = fetch(planned(LOAD), {"key": self.session_key, "now": timezone.now()})
        if not rows:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(rows[0]["session_data"])
        return found
