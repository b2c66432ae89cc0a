"""The log of events in the database: its head, its hashes, and the events in their order."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, select
from sqlalchemy.orm import Session

from photogate.audit.leaves import leaf
from photogate.audit.tables import Event, LogEntry, LogNode
from photogate.audit.tiles import Kept
from photogate.database import table_of
from photogate.errors import PhotogateError

EVENTS, ENTRIES, NODES = table_of(Event), table_of(LogEntry), table_of(LogNode)

LEAF_COLUMNS = (
    EVENTS.c.id,
    cast(EVENTS.c.kind, Text).label("kind"),  # also one that this version does not know
    EVENTS.c.actor,
    EVENTS.c.application_id,
    cast(EVENTS.c.details, Text).label("details"),
    EVENTS.c.created_at,
)
"""What the leaf of an event is made of, in the order of `leaf_of`."""

_HEAD = select(ENTRIES.c.sequence, ENTRIES.c.txid, ENTRIES.c.event_id).order_by(ENTRIES.c.sequence.desc()).limit(1)
_LEAF_HASHES = (
    select(ENTRIES.c.leaf_hash)
    .where(ENTRIES.c.sequence >= bindparam("start"), ENTRIES.c.sequence < bindparam("end"))
    .order_by(ENTRIES.c.sequence)
)
_NODE_HASHES = (
    select(NODES.c.hash)
    .where(NODES.c.height == bindparam("height"), NODES.c.index >= bindparam("start"), NODES.c.index < bindparam("end"))
    .order_by(NODES.c.index)
)


class LogBroken(PhotogateError):
    """Part of the log is gone or in disorder: somebody has been at the database."""

    status, code, title = 500, "LOG_BROKEN", "The event log is damaged"


class Head(NamedTuple):
    """The last event of the log and how many there are; the head of an empty log names none."""

    size: int
    txid: int
    event_id: UUID


EMPTY = Head(0, -1, UUID(int=0))


def head(session: Session) -> Head:
    """Where the log ends now."""
    found = session.execute(_HEAD).one_or_none()
    return Head(found.sequence + 1, found.txid, found.event_id) if found else EMPTY


class StoredLog(Kept):
    """The hashes of the log as the database keeps them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hashes(self, height: int, start: int, end: int) -> Sequence[bytes]:
        """The hashes of one row; raises LogBroken when the database does not have them all."""
        wanted = {"start": start, "end": end}
        asked = (_NODE_HASHES, {**wanted, "height": height}) if height else (_LEAF_HASHES, wanted)
        found = [bytes(hashed) for hashed in self._session.scalars(*asked)]
        if len(found) != end - start:
            raise LogBroken(f"Of the log's hashes {start} to {end - 1} at height {height}, some are gone.")
        return found


def leaf_of(row: Any) -> bytes:  # noqa: ANN401 - a row of LEAF_COLUMNS
    """The leaf of an event that was read with LEAF_COLUMNS; raises Unloggable."""
    return leaf(
        id=row.id,
        kind=row.kind,
        actor=row.actor,
        application_id=row.application_id,
        details=row.details,
        created_at=row.created_at,
    )
