"""A history of a million decisions, loaded by COPY: one year with its applicants, policies, models and reviewers."""

import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from psycopg2 import extensions
from sqlalchemy.engine import make_url

from benchmarks.stories import COLUMNS, PEOPLE, stories
from embedded.provision import connect, provision
from embedded.services import EmbeddedServices
from migrations.run import upgrade

STORIES_A_LOAD = 10_000


@dataclass(frozen=True, slots=True)
class History:
    """Where the loaded history lies, for the application's role and for the superuser, and what runs beside it."""

    app_url: str
    superuser_url: str
    services: EmbeddedServices


@contextmanager
def long_history(directory: Path, decisions: int, tick: Callable[[int], None]) -> Iterator[History]:
    """Postgres on `directory` with at least so many decisions; a second run finds those of the first."""
    with EmbeddedServices(directory) as services:
        name = f"history_{decisions}"
        urls = provision(services.superuser_url, name)
        upgrade(urls.owner)
        superuser = make_url(services.superuser_url).set(database=name).render_as_string(hide_password=False)
        with closing(connect(make_url(superuser))) as connection, connection.cursor() as cursor:
            _fill(cursor, decisions, tick)
        yield History(urls.app, superuser, services)


def _fill(cursor: extensions.cursor, decisions: int, tick: Callable[[int], None]) -> None:
    """Foreign keys are taken on trust; the index that auditors search by is written as it always is."""
    if _count(cursor) >= decisions:
        return
    cursor.execute("TRUNCATE users, applicants, events, decision_terms CASCADE")
    cursor.execute("ALTER TABLE decisions ENABLE ALWAYS TRIGGER index_decisions")
    cursor.execute("SET session_replication_role = replica")
    _copy(cursor, PEOPLE)
    told, loaded = stories(decisions), 0
    while batch := list(islice(told, STORIES_A_LOAD)):
        rows: dict[str, list[Sequence[object]]] = defaultdict(list)
        for table, row in (entry for story in batch for entry in story):
            rows[table].append(row)
        _copy(cursor, rows)
        loaded += len(rows["decisions"])
        tick(loaded)
    cursor.execute("ALTER TABLE decisions ENABLE TRIGGER index_decisions")
    cursor.execute("VACUUM ANALYZE")


def _count(cursor: extensions.cursor) -> int:
    cursor.execute("SELECT count(*) FROM decisions")
    [(count,)] = cursor.fetchall()
    return int(count)


def _copy(cursor: extensions.cursor, rows: Mapping[str, Sequence[Sequence[object]]]) -> None:
    for table, columns in COLUMNS.items():
        lines = "".join("\t".join(map(_text, row)) + "\n" for row in rows.get(table, ()))
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(lines))


def _text(value: object) -> str:
    """A value in the text form of COPY; nothing of this history holds a tab, a line end or a backslash."""
    if value is None:
        return r"\N"
    return rf"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
