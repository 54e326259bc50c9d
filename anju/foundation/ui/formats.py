"""How values look: money, dates, durations, masked phones. Registered as template filters under the same names."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

import rjieba
from django.utils.timezone import is_naive
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from anju.foundation.db.clock import SHANGHAI
from anju.foundation.ui import current
from anju.kit import Money

NOTHING = "—"
MINUS = "−"
Amount = Money | Decimal | int | str
FEN = Decimal("0.01")
WEEKDAYS = (
    gettext_noop("周一"), gettext_noop("周二"), gettext_noop("周三"), gettext_noop("周四"), gettext_noop("周五"),
    gettext_noop("周六"), gettext_noop("周日"),
)  # fmt: skip
MONTHS = (
    gettext_noop("1月"), gettext_noop("2月"), gettext_noop("3月"), gettext_noop("4月"), gettext_noop("5月"),
    gettext_noop("6月"), gettext_noop("7月"), gettext_noop("8月"), gettext_noop("9月"), gettext_noop("10月"),
    gettext_noop("11月"), gettext_noop("12月"),
)  # fmt: skip


class AmountParts(NamedTuple):
    """An amount cut for large type: ``¥`` small, yuan large, fen small."""

    sign: str
    yuan: str
    fen: str


def amount_parts(value: Amount) -> AmountParts:
    """``2386.4`` → ``("", "2,386", "40")``; a negative amount has the sign ``−``."""
    number = Decimal(str(value)).quantize(FEN, rounding=ROUND_HALF_UP)
    yuan, fen = f"{abs(number):,.2f}".split(".")
    return AmountParts(MINUS if number < 0 else "", yuan, fen)


def money(value: Amount | None, *, symbol: str = "¥", plus: bool = False) -> str:
    """``¥2,468.68``, ``−¥316.40``; nothing is ``—``.

    Args:
        value: yuan.
        symbol: "" leaves the sign of the currency out.
        plus: show ``+`` before what is above zero, as differences do.
    """
    if value is None:
        return NOTHING
    parts = amount_parts(value)
    sign = parts.sign or ("+" if plus and Decimal(str(value)) > 0 else "")
    return f"{sign}{symbol}{parts.yuan}.{parts.fen}"


def wan(value: Amount, places: int = 2) -> str:
    """Yuan in units of ten thousand: ``1391900`` → ``139.19 万``; English counts thousands: ``1,391.9k``."""
    if (get_language() or "").startswith("en"):
        return f"{Decimal(str(value)) / 1000:,.{max(places - 1, 0)}f}k"
    return _("%(n)s 万") % {"n": f"{Decimal(str(value)) / 10000:,.{places}f}"}


def number(value: Decimal | int | None, places: int = 0) -> str:
    """``12345`` → ``12,345``."""
    return NOTHING if value is None else f"{value:,.{places}f}"


def signed(value: Decimal | int, places: int = 0) -> str:
    """A difference: ``+48``, ``−41``, ``不变`` for none."""
    if not value:
        return _("不变")
    return f"{'+' if value > 0 else MINUS}{abs(value):,.{places}f}"


def percent(value: Decimal | float | None, places: int = 1) -> str:
    """A share between 0 and 1: ``0.902`` → ``90.2%``."""
    return NOTHING if value is None else f"{Decimal(str(value)) * 100:.{places}f}%"


def count(value: int, limit: int = 10_000) -> str:
    """``10,000+`` above the limit: lists do not count further."""
    return f"{limit:,}+" if value > limit else f"{value:,}"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and not is_naive(value):
        return value.astimezone(SHANGHAI)
    return value


def _date(value: date | datetime) -> date:
    local = _local(value)
    return local.date() if isinstance(local, datetime) else local


def weekday(value: date | datetime) -> str:
    """``周日``."""
    return _(WEEKDAYS[_date(value).weekday()])


def day(value: date | datetime | None) -> str:
    """``2026-11-22 (周日)``."""
    return NOTHING if value is None else f"{_date(value):%Y-%m-%d} ({weekday(value)})"


def iso(value: date | datetime | None) -> str:
    """``2026-11-22``."""
    return NOTHING if value is None else f"{_date(value):%Y-%m-%d}"


def short_day(value: date | datetime | None, *, named: bool = False) -> str:
    """``11-22`` in the page's year, ``2025-11-22`` in another; ``named`` adds the weekday."""
    if value is None:
        return NOTHING
    on = _date(value)
    text = f"{on:%m-%d}" if on.year == current.now().year else f"{on:%Y-%m-%d}"
    return f"{text} ({weekday(on)})" if named else text


def month(number: int) -> str:
    """``11月`` for 11."""
    return _(MONTHS[number - 1])


def long_day(value: date | datetime | None) -> str:
    """For tenants: ``11月25日（周三）``, with the year where it is not this one."""
    if value is None:
        return NOTHING
    on = _date(value)
    facts = {"y": on.year, "m": month(on.month), "d": on.day, "w": weekday(on)}
    if on.year == current.now().year:
        return _("%(m)s%(d)s日（%(w)s）") % facts
    return _("%(y)s年%(m)s%(d)s日（%(w)s）") % facts


def time_of_day(value: datetime | None) -> str:
    """``09:31``."""
    return NOTHING if value is None else f"{_local(value):%H:%M}"


