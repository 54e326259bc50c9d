"""``python -m anju.config.cli``: how the supervisor starts its children."""

from anju.config.cli import main

main()
