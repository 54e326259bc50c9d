"""Write the words of every policy's form as Python that `pybabel extract` reads: titles, help, units, choices."""

import os
import sys
from pathlib import Path


def main(target: str) -> None:
    """Declare every policy by starting Django, then list its source strings."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    os.environ.setdefault("ANJU_SECRET_KEY", "words")
    import django

    django.setup()
    from anju.foundation.policy.registry import all_declared, families
    from anju.foundation.publishing.fields import source_strings

    found = sorted({words for policy in (*all_declared(), *families()) for words in source_strings(policy.model)})
    Path(target).write_text("".join(f"_({words!r})\n" for words in found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
