"""What a file is, by its content. Names and browsers are not believed."""

from __future__ import annotations

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
WEBP = "image/webp"
GIF = "image/gif"
HEIC = "image/heic"
MP4 = "video/mp4"
QUICKTIME = "video/quicktime"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"
XLS = "application/vnd.ms-excel"
CSV = "text/csv"
UNKNOWN = "application/octet-stream"

IMAGES = (PNG, JPEG, WEBP, HEIC)
VIDEOS = (MP4, QUICKTIME)
SHEETS = (XLSX, XLS, CSV)
DOCUMENTS = (PDF, *IMAGES, XLSX, DOCX)
SHOWN_INLINE = (PDF, PNG, JPEG, WEBP, GIF, *VIDEOS)

HEAD_BYTES = 8192
STARTS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", XLS),
)


def sniff(head: bytes) -> str:
    """The media type of a file that begins with ``head`` (its first 8 KiB).

    Text counts as CSV when it has no control characters and no markup; HTML and SVG are never recognised, because a
    browser would run them.
    """
    for start, media in STARTS:
        if head.startswith(start):
            return media
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head)
    return CSV if head and _is_text(head) else UNKNOWN


def _boxed(brand: bytes) -> str:
    if brand in (b"heic", b"heix", b"mif1", b"msf1"):
        return HEIC
    return QUICKTIME if brand == b"qt  " else MP4 if brand[:3] in (b"iso", b"mp4", b"avc", b"M4V", b"3gp") else UNKNOWN


def _zipped(head: bytes) -> str:
    if b"word/" in head:
        return DOCX
    return XLSX if b"xl/" in head or b"[Content_Types].xml" in head else ZIP


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(c < 32 and c not in b"\t\r\n" for c in head) and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
        b"<"
    )
