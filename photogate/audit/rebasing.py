"""Having a database that was restored on another server count its transactions on from where it was."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from photogate.audit.log import head

_HOLD_WRITERS = "SET LOCAL statement_timeout = 0; LOCK TABLE events IN EXCLUSIVE MODE"
_COUNTER = text("""
SELECT log_txid(pg_snapshot_xmin(pg_current_snapshot())) AS horizon,
       log_txid(pg_current_xact_id()) - pg_current_xact_id()::text::bigint AS base,
       greatest((SELECT max(txid) FROM events), (SELECT max(txid) FROM log_entries)) AS highest
""")
_COUNT_ON = """
CREATE OR REPLACE FUNCTION log_txid(xid8) RETURNS bigint LANGUAGE sql STABLE
AS 'SELECT ($1::text)::bigint + {base:d}'
"""
_MOVE_LATECOMERS = text("""
UPDATE events SET txid = txid - :old_base + :base
WHERE txid <= :last AND NOT EXISTS (SELECT FROM log_entries WHERE event_id = events.id)
""")


def rebase(session: Session) -> int | None:
    """Let transactions count on above every one that is on record, and move the events that were written meanwhile.

    For the tables' owner. Returns how many events were moved, None when nothing had to be done.
    """
    session.execute(text(_HOLD_WRITERS))
    last, counter = head(session), session.execute(_COUNTER).one()
    if counter.horizon > last.txid:
        return None
    session.execute(text(_COUNT_ON.format(base=counter.highest)))
    moved = session.execute(_MOVE_LATECOMERS, {"old_base": counter.base, "base": counter.highest, "last": last.txid})
    return int(moved.rowcount)  # type: ignore[attr-defined]  # a CursorResult, as of every UPDATE
