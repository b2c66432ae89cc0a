"""An export of the log: a folder that proves itself, with nothing but the log's public key."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, null, select, tuple_
from sqlalchemy.orm import Session

from photogate.audit.checkpoints import CHECKPOINTS, COSIGNATURES, last_signed
from photogate.audit.log import ENTRIES, EVENTS, LEAF_COLUMNS, leaf_of
from photogate.audit.notes import PublicKey
from photogate.database import Database
from photogate.errors import Conflict, NotFound

EVENTS_FILE, HASHES_FILE, CHECKPOINTS_FILE, KEY_FILE = "events.ndjson", "hashes.bin", "checkpoints.txt", "key.pub"
BATCH = 5_000

_SLICE = (
    select(*LEAF_COLUMNS, ENTRIES.c.leaf_hash, ENTRIES.c.txid, ENTRIES.c.event_id, EVENTS.c.txid.label("own_txid"))
    .outerjoin_from(ENTRIES, EVENTS, EVENTS.c.id == ENTRIES.c.event_id)
    .where(ENTRIES.c.sequence >= bindparam("start"), ENTRIES.c.sequence < bindparam("end"))
    .order_by(ENTRIES.c.sequence)
)
_BETWEEN = (
    tuple_(EVENTS.c.txid, EVENTS.c.id) > tuple_(bindparam("after_txid"), bindparam("after_id")),
    tuple_(EVENTS.c.txid, EVENTS.c.id) < tuple_(bindparam("txid"), bindparam("id")),
)
_HOW_MANY = select(func.count()).where(*_BETWEEN)
_STRAYS = (
    select(*LEAF_COLUMNS, null().label("leaf_hash"), EVENTS.c.txid, EVENTS.c.id.label("event_id"))
    .outerjoin(ENTRIES, ENTRIES.c.event_id == EVENTS.c.id)
    .where(ENTRIES.c.sequence.is_(None), *_BETWEEN)
    .order_by(EVENTS.c.txid, EVENTS.c.id)
)
"""Events between two that are logged, and not logged themselves: the sequencer leaves none, so they were slipped in."""

_WITNESSED = (
    select(func.string_agg(COSIGNATURES.c.line + "\n", ""))
    .where(COSIGNATURES.c.size == CHECKPOINTS.c.size)
    .correlate(CHECKPOINTS)
    .scalar_subquery()
)
_NOTES = (
    select(CHECKPOINTS.c.size, (CHECKPOINTS.c.note + func.coalesce(_WITNESSED, "")).label("note"))
    .where(CHECKPOINTS.c.size > bindparam("after"), CHECKPOINTS.c.size <= bindparam("size"))
    .order_by(CHECKPOINTS.c.size)
    .limit(BATCH)
)

Place = tuple[int, UUID]
"""An event's place among all that happened: its transaction and its id."""

_BEFORE_ALL: Place = (-(2**63), UUID(int=0))

Progress = Callable[[int, int], object]
"""Told how many events are done, of how many."""


def export(database: Database, folder: Path, key: PublicKey, told: Progress) -> int:
    """Write the log up to its last checkpoint into a new folder; returns how many events it holds.

    Events that are gone from the database are left out, and those that were slipped in stand where they pretend to
    belong, for `verify` to find. Raises Conflict where the folder exists, NotFound while there is no checkpoint,
    Unloggable.
    """
    with database.transaction() as session:
        signed = last_signed(session)
    if signed is None:
        raise NotFound("There is no checkpoint yet, and so nothing that an export could prove.")
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise Conflict(f"{folder} exists already; an export is never mixed with another.") from error
    (folder / KEY_FILE).write_text(f"{key}\n", "utf-8")
    _write_events(database, folder, signed.size, told)
    # The checkpoints come last: an export that was cut off has none, and cannot pass for a whole one.
    _write_checkpoints(database, folder, signed.size)
    return signed.size


def events(database: Database, first: int, end: int) -> Iterator[bytes]:
    """The events with these numbers in pieces, canonical JSON on a line each; one that is gone is left out.

    Raises Unloggable.
    """
    for start in range(first, end, BATCH):
        with database.transaction() as session:
            rows = session.execute(_SLICE, {"start": start, "end": min(start + BATCH, end)}).all()
        yield b"".join(leaf_of(row) + b"\n" for row in rows if row.id is not None)


def _write_events(database: Database, folder: Path, size: int, told: Progress) -> None:
    after = _BEFORE_ALL
    with (folder / EVENTS_FILE).open("wb") as events, (folder / HASHES_FILE).open("wb") as hashes:
        for start in range(0, size, BATCH):
            end = min(start + BATCH, size)
            with database.transaction() as session:
                rows = session.execute(_SLICE, {"start": start, "end": end}).all()
                for row in heapq.merge(rows, _strays(session, after, rows), key=_place):
                    hashes.write(row.leaf_hash or b"")
                    if row.id is not None:
                        events.write(leaf_of(row) + b"\n")
            after = _place(rows[-1]) if rows else after
            told(end, size)


def _strays(session: Session, after: Place, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """They are looked for only where more happened than was logged: counting reads an index and nothing else."""
    if not rows:
        return []
    (after_txid, after_id), (txid, last) = after, _place(rows[-1])
    between = {"after_txid": after_txid, "after_id": after_id, "txid": txid, "id": last}
    logged = sum(row.id is not None and after < (row.own_txid, row.id) < (txid, last) for row in rows)
    is_whole = session.scalars(_HOW_MANY, between).one() == logged
    return [] if is_whole else session.execute(_STRAYS, between).all()


def _place(row: Row[Any]) -> Place:
    return row.txid, row.event_id


def _write_checkpoints(database: Database, folder: Path, size: int) -> None:
    after = 0
    with (folder / CHECKPOINTS_FILE).open("w", encoding="utf-8") as file:
        while after < size:
            with database.transaction() as session:
                after = _write_some_checkpoints(session, file.write, after, size)


def _write_some_checkpoints(session: Session, write: Callable[[str], object], after: int, size: int) -> int:
    for row in session.execute(_NOTES, {"after": after, "size": size}):
        write(row.note + "\n")
        after = row.size
    return after
