"""A unit's state as people read it: a word, a fill, a fact short enough for a small square."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from anju.domain.portfolio.models import Unit
from anju.domain.portfolio.status import STATUSES
from anju.foundation.ui.formats import day_count, short_day

# The fill and the icon a status is drawn with; see ui/components/charts.html, room_shape().
SHAPES = {
    "occupied": "living",
    "arrears": "owing",
    "ending": "ending",
    "expired": "overstay",
    "vacant": "vacant",
    "reserved": "booked",
    "awaiting": "moving",
    "preparing": "turning",
    "repair": "repair",
    "offline": "closed",
}
TONES = {
    "arrears": "warn",
    "ending": "warn",
    "expired": "danger",
    "occupied": "ok",
    "awaiting": "info",
    "vacant": "line",
}
ICONS = {
    "arrears": "coin-yuan",
    "ending": "hourglass",
    "expired": "alert-triangle",
    "vacant": "door",
    "reserved": "bookmark",
    "awaiting": "key",
    "preparing": "brush",
    "repair": "tool",
    "offline": "ban",
}
KINDS = dict(Unit.Kind.choices)
STATES = dict(Unit.State.choices)


def status_word(row: dict[str, Any]) -> str:
    """空置, 有欠款… ; for a whole whose parts are let, how it is let."""
    return str(STATUSES[row["status"]]) if row["status"] else _("按间出租")


def _over(count: int) -> str:
    return _("超 %(n)s 天") % {"n": count} if count < 100 else _("超%(n)s天") % {"n": count}  # it must fit the square


def _on(day: date | None, today: date) -> str:
    if day is None:
        return ""
    return _("今天") if day == today else short_day(day)


def short_fact(row: dict[str, Any], today: date, who: str = "") -> str:
    """What stands in the square: who lives there, days in arrears, days left or vacant, the day something begins.

    Args:
        row: a unit with its status (``queries.with_status``).
        today: the business day.
        who: the tenant's masked name, where somebody lives there.
    """
    since, until = row["since"], row["until_on"]
    match row["status"]:
        case "occupied":
            return who or _("在住")
        case "arrears" | "vacant" if since is not None:
            return day_count((today - since).days) if since < today else _("今天")
        case "ending" if until is not None:
            left = (until - timedelta(days=1) - today).days
            return day_count(left) if left > 0 else _("今天")
        case "expired":
            return _over((today - since).days + 1)
        case "awaiting":
            return _on(since, today)
        case "reserved":
            return _on(until, today) or _("签约中")
        case "repair" | "preparing":
            return _on(row["ready_on"], today) or _("待定")
        case "offline":
            return _("停用")
    return _("未租过")


def long_fact(row: dict[str, Any], today: date, who: str = "") -> str:
    """The same as a sentence, for the card and for who cannot see the picture: ``有欠款 5 天``."""
    word, fact = status_word(row), short_fact(row, today, who)
    match row["status"]:
        case "ending":
            return _("%(word)s，还有 %(fact)s") % {"word": word, "fact": fact} if fact != _("今天") else _("今天到期")
        case "expired":
            return _("到期未退，%(fact)s") % {"fact": fact}
        case "repair" | "preparing":
            ready = row["ready_on"]
            return _("%(word)s，预计 %(day)s 可租") % {"word": word, "day": fact} if ready else word
        case "awaiting" | "reserved":
            return _("%(word)s，%(fact)s") % {"word": word, "fact": fact}
        case "vacant" if row["since"] == today:
            return _("今天空出")
        case "arrears" | "vacant":
            return f"{word} {fact}" if row["since"] else _("%(w)s，还没有租出去过") % {"w": word}
        case "occupied":
            return f"{word} {who}" if who else word
    return word


def free_from(row: dict[str, Any], today: date) -> date | None:
    """The first day somebody new could move in, as far as it is known."""
    match row["status"]:
        case "vacant":
            return max(today, row["ready_on"] or today)
        case "repair" | "preparing":
            return max(today, row["ready_on"]) if row["ready_on"] else None
        case "ending":
            return row["until_on"]  # type: ignore[no-any-return]
    return None


def number_of(code: str, parent: str = "") -> str:
    """A unit's number within its floor or flat: 3-1-0903 → 0903, 4-1-0201A in 4-1-0201 → A, 5-301-1床 → 1床."""
    if parent and code.startswith(parent):
        return code.removeprefix(parent).lstrip("-_ ·") or code
    return code.rsplit("-", 1)[-1] or code


class Words:
    """Offered to templates as ``words``."""

    def status(self, row: dict[str, Any]) -> str:
        """A unit's state."""
        return status_word(row)

    def tone(self, row: dict[str, Any]) -> str:
        """A badge's colour for it."""
        return TONES.get(row["status"], "neutral")

    def icon(self, row: dict[str, Any]) -> str | None:
        """Its icon."""
        return ICONS.get(row["status"])

    def kind(self, key: str) -> str:
        """整套, 房间, 床位…"""
        return str(KINDS.get(key, key))

    def state(self, key: str) -> str:
        """What staff say about the place itself."""
        return str(STATES.get(key, key))


words = Words()
