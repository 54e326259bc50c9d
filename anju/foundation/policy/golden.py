"""Golden files: one stored body per policy and schema, so that old texts can be read for ever.

    python -m anju.foundation.policy.golden reminders > tests/policy/golden/reminders-1.json

prints the standard template in today's schema. Make the file once, when a policy or a schema is new, and never change
it afterwards: it stands for what is stored at operators'.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from anju.foundation.policy.registry import Declared, PolicyModel, declared


def file_of(folder: Path, policy: Declared, schema: int) -> Path:
    """Where the golden body of a policy's schema lies."""
    return folder / f"{policy.key}-{schema}.json"


def how_to_make(path: Path, policy: Declared) -> str:
    """What to do about a missing golden file."""
    return f"{path} is missing; make it: python -m anju.foundation.policy.golden {policy.key} > {path}"


def read_golden(path: Path, policy: Declared, schema: int) -> PolicyModel:
    """The golden body as today's code reads it."""
    return policy.load(json.loads(path.read_text(encoding="utf-8")), schema)


def standard_text(key: str) -> str:
    """The standard template of a policy, as its golden file holds it."""
    body: dict[str, Any] = declared(key).model().model_dump(mode="json")
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def main(key: str) -> None:
    """Print the standard template of one policy."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    django.setup()
    sys.stdout.write(standard_text(key))


if __name__ == "__main__":
    main(sys.argv[1])
