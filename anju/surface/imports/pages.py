"""Importing, page by page: upload, what the columns are, every row's fate, progress, what came back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from anju.foundation.access.pages import staff_page
from anju.foundation.files.media import XLSX
from anju.foundation.ui import nav, render
from anju.kit import Refused
from anju.kit.refusal import NOT_ALLOWED, NOT_FOUND
from anju.surface.imports import actions
from anju.surface.imports.models import ImportFile
from anju.surface.imports.permissions import RUN_IMPORTS
from anju.surface.imports.returned import write_errors
from anju.surface.imports.sample import write_messy
from anju.surface.imports.screen import Screen
from anju.surface.imports.targets import all_targets

nav.entry(
    "imports", gettext_lazy("导入"), icon="table-import", url_name="imports:list", order=30, permission=RUN_IMPORTS,
    group=nav.SETUP,
)  # fmt: skip
RECENT = 30
OPENS = {"lease": "leases:lease", "unit": "portfolio:unit", "flow_case": "flows:case"}


@require_GET
@staff_page(needs=RUN_IMPORTS)
def imports(request: HttpRequest) -> HttpResponse:
    """Bring a file, and what was brought before."""
    return _list_page(request)


def _list_page(request: Any, problem: str = "", chosen: str = "", status: int = 200) -> HttpResponse:
    files = ImportFile.objects.exclude(state="dropped").order_by("-uploaded_at", "-id")[:RECENT]
    context = {
        "files": [Screen(request.actor, f) for f in files],
        "targets": [(t.key, t.en if _language(request) == "en" else t.zh, _(t.help)) for t in all_targets()],
        "chosen": chosen or all_targets()[0].key,
        "problem": problem,
    }
    return render(request, "imports/list.html", context, status=status)


@require_POST
@staff_page(needs=RUN_IMPORTS)
def upload(request: HttpRequest) -> HttpResponse:
    """Take the file; what cannot be read is said on the same page."""
    target, sent = request.POST.get("target", ""), request.FILES.get("file")
    if target not in {t.key for t in all_targets()}:
        raise NOT_FOUND()
    if sent is None:
        return _list_page(request, _("请先选择文件。"), target, 422)
    try:
        file = actions.upload(_by(request), stream=cast(BinaryIO, sent), name=sent.name or "", target=target)
    except Refused as refused:
        if refused.code == NOT_ALLOWED().code:
            raise
        return _list_page(request, refused.text(_language(request)), target, 422)
    return redirect("imports:one", file.id)


@require_GET
@staff_page(needs=RUN_IMPORTS)
def one(request: HttpRequest, file_id: int) -> HttpResponse:
    """Where an import stands: its columns, its progress, its rows with their fates, its result."""
    screen = _screen(request, file_id)
    if screen.state == "uploaded" or (screen.state == "previewed" and request.GET.get("columns")):
        return render(request, "imports/columns.html", {"s": screen, "problem": ""})
    if screen.state in ("reading", "applying"):
        return render(request, "imports/running.html", {"s": screen, "job": _job(screen)})
    if screen.state in ("refused", "dropped"):
        return render(request, "imports/refused.html", {"s": screen})
    fate = request.GET.get("fate", "")
    lines, more = screen.rows(fate, _number(request.GET.get("after")))
    context = {"s": screen, "fate": fate, "lines": [(line, _opens(line.subject)) for line in lines], "more": more}
    return render(request, "imports/preview.html", context, block="rows")


@require_GET
@staff_page(needs=RUN_IMPORTS)
def running(request: HttpRequest, file_id: int) -> HttpResponse:
    """The progress number; when the work ends the browser goes to the page that shows it."""
    screen = _screen(request, file_id)
    response = render(request, "imports/running.html", {"s": screen, "job": _job(screen)}, block="number")
    if screen.state not in ("reading", "applying"):
        response.headers["HX-Redirect"] = reverse("imports:one", args=[file_id])
    return response


@require_POST
@staff_page(needs=RUN_IMPORTS)
def sheet(request: HttpRequest, file_id: int) -> HttpResponse:
    """Another sheet of the workbook."""
    actions.choose_sheet(_by(request), file_id=file_id, sheet=request.POST.get("sheet", ""))
    return redirect("imports:one", file_id)


@require_POST
@staff_page(needs=RUN_IMPORTS)
def map_columns(request: HttpRequest, file_id: int) -> HttpResponse:
    """What each column is; what is missing is said on the same page with everything as chosen."""
    screen = _screen(request, file_id)
    chosen = {c["index"]: request.POST.get(f"column-{c['index']}", "") for c in screen.file.columns}
    mapping = {field: column for column, field in chosen.items() if field}
    defaults = {a.key: request.POST.get(f"default-{a.key}", "") for a in screen.target.asked}
    try:
        if len(mapping) < sum(bool(f) for f in chosen.values()):
            raise actions.FIELD_TWICE()
        actions.map_columns(_by(request), file_id=file_id, mapping=mapping, defaults=defaults)
    except Refused as refused:
        if not refused.code.startswith("import."):
            raise
        screen.file.mapping, screen.file.options = mapping, screen.file.options | {"defaults": defaults}
        context = {"s": screen, "problem": refused.text(_language(request))}
        return render(request, "imports/columns.html", context, status=422)
    return redirect("imports:one", file_id)


@require_POST
@staff_page(needs=RUN_IMPORTS)
def apply(request: HttpRequest, file_id: int) -> HttpResponse:
    """Write the good rows."""
    actions.start_applying(_by(request), file_id=file_id)
    return redirect("imports:one", file_id)


@require_POST
@staff_page(needs=RUN_IMPORTS)
def drop(request: HttpRequest, file_id: int) -> HttpResponse:
    """Give up; nothing of the file is kept."""
    actions.drop(_by(request), file_id=file_id)
    messages.success(request, _("已放弃，文件和读取的内容都已删除。"))
    return redirect("imports:list")


@require_GET
@staff_page(needs=RUN_IMPORTS)
def errors(request: HttpRequest, file_id: int) -> HttpResponse:
    """The bad rows with their reasons, for who brought the file."""
    screen = _screen(request, file_id)
    if not screen.own:
        raise NOT_ALLOWED(permission=RUN_IMPORTS.code)
    with TemporaryDirectory(prefix="anju-import-") as folder:
        path = Path(folder) / "errors.xlsx"
        write_errors(screen.file, path)
        return _workbook(path.read_bytes(), f"import-{file_id}-errors.xlsx")


@require_GET
@staff_page(needs=RUN_IMPORTS)
def sample(request: HttpRequest) -> HttpResponse:
    """A messy rent roll to try it with."""
    with TemporaryDirectory(prefix="anju-import-") as folder:
        path = Path(folder) / "sample.xlsx"
        write_messy(path)
        return _workbook(path.read_bytes(), "anju-sample-rent-roll.xlsx")


def _workbook(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _screen(request: HttpRequest, file_id: int) -> Screen:
    file = ImportFile.objects.filter(id=file_id).first()
    if file is None:
        raise NOT_FOUND()
    return Screen(_by(request), file)


def _job(screen: Screen) -> dict[str, Any]:
    reading = screen.state == "reading"
    return {
        "title": _("正在读取") if reading else _("正在导入"),
        "done": screen.file.progress,
        "total": max(screen.file.rows, screen.file.progress),
        "state": "running" if screen.state in ("reading", "applying") else "done",
        "note": _("可以离开这一页，进度不会丢。"),
    }


def _opens(subject: tuple[str, int] | None) -> str | None:
    if subject is None or subject[0] not in OPENS:
        return None
    try:
        return reverse(OPENS[subject[0]], args=[subject[1]])
    except NoReverseMatch:
        return None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _by(request: Any) -> Any:
    return request.actor


def _language(request: Any) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "zh-hans"))
