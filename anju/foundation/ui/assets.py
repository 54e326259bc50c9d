"""Static files: ours, and the few npm files we serve straight from ``node_modules``.

Settings use ``STATICFILES_FINDERS = [..., "anju.foundation.ui.assets.NpmFinder"]`` and
``STORAGES["staticfiles"]["BACKEND"] = "anju.foundation.ui.assets.FingerprintedStorage"``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

PACKAGE = Path(__file__).resolve().parents[2]
# A checkout has node_modules beside the package; a built wheel carries the chosen files inside it.
NPM_ROOTS = (PACKAGE / "_npm", PACKAGE.parent / "node_modules")

FONT = "@fontsource-variable/noto-sans-sc"


def _font_files() -> dict[str, str]:
    """The web font of machines without a good Chinese font: cut into pieces, a page fetches those it needs."""
    pieces = (f"files/{file.name}" for root in NPM_ROOTS for file in sorted((root / FONT / "files").glob("*.woff2")))
    return {f"npm/font/{path}": f"{FONT}/{path}" for path in ("index.css", *pieces)}


# public path → file of the npm package. Nothing else of node_modules is reachable.
SERVED = {
    "npm/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "npm/htmx.js": "htmx.org/dist/htmx.min.js",
    "npm/alpine.js": "@alpinejs/csp/dist/cdn.min.js",
    "npm/echarts.js": "echarts/dist/echarts.simple.min.js",
    **_font_files(),
}


@cache
def npm_file(path: str) -> Path | None:
    """The installed file of an npm package, or None."""
    for root in NPM_ROOTS:
        if (root / path).is_file():
            return root / path
    return None


class NpmFinder(BaseFinder):
    """Finds exactly the files of ``SERVED``."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The absolute path of a served file; an empty list where there is none."""
        file = npm_file(SERVED[path]) if path in SERVED else None
        if file is None:
            return []
        return [str(file)] if find_all else str(file)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Any]]:
        """Every served file with a storage that reads it."""
        for path in SERVED:
            yield path, NpmStorage()

    def check(self, **kwargs: Any) -> Sequence[Any]:  # type: ignore[override]
        """Nothing to check: a missing package fails at collection, by name."""
        return ()


class NpmStorage(FileSystemStorage):
    """Reads served files by their public path."""

    prefix = ""

    def path(self, name: str) -> str:
        """Where the file lies on disk."""
        file = npm_file(SERVED[name])
        if file is None:
            raise FileNotFoundError(f"{SERVED[name]} is not installed: run the npm step of `make`")
        return str(file)


class FingerprintedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names, gzip and brotli copies; comments naming source maps we do not ship are left alone."""

    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\((?P<quote>['"]{0,1})\s*(?P<url>.*?)(?P=quote)\))""",
                (r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""", """@import url("%(url)s")"""),
            ),
        ),
    )


@cache
def asset(path: str) -> str:
    """The public URL of a static file: ``asset("ui/console.css")``; the names are made when the product starts."""
    return staticfiles_storage.url(path)
