"""The WSGI application that granian serves."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from anju.config.load.gate import ENDS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django's, and what only the server may say: PEP 3333 keeps ``Connection`` from applications; granian takes it."""

    def started(status: str, headers: list[tuple[str, str]], *failed: Any) -> Any:
        return start_response(status, [*headers, ("Connection", "close")] if ENDS in environ else headers, *failed)

    return django(environ, started)
