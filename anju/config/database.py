"""Which database: ``DATABASE_URL``, else the embedded server of ANJU_HOME."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo

from anju.foundation.db import roles, server
from anju.kit.refusal import Refused, sentence

OLDEST = 150000
CONNECT_WITHIN_S = 5

BAD_URL = sentence(
    "database.bad_url",
    "DATABASE_URL 写得不对。正确的写法是 postgresql://anju_app:密码@主机:5432/anju。",
    "DATABASE_URL is not valid. It reads postgresql://anju_app:password@host:5432/anju.",
)
UNREACHABLE = sentence(
    "database.unreachable",
    "连不上 DATABASE_URL 指定的数据库（{where}）：{why}。请检查地址、账号和密码。",
    "The database in DATABASE_URL ({where}) cannot be reached: {why}. Check address, user and password.",
)
TOO_OLD = sentence(
    "database.too_old",
    "DATABASE_URL 指定的 PostgreSQL 版本是 {found}，至少需要 15。",
    "The PostgreSQL in DATABASE_URL is version {found}; 15 or newer is needed.",
)
WRONG_ROLE = sentence(
    "database.wrong_role",
    "DATABASE_URL 必须用角色 anju_app 登录（现在是 {role}）。请先运行 anju migrate --admin-url … 建立角色和数据库。",
    "DATABASE_URL must log in as anju_app (it is {role}). Run anju migrate --admin-url … first to make the roles.",
)


def external_url() -> str | None:
    """``DATABASE_URL``, or None when the embedded server is used."""
    return os.environ.get("DATABASE_URL") or None


def parameters(home: Path) -> dict[str, Any]:
    """Connection parameters (libpq names) of the application role.

    Raises:
        Refused: ``database.bad_url``.
    """
    url = external_url()
    if url is None:
        return dict(server.dsn(home, database=os.environ.get("ANJU_DATABASE", server.DATABASE)))
    return parsed(url)


def parsed(url: str) -> dict[str, Any]:
    """A connection URL as libpq parameters; refused with ``database.bad_url``, which does not repeat it."""
    try:
        found = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise BAD_URL() from None
    if not found.get("dbname"):
        raise BAD_URL()
    return dict(found)


def django_settings(home: Path) -> dict[str, Any]:
    """The ``default`` entry of Django's DATABASES. Connects to nothing.

    ``ANJU_POOL`` is the largest number of connections one process keeps (default 12; 0 means no pool).
    """
    rest = parameters(home)
    settings: dict[str, Any] = {
        "ENGINE": "anju.foundation.db.postgresql",
        "NAME": rest.pop("dbname"),
        "USER": rest.pop("user", roles.APP),
        "PASSWORD": rest.pop("password", ""),
        "HOST": rest.pop("host", ""),
        "PORT": str(rest.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        # Django's own statements bind in this process and are never prepared; those of ``fetch_prepared`` are.
        "OPTIONS": {"application_name": "anju", "prepare_threshold": 5, **rest},
    }
    largest = int(os.environ.get("ANJU_POOL", "12"))
    if largest:
        # An attempt to connect is given up soon: the next request makes a new one, so that the first after an
        # outage, however long it was, finds the database again.
        pool = {"min_size": 1, "max_size": largest, "timeout": 5, "max_idle": 300, "reconnect_timeout": 5}
        settings["OPTIONS"]["pool"] = pool
    return settings


def check(home: Path) -> None:
    """Connect once as the application will, so that a wrong ``DATABASE_URL`` ends in one sentence.

    Raises:
        Refused: ``database.unreachable``, ``database.too_old``, ``database.wrong_role``.
    """
    target = parameters(home)
    try:
        with psycopg.connect(**{**target, "connect_timeout": CONNECT_WITHIN_S}) as connection:
            version = connection.info.server_version
            row = connection.execute("SELECT current_user").fetchone()
    except psycopg.OperationalError as error:
        raise unreachable(target, error) from None
    if version < OLDEST:
        raise TOO_OLD(found=version // 10000)
    if row is None or row[0] != roles.APP:
        raise WRONG_ROLE(role=row[0] if row else "?")


def answers(home: Path) -> bool:
    """Whether the database can be used right now."""
    try:
        check(home)
    except Refused:
        return False
    return True


def unreachable(target: dict[str, Any], error: psycopg.OperationalError) -> Refused:
    """The sentence for a failed connection: where and why, without user or password."""
    where = f"{target.get('host', 'localhost')}:{target.get('port', 5432)}/{target.get('dbname', '')}"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return UNREACHABLE(where=where, why=lines[-1] if lines else type(error).__name__)
