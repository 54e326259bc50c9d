"""Pictures as a viewer gets them: HEIC as JPEG, which browsers can show; where it was taken only for staff.

The stored picture stays as the camera made it, evidence with its place and time; others get a copy without.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from anju.foundation.files.media import HEIC, IMAGES, JPEG, PNG
from anju.foundation.files.store import OpenedFile
from anju.kit.refusal import sentence

MOST_PIXELS = 80_000_000  # a phone's largest; a picture that unpacks to more is not opened
QUALITY = 88
UNREADABLE = sentence(
    "files.unreadable_picture", "这张图片打不开，可能已经损坏。", "This picture cannot be opened; it may be damaged."
)

pi_heif.register_heif_opener()


def for_viewer(opened: OpenedFile, *, staff: bool) -> OpenedFile:
    """The file as this viewer gets it; anything but a picture is given as it is.

    Args:
        opened: a decrypted file.
        staff: whether the viewer works here and may know where and when a picture was taken.

    Raises:
        Refused: ``files.unreadable_picture``, for a picture that must be redrawn and cannot be.
    """
    if opened.media_type not in IMAGES or (staff and opened.media_type != HEIC):
        return opened
    drawn, made, kept = BytesIO(), _decoded(opened), {}
    if staff and made.info.get("exif"):
        kept["exif"] = made.info["exif"]
    media = PNG if opened.media_type == PNG else JPEG
    if media == PNG:
        made.save(drawn, "PNG", optimize=False)
    else:
        made.convert("RGB").save(drawn, "JPEG", quality=QUALITY, **kept)
    size = drawn.tell()
    drawn.seek(0)
    name = opened.name if media == opened.media_type else f"{opened.name.rsplit('.', 1)[0]}.jpg"
    return OpenedFile(opened.id, name, media, size, drawn)


def _decoded(opened: OpenedFile) -> Any:
    """The picture the right way up. Its own notes are left behind unless the caller takes them along."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            made = Image.open(opened.stream)
            if made.width * made.height > MOST_PIXELS:
                raise UNREADABLE()
            noted = made.info.get("exif")
            upright = ImageOps.exif_transpose(made)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise UNREADABLE() from None
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    clean.info = {"exif": _upright(noted)} if noted else {}
    return clean


def _upright(noted: bytes) -> bytes:
    """Notes without the camera's turn, which the pixels have made already."""
    exif = Image.Exif()
    exif.load(noted)
    exif.pop(0x0112, None)
    return exif.tobytes()
