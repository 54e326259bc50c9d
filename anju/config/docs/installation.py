"""settings.md: environment variables, commands, exit codes."""

from __future__ import annotations

from importlib import import_module
from itertools import groupby

from anju.config.cli import ALWAYS, ONCE_THERE, external
from anju.config.cli.exits import CODES, FAMILIES, OTHER
from anju.config.docs.markdown import both, code, page, section, table
from anju.config.variables import GROUPS, VARIABLES

ABOUT = """
安装的全部设置都来自环境变量，没有配置文件。用法见 [configure](../how-to/configure.md)。

Everything an installation sets comes from the environment; there is no settings file. How:
[configure](../how-to/configure.md).
"""


def settings() -> str:
    """The page."""
    groups = groupby(VARIABLES, key=lambda v: v.group)
    heads = ("变量 Variable", "默认 Default", "含义 Meaning")
    parts = [
        section(
            " · ".join(GROUPS[group]), table(heads, ((code(v.name), v.default, both(v.zh, v.en)) for v in variables))
        )
        for group, variables in groups
    ]
    return page("安装设置", "Settings", ABOUT, *parts, _commands(), _exits())


def _commands() -> str:
    rows = []
    for name in sorted((*ALWAYS, *filter(external.exists, ONCE_THERE))):
        module = import_module(f"anju.config.cli.{name.replace('-', '_')}_command")
        rows.append((code(f"anju {name}"), both(module.ZH, module.EN)))
    return section("命令 · Commands", table(("命令 Command", "作用 What it does"), rows))


def _exits() -> str:
    by_number: dict[int, list[str]] = {}
    for refusal, number in CODES.items():
        by_number.setdefault(number, []).append(refusal)
    for family, number in FAMILIES.items():
        by_number.setdefault(number, []).append(f"{family}*")
    by_number[OTHER] = ["*"]
    rows = ((str(n), ", ".join(code(r) for r in by_number[n])) for n in sorted(by_number))
    about = "可预见的失败以一句话和固定的退出码结束。What is foreseen ends in one sentence and a stable code."
    return section("退出码 · Exit codes", about, table(("退出码 Code", "[拒绝 Refusal](refusals.md)"), rows))
