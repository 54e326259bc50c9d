"""Opening a file in the browser. Stands here because files know neither viewers nor doors."""

from __future__ import annotations

import re

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from anju.foundation.access.rights import remembering
from anju.foundation.files.links import read_link
from anju.foundation.files.media import PDF, SHOWN_INLINE, VIDEOS
from anju.foundation.files.pictures import for_viewer
from anju.foundation.files.store import OpenedFile, open_file
from anju.foundation.identity.doors import STAFF_SIGN_IN, staff_inside, tenant_inside, to_sign_in, with_door
from anju.kit.refusal import NOT_FOUND

PART = re.compile(r"bytes=(\d+)-(\d*)")


def _open(request: HttpRequest, token: str) -> HttpResponseBase:
    org_id, viewer, file_id = read_link(token)
    for inside in (staff_inside, tenant_inside):
        with remembering(), inside(request) as entered:
            if entered and request.org.id == org_id and str(request.actor) == viewer:  # type: ignore[attr-defined]
                actor = request.actor  # type: ignore[attr-defined]
                return _answer(request, for_viewer(open_file(actor, file_id), staff=actor.kind == "staff"))
    if request.actor is None:  # type: ignore[attr-defined]
        return to_sign_in(request, STAFF_SIGN_IN)
    raise NOT_FOUND()


def _answer(request: HttpRequest, opened: OpenedFile) -> FileResponse:
    response = FileResponse(
        opened.stream,
        as_attachment=opened.media_type not in SHOWN_INLINE,
        filename=opened.name,
        content_type=opened.media_type,
    )
    # What people upload is shown, never run. Browsers refuse to show a PDF in a sandbox, and have their own for it.
    sandbox = "" if opened.media_type == PDF else "; sandbox"
    response.headers["Content-Security-Policy"] = f"default-src 'none'{sandbox}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    if opened.media_type in VIDEOS:
        _partly(request, response, opened)
    return response


def _partly(request: HttpRequest, response: FileResponse, opened: OpenedFile) -> None:
    """A film is asked for in parts; some phones show it only if they get them."""
    response.headers["Accept-Ranges"] = "bytes"
    asked = PART.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return
    start = int(asked[1])
    end = min(int(asked[2]) if asked[2] else opened.size - 1, opened.size - 1)
    if start > end:
        return
    opened.stream.seek(start)
    response.streaming_content = [opened.stream.read(end - start + 1)]
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {start}-{end}/{opened.size}"
    response.headers["Content-Length"] = str(end - start + 1)


open_page = with_door(_open, "either: the viewer a link was signed for, asked again by the file's purpose")
