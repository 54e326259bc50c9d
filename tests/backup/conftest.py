from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ground.product import Product


@pytest.fixture
def shelf() -> Iterator[Path]:
    """Where copies go: open to the server's user, its path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="anju-shelf-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def product() -> Iterator[Product]:
    """A product that is not started yet."""
    made = Product()
    yield made
    made.close()
