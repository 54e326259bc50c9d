"""Labels with the rooms' repair codes, as PDF: ten on a sheet of A4."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import segno
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anju.domain.workorders.room_codes import Label
from anju.foundation.db import clock
from anju.foundation.documents import render_pdf

TEMPLATE = Path(__file__).parent / "labels.typ"


def labels_pdf(labels: Sequence[Label], *, company: str, place: str) -> bytes:
    """The sheets, two labels beside each other and five below, with lines to cut along.

    Args:
        labels: in the order they are printed.
        company: whose rooms they are.
        place: what the sheets are of, in their foot: project and building.
    """
    data = {
        "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        "title": _("房间报修码"),
        "scan": _("扫码报修"),
        "how": _("微信扫一扫，拍张照片就能报修"),
        "company": company,
        "place": place,
        "labels": [{"room": label.room, "qr": _svg(label.address)} for label in labels],
    }
    return render_pdf(TEMPLATE, data, at=clock.now())


def _svg(address: str) -> str:
    """The QR code as a drawing; a quarter of it may be scratched or stained.

    A token is mixed well by itself: trying all eight masks would not make it easier to read and takes four times
    as long.
    """
    return segno.make(address, error="q", mask=3, micro=False, boost_error=False).svg_inline(border=0, omitsize=True)
