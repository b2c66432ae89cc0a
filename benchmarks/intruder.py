"""Somebody with the superuser's rights on the database, who rewrites the log of events and covers the tracks."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from photogate.audit import checkpoints
from photogate.audit import service as audit
from photogate.audit.log import ENTRIES, EVENTS, LEAF_COLUMNS, NODES, leaf_of
from photogate.audit.notes import PrivateKey
from photogate.audit.tables import EventKind
from photogate.audit.tiles import Edge
from photogate.audit.tree import leaf_hash
from photogate.database import Database

TABLES = "events", "log_entries", "log_nodes", "checkpoints", "cosignatures"


class Crime(StrEnum):
    """What is done to history."""

    CHANGE = "change"
    DELETE = "delete"
    INSERT = "insert"
    REORDER = "reorder"
    TRUNCATE = "truncate"
    ROLL_BACK = "roll back to an old backup"


class Cover(StrEnum):
    """How far the log's own hashes are made to fit: not at all, all of them, and signed anew with the log's key."""

    NONE = "none"
    HASHES = "hashes"
    SIGNED = "signed"


class Backup:
    """All of the log as it was at one moment, in the database itself."""

    def __init__(self, session: Session, name: str) -> None:
        """Copy every table of the log into a schema of this name."""
        self._name = name
        session.execute(text(f"CREATE SCHEMA {name}"))
        for table in TABLES:
            session.execute(text(f"CREATE TABLE {name}.{table} AS TABLE {table}"))

    def forget(self, session: Session) -> None:
        """Drop the copy."""
        session.execute(text(f"DROP SCHEMA {self._name} CASCADE"))

    def put_back(self, session: Session) -> None:
        """Make every table what it was."""
        for table in reversed(TABLES):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - the names are ours
        for table in TABLES:
            session.execute(text(f"INSERT INTO {table} SELECT * FROM {self._name}.{table}"))  # noqa: S608


@contextmanager
def unstoppable(database: Database) -> Iterator[Session]:
    """Open a transaction that neither triggers nor foreign keys hold back."""
    with database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield session


class Intruder:
    """Commits one crime at a place that is drawn, with the log's key in hand."""

    def __init__(self, session: Session, draw: random.Random, backups: Sequence[Backup], key: PrivateKey) -> None:
        """`backups` are older states of the same log."""
        self._session, self._draw, self._backups, self._key = session, draw, backups, key
        self._events = list(session.scalars(select(ENTRIES.c.event_id).order_by(ENTRIES.c.sequence)))

    def commit(self, crime: Crime, cover: Cover) -> int | None:
        """Rewrite history, and return the first event that is not what it was, where the hashes still tell."""
        deeds: Mapping[Crime, Callable[[], int | None]] = {
            Crime.CHANGE: self._change,
            Crime.DELETE: self._delete,
            Crime.INSERT: self._insert,
            Crime.REORDER: self._reorder,
            Crime.TRUNCATE: self._truncate,
            Crime.ROLL_BACK: self._roll_back,
        }
        first = deeds[crime]()
        if cover is Cover.NONE:
            return first
        self._go_on(self._draw.choice((0, 5, 300)))
        self._rebuild()
        if cover is Cover.SIGNED:
            self._run("DELETE FROM checkpoints")
            checkpoints.sign(self._session, lambda: self._key)
        return None

    def _change(self) -> int:
        place = self._place()
        change = self._draw.choice(
            (
                "actor = 'user:' || gen_random_uuid()",
                "kind = 'print_issued'",
                "application_id = gen_random_uuid()",
                """details = details || '{"verdict": "approved"}'""",
                "created_at = created_at + interval '1 microsecond'",
                "details = '{}'",
            )
        )
        self._run(f"UPDATE events SET {change} WHERE id = :id", id=self._events[place])  # noqa: S608
        return place

    def _delete(self) -> int:
        place = self._place()
        gone = self._events[place : place + self._draw.randint(1, 5)]
        self._run("DELETE FROM events WHERE id = ANY(:ids)", ids=gone)
        self._events = [event for event in self._events if event not in gone]
        return place

    def _insert(self) -> int:
        """Slip a decision in that nobody made, right before another event and as old as it."""
        place = self._place()
        beside = self._events[place]
        forged = UUID(int=beside.int - 1)
        self._run(
            "INSERT INTO events (id, kind, actor, application_id, details, created_at, txid) SELECT :forged,"
            " 'decision_made', 'policy:default@3', gen_random_uuid(), :details, created_at, txid"
            " FROM events WHERE id = :beside",
            forged=forged,
            details=json.dumps({"verdict": "approved", "reasons": []}),
            beside=beside,
        )
        self._events.insert(place, forged)
        return place

    def _reorder(self) -> int:
        one, other = sorted(self._draw.sample(range(len(self._events)), 2))
        events = self._events
        events[one], events[other] = events[other], events[one]
        for place in (one, other):  # by way of an id of nobody's, because each event has one place
            self._run("UPDATE log_entries SET event_id = :id WHERE sequence = :place", id=UUID(int=place), place=place)
        for place in (one, other):
            self._run("UPDATE log_entries SET event_id = :id WHERE sequence = :place", id=events[place], place=place)
        return one

    def _truncate(self) -> int:
        place = self._place()
        self._run("DELETE FROM events WHERE id = ANY(:ids)", ids=self._events[place:])
        self._events = self._events[:place]
        return place

    def _roll_back(self) -> None:
        self._draw.choice(self._backups).put_back(self._session)
        self._events = list(self._session.scalars(select(ENTRIES.c.event_id).order_by(ENTRIES.c.sequence)))

    def _go_on(self, count: int) -> None:
        """Let new events follow, until the log may be longer than it was."""
        for _ in range(count):
            self._events.append(uuid4())
            audit.append(self._session, EventKind.SIGNED_IN, "user:later", event_id=self._events[-1])

    def _rebuild(self) -> None:
        """Log what stands in the table now, in its new order, as if it had never been otherwise."""
        rows = {row.id: row for row in self._session.execute(select(*LEAF_COLUMNS, EVENTS.c.txid))}
        hashes = [leaf_hash(leaf_of(rows[event])) for event in self._events]
        self._run("DELETE FROM log_entries")
        self._run("DELETE FROM log_nodes")
        entries = [
            {"sequence": place, "event_id": event, "txid": rows[event].txid, "leaf_hash": hashes[place]}
            for place, event in enumerate(self._events)
        ]
        nodes = [asdict(node) for node in Edge(0, []).extend(hashes)]
        for table, made in ((ENTRIES, entries), (NODES, nodes)):
            if made:
                self._session.execute(insert(table), made)

    def _place(self) -> int:
        return self._draw.randrange(len(self._events))

    def _run(self, statement: str, **values: object) -> None:
        self._session.execute(text(statement), values)
