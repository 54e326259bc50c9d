"""A refusal: one stable code, one sentence a person can act on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_sentences: dict[str, tuple[str, str]] = {}


class Refused(Exception):
    """What may not be done, and why.

    ``code`` is stable (``lease.not_active``); ``facts`` fill the sentence's ``{names}``. Facts never hold
    personal values beyond what the viewer typed. Sentences are declared beside the rule with :func:`sentence`.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def text(self, language: str = "zh-hans") -> str:
        """The sentence in ``zh-hans`` or ``en``."""
        zh, en = _sentences.get(self.code, (f"这一步不能做（{self.code}）", f"This cannot be done ({self.code})"))
        return (en if language.startswith("en") else zh).format_map(_Facts(self.facts))

    def __str__(self) -> str:
        return f"{self.code}: {self.text()}"


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(code: str, zh: str, en: str) -> Callable[..., Refused]:
    """Declare a refusal's code with its Chinese and English sentence; returns a factory ``(**facts) -> Refused``."""
    if code in _sentences and _sentences[code] != (zh, en):
        raise ValueError(f"refusal {code} is declared twice")
    _sentences[code] = (zh, en)

    def refuse(**facts: Any) -> Refused:
        return Refused(code, **facts)

    return refuse


def declared() -> dict[str, tuple[str, str]]:
    """All declared codes with their sentences, for the reference and the tests."""
    return dict(_sentences)


NOT_FOUND = sentence("not_found", "找不到这条记录，可能已被删除或不属于您的公司。", "Not found.")
NOT_ALLOWED = sentence(
    "not_allowed", "您的角色没有这项权限，请联系管理员。", "Your role does not allow this; ask an administrator."
)
CHANGED = sentence(
    "changed_meanwhile",
    "这条记录刚刚被别人改过：{changes}。请核对后再提交。",
    "Someone else changed this meanwhile: {changes}. Check it and submit again.",
)
