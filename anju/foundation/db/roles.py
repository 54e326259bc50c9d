"""The two database roles: ``anju_owner`` owns everything and cannot log in; ``anju_app`` logs in and owns nothing.

``anju_app`` is a NOINHERIT member of the owner: it has the owner's rights only after ``SET ROLE``, which migrations do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

OWNER, APP = "anju_owner", "anju_app"


def prepare(admin: Mapping[str, Any], *, database: str, password: str | None = None) -> None:
    """Make the roles and the database where they are missing. Running it again changes nothing.

    Args:
        admin: connection parameters of a role that may make roles and databases.
        database: the name of our database.
        password: given to ``anju_app`` when it is made (none on the embedded server's private socket).
    """
    with psycopg.connect(**dict(admin), autocommit=True) as connection:
        _roles(connection, password)
        _database(connection, database)
    with psycopg.connect(**{**admin, "dbname": database}, autocommit=True) as connection:
        grant_defaults(connection)


def grant_defaults(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Whatever the owner makes from now on, the application may use; a migration takes back what it must not."""
    for what, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
        connection.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT {} ON {} TO {}").format(
                sql.Identifier(OWNER), sql.SQL(rights), sql.SQL(what), sql.Identifier(APP)
            )
        )


def _roles(connection: psycopg.Connection[tuple[object, ...]], password: str | None) -> None:
    there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'anju%'")}
    if OWNER not in there:
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(OWNER)))
    if APP not in there:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(sql.Identifier(APP)))
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(OWNER), sql.Identifier(APP)))
        if password:
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(APP), sql.Literal(password)))


def _database(connection: psycopg.Connection[tuple[object, ...]], database: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        return
    # An administrator who is no superuser may only give a database to a role it is a member of.
    if connection.execute("SELECT pg_has_role(%s, 'MEMBER')", [OWNER]).fetchone() != (True,):
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(OWNER)))
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
            sql.Identifier(database), sql.Identifier(OWNER)
        )
    )
