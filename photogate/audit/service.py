"""Adding to the event log, inside the transaction of what it tells of."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from photogate.audit.tables import Event, EventKind


def append(
    session: Session, kind: EventKind, actor: str, *, application_id: UUID | None = None, **details: Any
) -> None:
    """Record that `actor` (`client:…`, `user:…`, `policy:…` or `system`) did `kind`; commits with its cause or not at all."""
    session.add(Event(kind=kind, actor=actor, application_id=application_id, details=details))
