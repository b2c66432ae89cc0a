"""What auditors and case pages ask of the event log."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from photogate.audit.tables import Event


def history(session: Session, application_id: UUID) -> Sequence[Event]:
    """Every event of one application, oldest first."""
    return session.scalars(
        select(Event).where(Event.application_id == application_id).order_by(Event.created_at, Event.id)
    ).all()