def moment(value: datetime | None) -> str:
    """``2026-11-22 09:43 (周日)``."""
    return NOTHING if value is None else f"{_local(value):%Y-%m-%d %H:%M} ({weekday(value)})"


def day_time(value: datetime | None, after: date | datetime | None = None) -> str:
    """A line of what happened one after the other: ``15:04``, and ``11月15日 15:04`` where the day is another one.

    Args:
        value: when.
        after: the line before it; without one the day is named unless it is the page's.
    """
    if value is None:
        return NOTHING
    on = _date(value)
    if on == _date(after or current.now()):
        return time_of_day(value)
    facts = {"y": on.year, "m": month(on.month), "d": on.day}
    named = _("%(m)s%(d)s日") if on.year == current.now().year else _("%(y)s年%(m)s%(d)s日")
    return f"{named % facts} {time_of_day(value)}"


def day_count(days: int) -> str:
    """``3 天``."""
    return ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days}


def duration(value: timedelta | None) -> str:
    """``36 分``, ``1 时 36 分``, ``3 天``, ``1 天 6 时``; the sign is left to the words around it."""
    if value is None:
        return NOTHING
    minutes = abs(int(value.total_seconds())) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        text = day_count(days)
        return f"{text} {_('%(n)s 时') % {'n': hours}}" if hours else text
    if hours:
        text = _("%(n)s 时") % {"n": hours}
        return f"{text} {_('%(n)s 分') % {'n': rest}}" if rest else text
    return _("%(n)s 分") % {"n": rest}


def ago(value: datetime | None) -> str:
    """``3 天前`` with the exact time on hover: a ``<time>`` element."""
    if value is None:
        return NOTHING
    return Markup('<time datetime="{iso}" title="{exact}">{text}</time>').format(
        iso=value.isoformat(), exact=moment(value), text=_ago(current.now() - value)
    )


def _ago(since: timedelta) -> str:
    seconds = since.total_seconds()
    if abs(seconds) < 60:
        return _("刚刚")
    minutes = int(abs(seconds) // 60)
    if minutes < 60:
        amount = ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}
    elif minutes < 1440:
        amount = ngettext("%(n)s 小时", "%(n)s 小时", minutes // 60) % {"n": minutes // 60}
    else:
        amount = day_count(minutes // 1440)
    return (_("%(t)s前") if seconds > 0 else _("%(t)s后")) % {"t": amount}


def days_until(value: date | datetime) -> int:
    """Days from the page's date to ``value``; negative when it has passed."""
    return (_date(value) - current.now().date()).days


def days_left(value: date | datetime) -> str:
    """``还有 3 天``, ``今天到期``, ``逾期 5 天``."""
    left = days_until(value)
    if left == 0:
        return _("今天到期")
    if left > 0:
        return ngettext("还有 %(n)s 天", "还有 %(n)s 天", left) % {"n": left}
    return ngettext("逾期 %(n)s 天", "逾期 %(n)s 天", -left) % {"n": -left}


def mask_phone(value: str | None) -> str:
    """``13812341234`` → ``138****1234``. A second line only: rows arrive masked from ``access``."""
    if not value:
        return NOTHING
    digits = value.removeprefix("+86").strip()
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def initial(value: str) -> str:
    """The letter of an avatar: the first character of a name."""
    return value.strip()[:1].upper() or "?"


# W26-1805, 3-1-1208, 2026-11-22, 21:00–21:30: browsers end a line after the hyphen; after any character of 11月25日 and
# (周三). What is longer than a phone is wide may break all the same.
IN_ONE_PIECE = re.compile(
    r"(?<![0-9A-Za-z-])(?=[0-9A-Za-z:.–-]{3,24}(?![0-9A-Za-z–-]))[0-9A-Za-z:.]+(?:[-–][0-9A-Za-z:.]+)+(?<![:.])"
    r"|[0-9]{1,2}月[0-9]{1,2}日|[(（]周[一二三四五六日][)）]"
)
TAG = re.compile(r"(<[^>]*>)")
CHINESE = re.compile(r"[㐀-鿿]")


def whole(text: str | Markup) -> Markup:
    """A sentence in which no number, room or date is cut at the end of a line; tags stay as they are."""
    pieces = TAG.split(str(escape(text)))  # every second one is a tag
    pieces[::2] = [IN_ONE_PIECE.sub(r'<span class="p-whole">\g<0></span>', piece) for piece in pieces[::2]]
    return Markup("".join(pieces))  # noqa: S704 - escaped above


def by_word(text: str | Markup) -> Markup:
    """A few words whose lines end between words: left alone, browsers end a Chinese line after any character."""
    if not CHINESE.search(str(text)):
        return escape(text)
    words: list[str] = rjieba.cut(str(text))
    between = ("<wbr>" if CHINESE.match(a[-1]) and CHINESE.match(b) else "" for a, b in pairwise(words))
    told = "".join(f"{gap}{escape(word)}" for gap, word in zip(("", *between), words, strict=True))
    return Markup(f'<span class="p-words">{told}</span>')  # noqa: S704 - escaped above


FILTERS = {
    f.__name__: f
    for f in (
        amount_parts, money, wan, number, signed, percent, count, weekday, day, iso, short_day, long_day,
        time_of_day, moment, day_time, duration, ago, days_until, days_left, mask_phone, initial, whole, by_word,
    )
}  # fmt: skip
