"""PDF from a typst template and data; the same input gives the same bytes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent


def render_pdf(template: Path, data: dict[str, Any], *, at: datetime) -> bytes:
    """Set a document.

    Args:
        template: a ``.typ`` file; it reads ``json(bytes(sys.inputs.data))``.
        data: what it shows; money and days already written as people read them.
        at: the document's time-stamp, zone-aware.
    """
    pdf: bytes = typst.compile(
        str(template),
        format="pdf",
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=str)},
        timestamp=int(at.timestamp()),
    )
    return pdf
