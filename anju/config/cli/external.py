"""What other parts of the product give to the command line, by import path: a command shows once its part exists."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

PARTS = {
    # ensure(progress: (done, total, text)) -> None: the demo organization, made or found
    "demo": "anju.surface.demo.build:ensure",
    # announce(address) -> list[str]: sign-ins and addresses of the demo
    "announce": "anju.surface.demo.build:announce",
    # load(*, units: int, seed: int, progress) -> (org_id, login, password): data at scale by the direct loader
    "demo-data": "anju.surface.demo.load:load",
    # create(*, org_id: int, name: str, scopes: list[str]) -> str: the key, shown once
    "apikey": "anju.surface.openapi.keys:create",
    # verify(orgs: [(id, name)], say) -> bool
    "verify": "anju.foundation.trace.cli:verify",
    # bench(name, *, leases, rounds, scale, say) -> list[dict]: figures beside their floors
    "bench": "anju.surface.bench.cli:bench",
    # lines(figures) -> list[str]
    "bench-lines": "anju.surface.bench.report:lines",
    # check(say, *, english) -> list[Verdict]: the books by laws of their own
    "check": "anju.surface.checker.check:check",
    # storm(*, seconds, kills, seed, say) -> Report
    "torture": "anju.surface.torture.storm:storm",
    # applications() -> {mount: WSGI application}
    "standins": "anju.surface.demo.standins:applications",
    # write(check: bool) -> list[str]: the files that changed, or would
    "docs": "anju.config.docs:write",
}


@cache
def exists(part: str) -> bool:
    """Whether a part's module is there; imports only its packages."""
    module = PARTS[part].partition(":")[0]
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def call(part: str, *args: Any, **kwargs: Any) -> Any:
    """Call a part's function. Django must be set up before."""
    module, _, name = PARTS[part].partition(":")
    return getattr(import_module(module), name)(*args, **kwargs)
