"""``anju migrate``: bring the database up to date; on a server of your own, make roles and database first."""

from __future__ import annotations

from typing import Annotated

import psycopg
import typer

from anju.config import database, environment
from anju.config.cli import ready
from anju.config.cli.words import t
from anju.foundation.db import roles

ZH = "更新数据库结构；加 --admin-url 时先建立角色和数据库。"
EN = "Update the database; with --admin-url make the roles and the database first."
ADMIN = t("有权建立角色和数据库的连接地址", "a connection that may make roles and databases")


def run(admin_url: Annotated[str, typer.Option(help=ADMIN)] = "") -> None:
    if admin_url:
        make_database(admin_url)
    with ready.product_up():
        done = ready.migrate_and_check_key()
    print(t(f"数据库已是最新（本次更新 {done} 项）。", f"The database is up to date ({done} migrations applied)."))


def make_database(admin_url: str) -> None:
    """Make ``anju_owner``, ``anju_app`` (with the password of ``DATABASE_URL``) and the database it names."""
    target = database.parameters(environment.home())
    admin = database.parsed(admin_url)
    try:
        roles.prepare(admin, database=target["dbname"], password=target.get("password"))
    except psycopg.OperationalError as error:
        raise database.unreachable(admin, error) from None
