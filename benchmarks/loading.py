"""Loading a long history by COPY: rows, index of words, log and checkpoints as the application would have left them.

Indexes and keys are built once all rows are there, which checks them too. What triggers write, they write here too.
The log is hashed by the application's own code, and signed as often as it would be at twenty decisions a second.
"""

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from operator import attrgetter
from types import NoneType
from typing import Any
from uuid import UUID

from psycopg2 import extensions

from benchmarks.stories import COLUMNS, Entry, setting, stories
from photogate.audit.leaves import leaf
from photogate.audit.notes import PrivateKey
from photogate.audit.statement import Statement
from photogate.audit.tiles import Edge
from photogate.audit.tree import Frontier, leaf_hash

STORIES_A_BATCH = 5_000
EVENTS_A_CHECKPOINT = 24

Rows = Mapping[str, Sequence[Sequence[object]]]
"""Rows by their table."""

LOG_COLUMNS = {
    "log_entries": "sequence, event_id, txid, leaf_hash",
    "log_nodes": "height, index, hash",
    "checkpoints": "size, root, note, created_at",
}

_EVENT = COLUMNS["events"].split(", ")

CONSTRAINTS = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'p', 'u')
    ORDER BY contype = 'f' DESC
"""
"""Foreign keys first, because the others cannot go before them."""

INDEXES = """
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
"""


def load(cursor: extensions.cursor, decisions: int, key: PrivateKey, told: Callable[[int], object]) -> None:
    """Write a year with so many decisions into an empty database, as its superuser; `told` how many there are."""
    log, loaded = _Log(key), 0
    with _bare(cursor):
        for batch in _ahead(_batches(decisions)):
            _write(cursor, batch, log)
            loaded += len(batch["decisions"])
            told(loaded)
    cursor.execute("VACUUM (ANALYZE)")
    cursor.execute("CHECKPOINT")


@contextmanager
def _bare(cursor: extensions.cursor) -> Iterator[None]:
    """Take every index and key off the tables for the block, and build them again over what lies there then."""
    taken = [*_definitions(cursor, CONSTRAINTS), *_definitions(cursor, INDEXES)]
    for drop, _ in taken:
        cursor.execute(drop)
    yield
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for _, build in reversed(taken):
        cursor.execute(build)


def _definitions(cursor: extensions.cursor, question: str) -> list[tuple[str, str]]:
    cursor.execute(question)
    return [(drop, build) for drop, build in cursor.fetchall()]


def _batches(decisions: int) -> Iterator[Rows]:
    told = stories(decisions)
    yield _by_table(setting())
    while batch := list(islice(told, STORIES_A_BATCH)):
        yield _by_table(entry for story in batch for entry in story)


def _by_table(entries: Iterable[Entry]) -> Rows:
    rows: dict[str, list[Sequence[object]]] = defaultdict(list)
    for table, row in entries:
        rows[table].append(row)
    return rows


def _ahead(batches: Iterator[Rows]) -> Iterator[Rows]:
    """Make the next batch while the database takes this one."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = beside.submit(next, batches, None)
            yield batch


def _write(cursor: extensions.cursor, rows: Rows, log: "_Log") -> None:
    """A batch is one transaction; its events stand in the log in the order of their ids, as the sequencer has it."""
    cursor.execute("BEGIN")
    cursor.execute("SELECT log_txid(pg_current_xact_id())")
    [(txid,)] = cursor.fetchall()
    for table, columns in COLUMNS.items():
        _copy(cursor, table, columns, rows.get(table, ()))
    for table, added in log.extended(rows["events"], txid).items():
        _copy(cursor, table, LOG_COLUMNS[table], added)
    cursor.execute("COMMIT")


class _Log:
    """The log as it grows: its right edge, the same again as a tree whose root is quick to tell, and its key."""

    def __init__(self, key: PrivateKey) -> None:
        self._key, self._edge, self._grown = key, Edge(0, []), Frontier()

    def extended(self, events: Sequence[Sequence[object]], txid: int) -> Rows:
        """The rows by which the log grows."""
        rows: dict[str, list[Sequence[object]]] = {table: [] for table in LOG_COLUMNS}
        in_order = iter(sorted(events))
        while some := list(islice(in_order, EVENTS_A_CHECKPOINT)):
            self._grow(rows, some, txid)
        return rows

    def _grow(self, rows: Mapping[str, list[Sequence[object]]], events: Sequence[Sequence[object]], txid: int) -> None:
        hashes = [leaf_hash(_leaf(*event)) for event in events]
        placed = zip(events, hashes, strict=True)
        rows["log_entries"] += [
            (place, event[0], txid, hashed) for place, (event, hashed) in enumerate(placed, self._edge.size)
        ]
        rows["log_nodes"] += [(node.height, node.index, node.hash) for node in self._edge.extend(hashes)]
        for hashed in hashes:
            self._grown.push(hashed)
        stated = Statement(self._key.name, self._grown.size, self._grown.root())
        note = f"{stated}\n{self._key.sign(str(stated))}"
        rows["checkpoints"].append((stated.size, stated.root, note.replace("\n", r"\n"), events[-1][-1]))


def _leaf(*event: Any) -> bytes:  # noqa: ANN401 - a row of events
    return leaf(**dict(zip(_EVENT, event, strict=True)))


def _copy(cursor: extensions.cursor, table: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    if rows:
        lines = "".join("\t".join(_WRITTEN[type(value)](value) for value in row) + "\n" for row in rows)
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(lines))


_WRITTEN: Mapping[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    UUID: attrgetter("hex"),
    bytes: lambda value: rf"\\x{value.hex()}",
    datetime: datetime.isoformat,
    NoneType: lambda _: r"\N",
}
"""Values in the text form of COPY; no text of this history but a checkpoint holds a line end, tab or backslash."""
