"""What ``anju verify`` does: recompute every organization's evidence and say where it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from anju.foundation.db import org_scope
from anju.foundation.trace.verify import Broken, Tally, all_evidence

SHOWN = 20


def why(broken: Broken) -> str:
    """The break in words."""
    words = {
        "gap": _("缺少一条记录"),
        "previous": _("与上一条记录接不上"),
        "hash": _("内容与指纹不符，记录被改动过"),
        "head": _("链尾不符，末尾的记录被删改过"),
        "missing": _("整条链的记录都不见了"),
        "root": _("批次结果与存证的根不符"),
    }
    return words.get(broken.why, broken.why)


def verify(orgs: Iterable[tuple[int, str]], say: Callable[[str], None]) -> bool:
    """Check all evidence of the given organizations.

    Args:
        orgs: ``(id, name)`` of each organization.
        say: takes one line of the report.

    Returns:
        Whether everything holds. Nothing is changed.
    """
    sound = True
    for org_id, name in orgs:
        broken, tally = _check(org_id)
        sound = sound and not broken
        facts = {"org": name, "chains": tally.chains, "events": tally.events, "broken": len(broken)}
        if not broken:
            say(_("✓ {org}：{chains} 条链、{events} 条记录，全部完整").format_map(facts))
            continue
        say(_("✗ {org}：{chains} 条链、{events} 条记录，{broken} 处不符").format_map(facts))
        for b in broken[:SHOWN]:
            say(f"    {b.stream_kind} {b.stream_id} #{b.seq}  {why(b)}")
        if len(broken) > SHOWN:
            say(_("    还有 {n} 处").format(n=len(broken) - SHOWN))
    return sound


def _check(org_id: int) -> tuple[list[Broken], Tally]:
    tally = Tally()
    with org_scope(org_id):
        return [b for check in all_evidence().values() for b in check(tally)], tally
