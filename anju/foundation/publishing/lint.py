"""What a careful colleague would say about a draft: the model's own lint, its parts', and what needs the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from anju.foundation.policy import Finding, PolicyModel

Linter = Callable[[Any, Any], list[Finding]]
_linters: dict[str, list[Linter]] = {}


def linter(policy_key: str) -> Callable[[Linter], Linter]:
    """Register a lint that looks beyond the text (at data, at other policies).

    Args:
        policy_key: the policy; the function takes ``(current, draft)`` inside the organization's scope.
    """

    def register(check: Linter) -> Linter:
        _linters.setdefault(policy_key, []).append(check)
        return check

    return register


def lint(policy_key: str, current: PolicyModel, draft: PolicyModel) -> list[Finding]:
    """Every remark about a draft, errors first, each said once."""
    found = [*draft.lint(), *_parts(draft, "")]
    for check in _linters.get(policy_key, []):
        found += check(current, draft)
    once = {place(f): f for f in reversed(found)}
    return sorted(once.values(), key=lambda f: (f.severity != "error", f.path, f.code))


def place(finding: Finding) -> str:
    """A remark's identity, under which the reason for keeping it is written: ``code:path``."""
    return f"{finding.code}:{finding.path}"


def _parts(value: Any, path: str) -> Iterator[Finding]:
    """The lint of the parts inside, with their place in the policy put before their paths."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _part(getattr(value, name), f"{path}{name}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _part(item, f"{path}{str(key).replace('.', '~')}")
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _part(item, f"{path}{i}")


def _part(value: Any, path: str) -> Iterator[Finding]:
    if isinstance(value, PolicyModel):
        for finding in value.lint():
            yield replace(finding, path=f"{path}.{finding.path}" if finding.path else path)
    if isinstance(value, BaseModel | dict | list | tuple):
        yield from _parts(value, f"{path}.")
