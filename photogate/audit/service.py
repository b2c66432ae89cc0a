"""Adding to the event log, inside the transaction of what it tells of."""

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from photogate.audit.tables import Event, EventKind
from photogate.database import table_of

_APPEND = insert(table_of(Event))


def append(
    session: Session, kind: EventKind, actor: str, *, application_id: UUID | None = None, **details: object
) -> None:
    """Record that `actor` did `kind`; it commits with its cause or not at all.

    Actors are written `client:NAME`, `user:ID`, `policy:NAME@VERSION` or `system`.
    """
    session.execute(_APPEND, {"kind": kind, "actor": actor, "application_id": application_id, "details": details})
