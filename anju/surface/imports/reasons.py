"""Fates and problems as sentences, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anju.kit import Refused
from anju.kit.refusal import sentence
from anju.surface.imports.models import ImportRow
from anju.surface.imports.targets import ImportTarget

sentence(
    "import.row.contradicts",
    "与第 {n} 行说的是同一件，但内容不同，请留下对的一行。",
    "Row {n} is about the same thing but says otherwise; keep the right one.",
)
sentence(
    "import.row.crosses",
    "与第 {n} 行的房源相同，租期重叠，请核对。",
    "The same unit as row {n}, with overlapping days.",
)
sentence(
    "import.row.number_shared",
    "合同号与第 {n} 行相同，房源却不同。一份合同含多个房源的，请在系统里签订。",
    "The lease number of row {n} on another unit; a lease of several units is made in the system.",
)
sentence(
    "import.row.other_tenant",
    "合同 {lease} 已有这套房和起租日，但租客不同，请核对。",
    "Lease {lease} has this unit and first day, with another tenant.",
)
sentence(
    "import.row.other_end",
    "合同 {lease} 已存在，到期日是 {recorded}。续租或改期请在合同页办理。",
    "Lease {lease} exists and ends on {recorded}; change it on its page.",
)
sentence(
    "import.row.other_rent",
    "合同 {lease} 已存在，月租金是 {recorded}。调租请在合同页办理。",
    "Lease {lease} exists at {recorded} a month; change it on its page.",
)
sentence(
    "import.row.number_taken",
    "合同号 {lease} 已用在另一套房上，请核对。",
    "The lease number {lease} is used on another unit.",
)
sentence(
    "import.row.occupied",
    "这段时间房源已租给合同 {lease}。",
    "The unit is let to lease {lease} in these days.",
)
sentence(
    "import.row.no_project",
    "没有叫“{project}”的项目，请核对名称，或先登记房源。",
    "There is no project called “{project}”; check the name, or register it first.",
)
sentence(
    "import.row.project_twice",
    "{n} 个城市都有“{project}”，请加上城市。",
    "“{project}” is in {n} cities; add the city.",
)
sentence(
    "import.row.no_room",
    "“{project}”没有 {room} 这个房间，请核对房号，或先登记房源。",
    "“{project}” has no room {room}; check it, or register it first.",
)
sentence(
    "import.row.rooms_alike",
    "“{project}”有 {n} 个房间都是 {room}，请写全，例如 3-1-1208。",
    "“{project}” has {n} rooms {room}; write the whole code, such as 3-1-1208.",
)


def problem_texts(target: ImportTarget, problems: list[dict[str, Any]]) -> list[str]:
    """Each problem as one sentence."""
    language = get_language() or "zh-hans"
    names = {f.key: f.en if language.startswith("en") else f.zh for f in target.fields}
    return [_sentence(p, names, language) for p in problems]


def _sentence(problem: dict[str, Any], names: dict[str, str], language: str) -> str:
    facts: dict[str, Any] = dict(problem.get("facts", []))
    facts.setdefault("field", names.get(problem.get("field", ""), ""))
    return Refused(problem["code"], **facts).text(language)


def note_texts(notes: list[str]) -> list[str]:
    """Remarks on good rows: something was assumed or left out."""
    words = {
        "no_position": _("没有坐标，照样保留"),
        "monthly_assumed": _("没有付款方式，按月付"),
        "no_finish": _("没有完成时间，按最后一个已知的时间"),
        "second_phone": _("第二个电话未导入"),
    }
    return [words[n] for n in notes if n in words]


def fate_text(target: ImportTarget, row: ImportRow) -> str:
    """What becomes of a row, in one sentence."""
    fate = ImportRow.Fate
    match row.fate:
        case fate.BAD:
            return _("；").join(t.rstrip("。.") for t in problem_texts(target, row.problems))
        case fate.DUPLICATE:
            return _("与第 %(n)s 行重复，只导入一次") % {"n": row.twin}
        case fate.SAME:
            return _("系统里已有，不做改动")
        case fate.CHANGES:
            return _("；").join(_change_text(target, c) for c in row.changes)
        case fate.NEW:
            return _("；").join(note_texts(row.notes))
    return ""


def _change_text(target: ImportTarget, change: dict[str, Any]) -> str:
    name = next((f.zh for f in target.fields if f.key == change["field"]), change["field"])
    return _("%(field)s由 %(was)s 改为 %(will)s") % {
        "field": name,
        "was": change.get("from") or "—",
        "will": change["to"],
    }
