"""Opening a file in the browser. Stands here because files know neither viewers nor doors."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from anju.foundation.access.rights import remembering
from anju.foundation.files.links import read_link
from anju.foundation.files.media import PDF, SHOWN_INLINE
from anju.foundation.files.store import OpenedFile, open_file
from anju.foundation.identity.doors import STAFF_SIGN_IN, staff_inside, tenant_inside, to_sign_in, with_door
from anju.kit.refusal import NOT_FOUND


def _open(request: HttpRequest, token: str) -> HttpResponseBase:
    org_id, viewer, file_id = read_link(token)
    for inside in (staff_inside, tenant_inside):
        with remembering(), inside(request) as entered:
            if entered and request.org.id == org_id and str(request.actor) == viewer:  # type: ignore[attr-defined]
                return _answer(open_file(request.actor, file_id))  # type: ignore[attr-defined]
    if request.actor is None:  # type: ignore[attr-defined]
        return to_sign_in(request, STAFF_SIGN_IN)
    raise NOT_FOUND()


def _answer(opened: OpenedFile) -> FileResponse:
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
    return response


open_page = with_door(_open, "either: the viewer a link was signed for, asked again by the file's purpose")
