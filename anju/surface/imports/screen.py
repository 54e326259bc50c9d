"""What the pages of an import show: names, columns with samples, counts, rows with their fate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anju.foundation.access import view
from anju.foundation.files.models import StoredFile
from anju.foundation.files.store import file_name
from anju.foundation.ui.formats import money
from anju.kit import Actor, Refused
from anju.surface.imports import actions, seals, staging
from anju.surface.imports.mapping.fields import unkept
from anju.surface.imports.models import ImportFile, ImportRow
from anju.surface.imports.reasons import fate_text, note_texts
from anju.surface.imports.targets import ImportTarget, target_named

PAGE = 50
FATE_KINDS = {"new": "ok", "same": "neutral", "changes": "info", "duplicate": "neutral", "bad": "danger"}
STATE_KINDS = {"applied": "ok", "refused": "danger", "dropped": "neutral", "previewed": "warn", "uploaded": "warn"}
ASIDE = {
    "total": gettext_lazy("合计行"), "header": gettext_lazy("重复的表头"),
    "note": gettext_lazy("说明文字"), "section": gettext_lazy("分组标题"),
}  # fmt: skip


@dataclass(frozen=True)
class ColumnLine:
    """One column of the file, as the mapping page shows it."""

    index: int
    title: str
    samples: list[str]
    field: str
    remark: str


@dataclass(frozen=True)
class RowLine:
    """One row, as the preview shows it. ``open_href`` leads to the record it is or became."""

    n: int
    cells: list[str]
    fate: str
    fate_label: str
    fate_kind: str
    text: str
    notes: list[str]
    subject: tuple[str, int] | None


@dataclass
class Screen:
    """One import and who looks at it."""

    by: Actor
    file: ImportFile

    @cached_property
    def target(self) -> ImportTarget:
        """What is imported."""
        return target_named(self.file.target)

    @cached_property
    def name(self) -> str:
        """The file's name; only who brought it sees it, it may name people."""
        if not self.own or self.file.stored_id is None:
            return self.target_name
        return file_name(StoredFile.objects.get(id=self.file.stored_id))

    @property
    def target_name(self) -> str:
        """What it is, in the viewer's language."""
        return self.target.en if _english() else self.target.zh

    @property
    def own(self) -> bool:
        """Whether the viewer brought it."""
        return actions.may_open_errors(self.by, self.file)

    @property
    def state(self) -> str:
        """Its state's stable name."""
        return self.file.state

    @property
    def state_kind(self) -> str:
        """The colour of its state."""
        return STATE_KINDS.get(self.file.state, "info")

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by fate."""
        found = staging.tally(self.file.id)
        return {fate: found.get(fate, 0) for fate in (*FATE_KINDS, "rows", "done")}

    @property
    def going_in(self) -> int:
        """Rows that will change something."""
        return self.counts["new"] + self.counts["changes"]

    @cached_property
    def columns(self) -> list[ColumnLine]:
        """The file's columns with the field each is mapped to."""
        samples = seals.unseal_samples(self.file.samples) if self.own else []
        fields = {column: key for key, column in self.file.mapping.items()}
        lines = []
        for i, column in enumerate(self.file.columns):
            left = unkept(tuple(column["parts"]))
            remark = (left.en if _english() else left.zh) if left else ""
            shown = samples[i] if i < len(samples) else []
            lines.append(ColumnLine(column["index"], column["title"], shown, fields.get(column["index"], ""), remark))
        return lines

    @property
    def options(self) -> list[tuple[str, str]]:
        """What a column can be."""
        own = [(f.key, (f.en if _english() else f.zh) + (" *" if f.required else "")) for f in self.target.fields]
        return [("", _("不导入")), *own]

    @property
    def asked(self) -> list[tuple[str, str, str, str]]:
        """Common values: key, label, help, value."""
        given = self.file.options.get("defaults", {})
        return [(a.key, a.en if _english() else a.zh, _(a.why), given.get(a.key, "")) for a in self.target.asked]

    @property
    def aside(self) -> list[tuple[str, int]]:
        """Rows that are no data, by kind."""
        kinds = [kind for _n, kind in self.file.aside]
        return [(str(label), kinds.count(kind)) for kind, label in ASIDE.items() if kind in kinds]

    @property
    def refusal(self) -> str:
        """Why it could not be read."""
        said = self.file.refusal or {"code": "", "facts": {}}
        return Refused(said["code"], **said["facts"]).text(get_language() or "zh-hans")

    def rows(self, fate: str, after: int) -> tuple[list[RowLine], int | None]:
        """A page of rows of a fate (all when empty), and where the next begins."""
        found = ImportRow.objects.filter(file=self.file, n__gt=after).order_by("n")
        if fate in FATE_KINDS:
            found = found.filter(fate=fate)
        rows = list(found[: PAGE + 1])
        return [self._line(r) for r in rows[:PAGE]], rows[PAGE - 1].n if len(rows) > PAGE else None

    def _line(self, row: ImportRow) -> RowLine:
        return RowLine(
            n=row.n,
            cells=self._cells(row.values),
            fate=row.fate or "",
            fate_label=row.get_fate_display() if row.fate else "",
            fate_kind=FATE_KINDS.get(row.fate or "", "neutral"),
            text=fate_text(self.target, row) if row.fate != ImportRow.Fate.NEW else "",
            notes=note_texts(row.notes) if row.fate in (ImportRow.Fate.NEW, ImportRow.Fate.CHANGES) else [],
            subject=(row.subject_kind, row.subject_id) if row.subject_id else None,
        )

    def _cells(self, values: dict[str, Any]) -> list[str]:
        personal = {k: values[k] for k in ("name", "phone_mask") if values.get(k)}
        seen = view(self.by, "person", [personal])[0] if personal else {}
        shown = []
        for key, _title in self.target.shown:
            value = seen.get(key, "") if key in ("name", "phone_mask") else values.get(key)
            text = "—" if value in (None, "") else str(value)
            shown.append(money(Decimal(text), symbol="") if key == "rent" and text != "—" else text)
        return shown


def _english() -> bool:
    return (get_language() or "").startswith("en")
