"""Days that are over are counted once, so that statistics over years need not read every decision again."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

_UNCOUNTED = text("""
    SELECT day::date FROM generate_series(
        (SELECT min(created_at) AT TIME ZONE 'UTC' FROM decisions)::date,
        (clock_timestamp() AT TIME ZONE 'UTC')::date - 1,
        '1 day'
    ) AS day
    EXCEPT SELECT day FROM tallied_days
    ORDER BY day LIMIT :most
""")
_COUNT = text("SELECT tally_day(:day)")


def uncounted(session: Session, *, most: int) -> Sequence[date]:
    """The first days, in UTC, that are over and not counted."""
    return session.scalars(_UNCOUNTED, {"most": most}).all()


def count(session: Session, day: date) -> None:
    """Count a day that is over; waits for whoever is just adding a decision to that very day."""
    session.execute(_COUNT, {"day": day})
