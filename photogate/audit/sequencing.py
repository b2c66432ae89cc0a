"""Giving events their place in the log, in batches, so that nobody who writes one waits for another."""

from dataclasses import asdict

from sqlalchemy import bindparam, func, insert, select, tuple_
from sqlalchemy.orm import Session

from photogate.audit.log import EMPTY, ENTRIES, EVENTS, LEAF_COLUMNS, NODES, Head, StoredLog, head, leaf_of
from photogate.audit.tree import leaf_hash
from photogate.errors import PhotogateError

SEQUENCER = 0x70686C6F67
"""The advisory lock of the one who gives out places."""

_HORIZON = func.log_txid(func.pg_snapshot_xmin(func.pg_current_snapshot()))
"""Every transaction below has ended, so that no event can still appear before one that is below."""

_IS_ALONE = select(func.pg_try_advisory_xact_lock(SEQUENCER))
_NEXT = (
    select(*LEAF_COLUMNS, EVENTS.c.txid)
    .where(
        tuple_(EVENTS.c.txid, EVENTS.c.id) > tuple_(bindparam("txid"), bindparam("event_id")),
        EVENTS.c.txid < _HORIZON,
    )
    .order_by(EVENTS.c.txid, EVENTS.c.id)
    .limit(bindparam("most"))
)
_APPEND, _KEEP = insert(ENTRIES), insert(NODES)


class LogStalled(PhotogateError):
    """The database's transaction counter went back, so that new events would never be logged."""

    status, code, title = 500, "LOG_STALLED", "New events cannot be logged"


def sequence(session: Session, *, most: int) -> int:
    """Log up to `most` of the events whose transactions have ended; returns how many.

    None while another sequencer is at it. Raises LogStalled, LogBroken, Unloggable.
    """
    if not session.scalar(_IS_ALONE):
        return 0
    last = head(session)
    _require_a_counter_that_goes_on(session, last)
    events = session.execute(_NEXT, {"txid": last.txid, "event_id": last.event_id, "most": most}).all()
    if not events:
        return 0
    hashes = [leaf_hash(leaf_of(event)) for event in events]
    edge = StoredLog(session).edge(last.size)
    finished = [asdict(node) for node in edge.extend(hashes)]
    session.execute(
        _APPEND,
        [
            {"sequence": place, "event_id": event.id, "txid": event.txid, "leaf_hash": hashed}
            for place, (event, hashed) in enumerate(zip(events, hashes, strict=True), last.size)
        ],
    )
    if finished:
        session.execute(_KEEP, finished)
    return len(events)


def _require_a_counter_that_goes_on(session: Session, last: Head) -> None:
    """A dump restored on another server begins with a low counter: its new events would sort before the old ones."""
    horizon = session.scalar(select(_HORIZON))
    if last != EMPTY and (horizon is None or horizon <= last.txid):
        raise LogStalled(
            f"The database counts transactions from {horizon} on, but has logged one numbered {last.txid}: "
            "it was restored on another server; run `photogate audit rebase`."
        )
