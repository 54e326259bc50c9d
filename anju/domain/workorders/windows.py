"""Runs of time in which somebody comes: what may be chosen, how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anju.domain.workorders import refusals
from anju.domain.workorders.policies import WorkOrders
from anju.foundation.db import clock
from anju.foundation.policy.store import in_force
from anju.foundation.ui.formats import long_day, short_day, time_of_day, weekday
from anju.kit import Refused

SOON = timedelta(hours=1)
WRITTEN = "zh-hans"  # what messages are written in, whoever's language the page is in


@dataclass(frozen=True)
class Window:
    """From a moment until another, which does not belong to it. ``agreed``: set by the crew, not wished by a tenant."""

    starts: datetime
    ends: datetime
    agreed: bool = False

    @property
    def key(self) -> str:
        """As a form sends it back."""
        return "/".join(at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M") for at in (self.starts, self.ends))

    @property
    def hours(self) -> str:
        """``21:00–21:30``."""
        return f"{time_of_day(self.starts)}–{time_of_day(self.ends)}"

    @property
    def word(self) -> str:
        """Within a sentence: ``21:00–21:30`` today, ``明天 09:00–12:00``, ``11-24 (周二) 09:00–12:00``."""
        named = "" if self._day == clock.today() else day_word(self._day)
        return f"{named} {self.hours}".strip()

    @property
    def said(self) -> str:
        """As a message says it, which is read on another day: ``11月22日（周日）21:00–21:30``."""
        with translation.override(WRITTEN):
            return f"{long_day(self._day)}{self.hours}"

    @property
    def over(self) -> bool:
        """Whether it has passed."""
        return self.ends <= clock.now()

    @property
    def soon(self) -> bool:
        """Whether the crew said so and it begins within the hour or has begun."""
        return self.agreed and not self.over and self.starts - clock.now() <= SOON

    def late(self, at: datetime) -> timedelta:
        """How long after its end a moment lies; nothing within it."""
        return max(timedelta(), at - self.ends)

    def early(self, at: datetime) -> timedelta:
        """How long before its beginning a moment lies; nothing within it."""
        return max(timedelta(), self.starts - at)

    @property
    def _day(self) -> date:
        return self.starts.astimezone(clock.SHANGHAI).date()


def day_word(day: date) -> str:
    """``明天``, ``11-24 (周二)``, as within a sentence."""
    tomorrow = (day - clock.today()).days == 1
    return pgettext("within a sentence", "明天") if tomorrow else f"{short_day(day)} ({weekday(day)})"


def of_row(row: Mapping[str, Any]) -> Window | None:
    """The window of a row with ``visit_from``, ``visit_until``, ``visit_agreed``; None without one."""
    if row["visit_from"] is None:
        return None
    return Window(row["visit_from"], row["visit_until"], row["visit_agreed"])


def offered() -> list[Window]:
    """What a tenant may choose from now on: the slots of the policy on the coming days that are not over."""
    policy, today = in_force(WorkOrders).value, clock.today()
    days = [today + timedelta(days=n) for n in range(policy.visit_days)]
    found = [_on(day, slot.starts, slot.ends) for day in days for slot in policy.visit_slots]
    return [window for window in found if not window.over]


def choices() -> list[tuple[str, str]]:
    """The offered windows for a form: what it sends back, and the words with the day."""
    words = {w.key: w.word if w.starts.date() != clock.today() else f"{_('今天')} {w.hours}" for w in offered()}
    return [(key, word[0].upper() + word[1:]) for key, word in words.items()]


def chosen(key: str) -> Window:
    """The offered window that a form sent back.

    Raises:
        Refused: ``workorders.visit_gone`` if it is none of them, or has passed meanwhile.
    """
    found = next((window for window in offered() if window.key == key), None)
    if found is None:
        raise refusals.VISIT_GONE()
    return found


def typed(on: str, starts: str, ends: str) -> Window:
    """What a colleague typed: a day and two times; an end before the start is on the next day.

    Raises:
        Refused: ``workorders.visit_times`` if they are none.
    """
    try:
        first, last = (datetime.fromisoformat(f"{on}T{at}") for at in (starts, ends))
    except ValueError:
        raise _times() from None
    if first.tzinfo or last.tzinfo or first == last:
        raise _times()
    first, last = (at.replace(tzinfo=clock.SHANGHAI) for at in (first, last))
    return Window(first, last if last > first else last + timedelta(days=1), agreed=True)


def _times() -> Refused:
    return refusals.VISIT_TIMES()


def _on(day: date, starts: Any, ends: Any) -> Window:
    first, last = (datetime.combine(day, at, clock.SHANGHAI) for at in (starts, ends))
    return Window(first, last)


def next_half_hour() -> Window:
    """What a colleague's form begins with where nothing was said: the half hour that begins next."""
    now = clock.now().replace(second=0, microsecond=0)
    first = now + timedelta(minutes=30 - now.minute % 30)
    return Window(first, first + timedelta(minutes=30), agreed=True)
