"""What the policy page shows: the form with its marks, the consequence, the difference, what is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from pydantic import ValidationError

from anju.foundation.access import allows
from anju.foundation.flows.definitions import PREFIX as FLOWS
from anju.foundation.flows.moving_over import older
from anju.foundation.flows.permissions import ADAPT
from anju.foundation.identity.models import Organization, Staff
from anju.foundation.messaging.texts import MessageText, used, variables
from anju.foundation.policy import Finding
from anju.foundation.policy.models import PolicyRelease, PolicyVersion
from anju.foundation.policy.registry import Declared
from anju.foundation.publishing import actions as publish
from anju.foundation.publishing import lint
from anju.foundation.publishing.actions.drafts import findings
from anju.foundation.publishing.diff import Change, diff
from anju.foundation.publishing.fields import specs
from anju.foundation.publishing.forms import Node, Remark, hang, tree
from anju.foundation.publishing.policies import AREAS
from anju.foundation.publishing.reviewers import quorum, rules
from anju.foundation.publishing.simulation import Simulation, restored
from anju.foundation.publishing.versions import Standing, base_of, body_of, sent_back, standing, words_on
from anju.kit import Actor, Refused
from anju.surface.console.policies.subjects import Subject, named


def english() -> bool:
    """Whether the page is read in English."""
    return (get_language() or "").startswith("en")


def title(policy: Declared) -> str:
    """A policy's name in the reader's language."""
    return policy.en if english() else policy.zh


def area_title(area: str) -> str:
    """An area's name."""
    return _(AREAS.get(area, area))


def sentence(refused: Refused) -> str:
    """A refusal in the reader's language."""
    return refused.text(get_language() or "zh-hans")


def names(actors: Sequence[str]) -> dict[str, str]:
    """``staff:7`` as a colleague's name; the house itself as 系统."""
    ids = [int(a.partition(":")[2]) for a in set(actors) if a.startswith("staff:")]
    known = {f"staff:{s.id}": s.name for s in Staff.objects.filter(id__in=ids).only("id", "name")}
    return {a: known.get(a) or (_("系统") if a == "system" else _("已离职同事")) for a in actors}


def diff_groups(policy: Declared, changes: Sequence[Change]) -> list[list[dict[str, str]]]:
    """Rows of a difference for the component ``diff``; an item of a list is named without its list."""
    ladders = {s.name for s in specs(policy.model) if s.kind == "list"}

    def label(change: Change) -> str:
        inside = change.path.partition(".")[0] in ladders and len(change.trail) > 1
        return " · ".join(change.trail[1:] if inside else change.trail)

    return [
        [{"sign": sign, "label": label(c), "text": t} for sign, t in (("-", c.old), ("+", c.new)) if t is not None]
        for c in changes
    ]


