"""What an installation sets from outside, read in one place.

``ANJU_HOME`` data and keys · ``PORT`` · ``ANJU_BASE_URL`` the address people type · ``ANJU_HOSTS`` further names, by
comma · ``ANJU_BEHIND_PROXY`` trust X-Forwarded-Proto · ``ANJU_LOG_LEVEL`` · ``DATABASE_URL``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anju.kit.refusal import sentence

PACKAGE = Path(__file__).resolve().parents[1]
BAD_PORT = sentence(
    "config.bad_port",
    "PORT 应是 1 到 65535 之间的数字，现在是 {value}。",
    "PORT must be a number from 1 to 65535; it is {value}.",
)
BAD_NUMBER = sentence(
    "config.bad_number",
    "{name} 应是不小于 {least} 的整数，现在是 {value}。",
    "{name} must be a whole number of at least {least}; it is {value}.",
)


def home() -> Path:
    """Where data, keys and logs live: ``ANJU_HOME``, else ``.anju`` in the working directory."""
    return Path(os.environ.get("ANJU_HOME") or Path.cwd() / ".anju").absolute()


def port() -> int:
    """The web's port: ``PORT``, else 8080."""
    value = os.environ.get("PORT") or "8080"
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise BAD_PORT(value=value)
    return int(value)


def web_limits() -> tuple[int, int, int]:
    """Of one web process: how many short requests it works on side by side, how many of any, how many more may wait."""
    # The embedded database works on the cores of the web. Beside one that has its own a second request fills the wait.
    active = _number("ANJU_WEB_ACTIVE", 2 if os.environ.get("DATABASE_URL") else 1, least=1)
    return active, _number("ANJU_WEB_THREADS", 8, least=1), _number("ANJU_WEB_QUEUE", 32, least=0)


def metrics_token() -> str:
    """Who may read ``/metrics`` from elsewhere: ``ANJU_METRICS_TOKEN``."""
    return os.environ.get("ANJU_METRICS_TOKEN", "")


def wal_archive() -> Path | None:
    """Where the embedded server's log is archived: ``ANJU_WAL_ARCHIVE``; None: it is not."""
    place = os.environ.get("ANJU_WAL_ARCHIVE")
    return Path(place).absolute() if place else None


def _number(name: str, otherwise: int, *, least: int) -> int:
    value = os.environ.get(name) or str(otherwise)
    if not value.isdigit() or int(value) < least:
        raise BAD_NUMBER(name=name, value=value, least=least)
    return int(value)


def base_url() -> str:
    """The address people and links use, without a slash at the end."""
    return (os.environ.get("ANJU_BASE_URL") or f"http://127.0.0.1:{port()}").rstrip("/")


def hosts(base: str) -> list[str]:
    """Host names we answer to: the base address's, this machine's own, and ``ANJU_HOSTS``."""
    more = [h.strip() for h in os.environ.get("ANJU_HOSTS", "").split(",") if h.strip()]
    return list(dict.fromkeys([urlsplit(base).hostname or "", "127.0.0.1", "localhost", "[::1]", *more]))


def flag(name: str) -> bool:
    """Whether a switch is on."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def language() -> str:
    """The terminal's language: English if the locale says so, else Chinese."""
    chosen = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if chosen.lower().startswith("en") else "zh-hans"


def logging() -> dict[str, Any]:
    """Log to standard error, which the supervisor writes to files. Request lines are not logged: links are secrets."""
    level = os.environ.get("ANJU_LOG_LEVEL", "INFO").upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "anju": {"level": level},
            "procrastinate": {"level": "WARNING"},
            # Its warnings repeat the path of every 404, and a path may hold a short link.
            "django.request": {"level": "ERROR"},
            # They repeat the address of every request to a provider, and in it stand phone numbers.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }
