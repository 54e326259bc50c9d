"""The ``anju`` command. Every sub-command is a small module beside this one."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from anju.config import environment
from anju.config.cli import external
from anju.config.cli.exits import exit_code, foreseen
from anju.config.cli.words import t

ALWAYS = ("up", "migrate", "web", "worker", "backup", "restore")
ONCE_THERE = ("demo", "standins", "apikey", "demo-data", "verify", "check", "docs", "bench", "torture")


def build() -> typer.Typer:
    """The command with those sub-commands whose parts exist."""
    app = typer.Typer(
        help=t("安居：长租运营软件。", "Anju: software that runs a rental business."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name in (*ALWAYS, *filter(external.exists, ONCE_THERE)):
        module = import_module(f"anju.config.cli.{name.replace('-', '_')}_command")
        app.command(name, help=t(module.ZH, module.EN))(module.run)
    return app


def main() -> None:
    """Run the command; what is foreseen ends in one sentence and a stable exit code."""
    try:
        build()()
    except Exception as error:
        refused = foreseen(error)
        if refused is None:
            raise
        print(refused.text(environment.language()), file=sys.stderr)
        sys.exit(exit_code(refused))
