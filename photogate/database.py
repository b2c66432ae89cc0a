"""The connection to Postgres: one engine a process, one transaction a use case."""

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, cast
from uuid import UUID

import psycopg2.extensions
from sqlalchemy import BindParameter, DateTime, Enum, MetaData, Table, bindparam, create_engine, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from uuid_utils.compat import uuid7

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The parent of all tables; times carry their zone, dictionaries are JSONB, every constraint has a name."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def table_of(kind: type[Base]) -> Table:
    """The table behind a class, for the statements of the hot path, which are built once and pass by the ORM."""
    return cast(Table, kind.__table__)


def given(table: Table, *names: str) -> list[BindParameter[Any]]:
    """Parameters for columns of a row that a part of a larger statement adds; `parameters` gives them values."""
    return [bindparam(_parameter(table, name), type_=table.c[name].type) for name in names]


def parameters(table: Table, row: Mapping[str, object]) -> dict[str, object]:
    """The values of a row as `given` names them: after their table, for a statement may write to several."""
    return {_parameter(table, name): value for name, value in row.items()}


def _parameter(table: Table, column: str) -> str:
    return f"{table.name}_{column}"


def pg_enum(kind: type[StrEnum]) -> Enum:
    """A Postgres enum that stores the values of `kind`, not the names of its members."""
    return Enum(kind, name=_snake(kind.__name__), values_callable=lambda members: [member.value for member in members])


def text_enum(kind: type[StrEnum]) -> Enum:
    """The values of `kind` as text: for a list that grows, and whose old entries must stay readable."""
    return Enum(
        kind, native_enum=False, length=40, values_callable=lambda members: [member.value for member in members]
    )


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def new_id() -> UUID:
    """A UUIDv7: sorts by the time it was made, so that indexes grow at one end (RFC 9562)."""
    return uuid7()


class Database:
    """One engine with its pool; make one a process, after any fork."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(
            url,
            hide_parameters=True,  # errors reach the log, and parameters are applicants' data
            connect_args={"connect_timeout": 5, "options": "-c statement_timeout=15000 -c lock_timeout=5000"},
        )
        event.listen(self.engine, "checkout", _require_open)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit what the block did as a whole, or nothing of it when it raises."""
        with self._sessions.begin() as session:
            yield session

    def ping(self) -> None:
        """Ask the server for an answer; raises sqlalchemy's OperationalError when there is none."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _require_open(connection: psycopg2.extensions.connection, *_: object) -> None:
    """Have the pool replace a connection that the server has ended.

    An idle connection has nothing else to say, and looking costs no way to the server, as a ping would.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError
