"""Whether an address is this machine itself: what a drill organization may reach."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(url_or_host: str) -> bool:
    """Whether an address is this machine itself."""
    host = urlsplit(url_or_host).hostname if "//" in url_or_host else url_or_host
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
