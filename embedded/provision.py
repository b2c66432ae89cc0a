"""Roles and database on any Postgres from 15 on, the embedded one or the machine's own."""

import hashlib
from contextlib import closing
from dataclasses import dataclass, field

import psycopg2
from psycopg2 import extensions, sql
from sqlalchemy.engine import URL, make_url

from embedded.errors import EmbeddedError

OWNER, APPLICATION = "photogate_owner", "photogate_app"
OLDEST = 15_00_00
PROVISIONING = 0x70686F746F  # the advisory lock that keeps two processes from making the same role at the same time


@dataclass(frozen=True)
class DatabaseUrls:
    """SQLAlchemy URLs of one database: the owner's for migrations, the application's for everything else."""

    owner: str = field(repr=False)
    app: str = field(repr=False)


def provision(superuser_url: str, database: str) -> DatabaseUrls:
    """Make both roles and the database where they are missing; again, or twice at once, changes nothing.

    A role gets a password only where the server wants one. Raises EmbeddedError.
    """
    server = make_url(superuser_url)
    with closing(connect(server)) as connection, connection.cursor() as cursor:
        if connection.server_version < OLDEST:
            raise EmbeddedError(f"Photogate needs Postgres 15 or newer, {shown(server)} is older.")
        cursor.execute("SELECT pg_advisory_lock(%s)", [PROVISIONING])
        for role in (OWNER, APPLICATION):
            _ensure_role(cursor, role)
        _ensure_database(cursor, database)
        _close_to_others(server.set(database=database))
        return DatabaseUrls(
            *(_admitted(connection, server.set(database=database), role) for role in (OWNER, APPLICATION))
        )


def connect(url: URL) -> extensions.connection:
    """An autocommitting connection; raises EmbeddedError."""
    try:
        connection = psycopg2.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False), connect_timeout=5
        )
    except psycopg2.OperationalError as error:
        raise EmbeddedError(f"Postgres does not let us in at {shown(url)}: {' '.join(str(error).split())}") from error
    connection.autocommit = True
    return connection


def shown(url: URL) -> str:
    """The URL as it may be printed."""
    return url.render_as_string(hide_password=True)


def _ensure_role(cursor: extensions.cursor, role: str) -> None:
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
    if cursor.rowcount == 0:
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))


def _ensure_database(cursor: extensions.cursor, database: str) -> None:
    names = {"database": sql.Identifier(database), "owner": sql.Identifier(OWNER), "app": sql.Identifier(APPLICATION)}
    cursor.execute("SELECT FROM pg_database WHERE datname = %s", [database])
    if cursor.rowcount == 0:
        # template0 is the one template that may be copied in UTF-8 whatever encoding the server was set up with.
        cursor.execute(
            sql.SQL("CREATE DATABASE {database} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8'").format(**names)
        )
    cursor.execute(sql.SQL("ALTER DATABASE {database} OWNER TO {owner}").format(**names))
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
    cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {database} TO {app}").format(**names))


def _close_to_others(database: URL) -> None:
    with closing(connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")


def _admitted(superuser: extensions.connection, database: URL, role: str) -> str:
    """The URL by which the server lets this role in: without a password where it asks for none."""
    url = _as_role(database, role, None)
    if not _lets_in(url):
        password = _derived_password(superuser.info.password or "", role)
        _set_password(superuser, role, password)
        url = _as_role(database, role, password)
        connect(url).close()
    return url.render_as_string(hide_password=False)


def _as_role(database: URL, role: str, password: str | None) -> URL:
    return URL.create(
        database.drivername, role, password, database.host, database.port, database.database, database.query
    )


def _lets_in(url: URL) -> bool:
    try:
        connect(url).close()
    except EmbeddedError:
        return False
    return True


def _derived_password(superuser_password: str, role: str) -> str:
    """The same on every run and in every process, so that nobody replaces the password that another just got."""
    if not superuser_password:
        raise EmbeddedError(
            f"Postgres asks {role} for a password; give the superuser's URL one too, from which to derive it."
        )
    return hashlib.scrypt(superuser_password.encode(), salt=role.encode(), n=2**14, r=8, p=1, dklen=32).hex()


def _set_password(superuser: extensions.connection, role: str, password: str) -> None:
    # Sent as a verifier, so that the password itself stands in no server log.
    verifier = extensions.encrypt_password(password, role, superuser, "scram-sha-256")
    with superuser.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(role)), [verifier])
