"""A subject's timeline in words: its events, those of what belongs to it, and what other slices add.

related("person")(leases_of_person)                     # a lease's events show on its people's pages
@moments("person", about="message", needs=…)            # messages, decisions: what is not an event of a person
def messages(request, person_id, limit): ...

timeline(request, "person", 7, about="money")           # groups by day, as the viewer may read them
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.foundation.access.check import allows
from anju.foundation.access.permissions import Permission
from anju.foundation.access.scopes import scopes
from anju.foundation.db.clock import SHANGHAI
from anju.foundation.identity.models import Staff
from anju.foundation.trace import told
from anju.foundation.trace.events import Subject, latest, timeline_of
from anju.foundation.ui import current
from anju.foundation.ui.formats import short_day, time_of_day

MOST, STEP = 400, 40
FILTERS: dict[str, Any] = {
    "message": gettext_lazy("消息"),
    "money": gettext_lazy("钱款"),
    "lease": gettext_lazy("合同"),
    "decision": gettext_lazy("系统判定"),
    "data": gettext_lazy("资料"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline. ``why_href`` stands beside whatever a machine decided."""

    at: datetime
    icon: str
    title: str
    detail: str = ""
    tone: str = ""
    about: str = "system"
    why_href: str = ""

    @property
    def kind(self) -> str:
        """The colour of its dot."""
        return self.tone or "neutral"

    @property
    def time(self) -> str:
        """``09:31``."""
        return time_of_day(self.at)


Related = Callable[[int], list[Subject]]
Read = Callable[[Any, int, int], list[Moment]]


@dataclass(frozen=True, slots=True)
class _Source:
    subject: str
    about: str
    needs: Permission | None
    read: Read


_related: list[tuple[str, Related]] = []
_sources: list[_Source] = []


def related(subject: str) -> Callable[[Related], Related]:
    """Register what belongs to a subject, so that its events show there too."""

    def add(find: Related) -> Related:
        _related.append((subject, find))
        return find

    return add


def moments(subject: str, *, about: str, needs: Permission | None = None) -> Callable[[Read], Read]:
    """Register ``read(request, subject_id, limit) -> [Moment]``, newest first: what is not an event of the trace."""

    def add(read: Read) -> Read:
        _sources.append(_Source(subject, about, needs, read))
        return read

    return add


@dataclass(frozen=True, slots=True)
class Timeline:
    """Moments by day, newest first; ``more`` says that there are older ones."""

    groups: list[dict[str, Any]]
    filters: list[str]
    more: bool


def timeline(request: Any, kind: str, subject_id: int, *, about: str = "", limit: int = STEP) -> Timeline:
    """What happened, as the viewer may read it.

    Args:
        request: whose viewer reads.
        kind: the kind of subject.
        subject_id: which.
        about: one of ``FILTERS``, or everything.
        limit: at most this many moments.
    """
    limit = max(1, min(limit, MOST))
    readable = [s for s in _sources if s.subject == kind and (s.needs is None or allows(request.actor, s.needs))]
    found = _told(request, kind, subject_id, about, limit + 1)
    for source in readable:
        if about in ("", source.about):
            found += source.read(request, subject_id, limit + 1)
    found.sort(key=lambda m: m.at, reverse=True)
    known = _abouts(_open_to(request)) | {s.about for s in readable}
    filters = [f for f in FILTERS if f in known]
    return Timeline(_by_day(found[:limit]), filters, len(found) > limit and limit < MOST)


def _told(request: Any, kind: str, subject_id: int, about: str, limit: int) -> list[Moment]:
    """The trace's events, those the viewer may read."""
    actions = readable(request, about)
    if not actions:
        return []
    subjects = [(kind, subject_id)]
    subjects += [s for of, find in _related if of == kind for s in find(subject_id)]
    return in_words(timeline_of(subjects, limit=limit, actions=actions))


def readable(request: Any, about: str = "") -> tuple[str, ...]:
    """Names of the events the viewer may read; machinery is left out."""
    return _names(_open_to(request), about)