@dataclass
class Screen:
    """One policy as the console shows it to one reader.

    ``typed`` and ``errors`` replace the draft's text by what the reader just sent, where it could not be saved.
    """

    request: Any
    policy: Declared
    typed: dict[str, Any] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""

    @cached_property
    def standing(self) -> Standing:
        """Where the policy stands."""
        return standing(self.policy.key)

    @property
    def by(self) -> Actor:
        """The reader."""
        actor: Actor = self.request.actor
        return actor

    @property
    def key(self) -> str:
        """The policy's key."""
        return self.policy.key

    @property
    def title(self) -> str:
        """Its name."""
        return title(self.policy)

    @property
    def area(self) -> str:
        """Its area's name."""
        return area_title(self.policy.area)

    @cached_property
    def open(self) -> PolicyVersion | None:
        """The draft, or the version under review."""
        return self.standing.open

    @property
    def current(self) -> PolicyRelease | None:
        """The release in force."""
        return self.standing.in_force

    @cached_property
    def base_body(self) -> dict[str, Any]:
        """The text the draft is compared with: what is in force."""
        return body_of(self.current.version if self.current else None, self.key)

    @cached_property
    def body(self) -> dict[str, Any]:
        """The stored text shown in the form."""
        return body_of(self.open, self.key) if self.open else self.base_body

    @cached_property
    def changes(self) -> list[Change]:
        """How it differs from what is in force."""
        return diff(self.policy.model, self.base_body, self.body) if self.open else []

    @property
    def diff_groups(self) -> list[list[dict[str, str]]]:
        """The difference for the component ``diff``."""
        return diff_groups(self.policy, self.changes)

    @cached_property
    def nodes(self) -> list[Node]:
        """The form."""
        shown = self.typed if self.typed is not None else self.body
        made = tree(self.policy.model, shown, self.errors, [c.path for c in self.changes])
        known = variables()
        palette = [(n, known[n].en if english() else known[n].zh) for n in _used(self.policy) if n in known]
        for node in (n for top in made for n in top.walk()):
            if node.spec.model is MessageText:
                _as_message(node, palette, self.request.org)
        self.general = hang(made, self.remarks)
        return made

    general: list[Remark] = field(default_factory=list)

    @cached_property
    def remarks(self) -> list[Remark]:
        """What lint says about the stored draft."""
        return [self._remark(f) for f in findings(self.open)] if self.open else []

    def _remark(self, found: Finding) -> Remark:
        assert self.open is not None
        place = lint.place(found)
        return Remark(
            place=place,
            path=found.path,
            severity=found.severity,
            text=found.en if english() else found.zh,
            suggests=found.suggest is not None,
            reason=self.open.overrides.get(place, ""),
            open=self.editable,
        )

    @cached_property
    def editable(self) -> bool:
        """Whether the reader may write in the draft."""
        return self.open is not None and publish.discard.refusal(self.by, version_id=self.open.id) is None

    @cached_property
    def simulation(self) -> Simulation | None:
        """The kept simulation."""
        return (
            restored({k: v for k, v in self.open.simulation.items() if k != "against"})
            if self.open and self.open.simulation
            else None
        )

    @property
    def simulated(self) -> bool:
        """Whether the simulation is of this exact text."""
        return self.open is not None and self.open.simulated_sha256 == self.open.sha256

    @cached_property
    def examples(self) -> list[tuple[Any, Subject]]:
        """Who would be treated differently."""
        return named(self.request, self.simulation.examples) if self.simulation else []

    @cached_property
    def names(self) -> dict[str, str]:
        """Everybody this page mentions."""
        said = [self.sent_back.reviewer] if self.sent_back else []
        wrote = [self.open.author, *(e["by"] for e in self.open.edits)] if self.open else []
        return names([*said, *wrote, *([self.current.reviewer] if self.current else [])])

    @cached_property
    def sent_back(self) -> Any:
        """The reviewer's word that made this draft, if it was sent back."""
        return sent_back(self.open) if self.open and self.open.state == PolicyVersion.State.DRAFT else None

    @property
    def saved_by(self) -> str:
        """Who saved last."""
        assert self.open is not None
        return self.names[self.open.edits[-1]["by"] if self.open.edits else self.open.author]

    @property
    def saved_at(self) -> datetime:
        """When it was saved last (wall time)."""
        assert self.open is not None
        return self.open.updated_at

    @cached_property
    def base_number(self) -> int | None:
        """The number of the version it was begun from."""
        assert self.open is not None
        base = base_of(self.open)
        return base.number if base else None

    @cached_property
    def submit_refusal(self) -> str:
        """What is missing before the draft can go to review; empty: nothing."""
        assert self.open is not None
        refused = publish.submit.refusal(self.by, version_id=self.open.id)
        return sentence(refused) if refused else ""

    @property
    def outdated(self) -> bool:
        """Whether something newer was released since the draft was begun."""
        newest = self.standing.newest
        return bool(self.open and newest and newest.version_id != self.open.based_on)

    @cached_property
    def reviewers(self) -> str:
        """Who has to agree, in words."""
        assert self.open is not None
        group, asked = rules().group(self.policy.area), quorum(self.open)
        if asked == 0:
            return _("只有您一位，发布后 {n} 小时生效").format(n=rules().alone_hours)
        text = ngettext("{g}任 {n} 人，不能是本人", "{g}任 {n} 人，不能是本人", asked)
        agreed = sum(r.verdict == "approved" for r in words_on([self.open]).get(self.open.id, []))
        said = _("，已有 {n} 人同意").format(n=agreed) if agreed else ""
        return text.format(g=_(group.name), n=asked) + said

    def allowed(self, action: Any, **arguments: Any) -> bool:
        """Whether the reader is offered an action on the open version."""
        return self.open is not None and action.refusal(self.by, version_id=self.open.id, **arguments) is None

    @property
    def may_start(self) -> bool:
        """Whether the reader is offered a new draft."""
        return publish.start_draft.refusal(self.by, key=self.key) is None

    @cached_property
    def running_older(self) -> int:
        """Of a flow: how many cases keep a version that is not in force any more, for who may move them over."""
        prefix, _dot, name = self.key.partition(".")
        if prefix != FLOWS or self.current is None or not allows(self.by, ADAPT):
            return 0
        return sum(s.count for s in older(self.by, name))

    @property
    def moves_at(self) -> str:
        """The page that moves them over."""
        return reverse("flows:versions", args=[self.key.partition(".")[2]])

    @property
    def may_submit(self) -> bool:
        return self.allowed(publish.submit)

    @property
    def may_approve(self) -> bool:
        return self.allowed(publish.approve)

    @property
    def may_reject(self) -> bool:
        return self.allowed(publish.reject, reason="")

    @property
    def may_recall(self) -> bool:
        return self.allowed(publish.recall)

    @property
    def approve_refusal(self) -> str:
        """Why the reader is not offered to approve."""
        assert self.open is not None
        refused = publish.approve.refusal(self.by, version_id=self.open.id)
        return sentence(refused) if refused else ""


def _used(policy: Declared) -> list[str]:
    """The variables that this policy's notices can fill: those its standard texts use."""
    standard = policy.model().model_dump(mode="json")
    texts = [n.value for top in tree(policy.model, standard) for n in top.walk() if isinstance(n.value, str)]
    return used("".join(texts))


def _as_message(node: Node, palette: list[tuple[str, str]], org: Organization) -> None:
    """Variables to insert and previews with sample values, on the texts of a notice."""
    for child in node.children:
        child.insert = palette if child.spec.name.endswith(("sms", "body")) else []
    try:
        text = MessageText(**{c.spec.name: c.value for c in node.children})
        shown = [(c, text.preview(c, signature=org.sms_signature or org.name)) for c in text.channels()]
    except (Refused, ValidationError, KeyError):
        return  # a text that is not finished yet has no preview; its marks say why
    labels = {"sms": _("短信"), "inapp": _("站内消息"), "email": _("邮件")}
    node.previews = [(labels[c], f"{r.title}\n{r.body}" if r.title else r.body) for c, r in shown]


def screen(request: HttpRequest, policy: Declared, **shown: Any) -> Screen:
    """The page of one policy."""
    return Screen(request, policy, **shown)