# What is said of events is declared at start, and viewers differ in a few permissions.


def _open_to(request: Any) -> frozenset[Permission | None]:
    return frozenset(n for n in _needs() if n is None or allows(request.actor, n))


@cache
def _needs() -> frozenset[Permission | None]:
    return frozenset(s.needs for s in told.all_sentences())


@lru_cache(maxsize=256)
def _names(open_to: frozenset[Permission | None], about: str) -> tuple[str, ...]:
    said = (s for s in told.all_sentences() if s.needs in open_to and not s.quiet)
    return tuple(s.action for s in said if about in ("", s.about))


@lru_cache(maxsize=256)
def _abouts(open_to: frozenset[Permission | None]) -> frozenset[str]:
    return frozenset(s.about for s in told.all_sentences() if s.needs in open_to)


def in_words(events: Sequence[dict[str, Any]]) -> list[Moment]:
    """Events as moments; who did it in the second line, names read in one query."""
    who = names_of([event["actor"] for event in events])
    made = []
    for event in events:
        s = told.sentence_of(event["action"])
        made.append(Moment(event["at"], s.icon, told.words(event), who[event["actor"]], s.tone, s.about))
    return made


@dataclass(frozen=True, slots=True)
class Named:
    """How a feed names a subject, and where it opens."""

    text: str
    href: str


Namer = Callable[[Any, list[int]], dict[int, Named]]
_namers: dict[str, Namer] = {}


def names(kind: str) -> Callable[[Namer], Namer]:
    """Register ``read(request, ids) -> {id: Named}`` of a kind of subject: those within the viewer's reach only."""

    def add(read: Namer) -> Namer:
        _namers[kind] = read
        return read

    return add


def feed(request: Any, *, limit: int = 12) -> list[dict[str, Any]]:
    """The latest events of the organization as the viewer may read them, newest first, each with its subject.

    Events about subjects that the viewer does not reach are left out; those of kinds nobody names are shown to viewers
    of all projects only.
    """
    events = latest(readable(request), limit=limit * 6)
    known: dict[str, dict[int, Named]] = {}
    for kind in {e["stream_kind"] for e in events} & _namers.keys():
        known[kind] = _namers[kind](request, sorted({e["stream_id"] for e in events if e["stream_kind"] == kind}))
    everywhere = scopes(request.actor) is None
    shown = [
        e for e in events if (e["stream_id"] in known[e["stream_kind"]] if e["stream_kind"] in known else everywhere)
    ][:limit]
    found = []
    for event, moment in zip(shown, in_words(shown), strict=True):
        about = known.get(event["stream_kind"], {}).get(event["stream_id"])
        said = {"detail": about.text if about else moment.detail, "href": about.href if about else ""}
        found.append({"at": moment.at, "time": moment.time, "icon": moment.icon, "kind": moment.kind} | said)
        found[-1]["title"] = moment.title
    return found


def names_of(actors: Sequence[str]) -> dict[str, str]:
    """``staff:7`` as a colleague's name, the house itself as 系统, a tenant as 租客本人."""
    ids = [int(a.partition(":")[2]) for a in set(actors) if a.startswith("staff:")]
    known = (
        {f"staff:{i}": name for i, name in Staff.objects.filter(id__in=ids).values_list("id", "name")} if ids else {}
    )
    others = {"system": _("系统"), "tenant": _("租客本人"), "api": _("接口")}
    return {a: known.get(a) or others.get(a.partition(":")[0], _("已离职同事")) for a in actors}


def _by_day(found: Sequence[Moment]) -> list[dict[str, Any]]:
    today = current.now().astimezone(SHANGHAI).date()

    def day(moment: Moment) -> Any:
        return moment.at.astimezone(SHANGHAI).date()

    def title(on: Any) -> str:
        return _("今天 %(d)s") % {"d": short_day(on)} if on == today else short_day(on, named=True)

    return [{"day": title(on), "events": list(own)} for on, own in groupby(found, key=day)]
