"""Adding to the event log, inside the transaction of what it tells of."""

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from photogate.audit.tables import Event, EventKind
from photogate.database import new_id, table_of

_APPEND = insert(table_of(Event))


def append(
    session: Session,
    kind: EventKind,
    actor: str,
    *,
    application_id: UUID | None = None,
    event_id: UUID | None = None,
    **details: object,
) -> None:
    """Record that `actor` did `kind`; it commits with its cause or not at all.

    Actors are written `client:NAME`, `user:ID`, `policy:NAME@VERSION` or `system`. The event gets a new id unless
    `event_id` names one.
    """
    event = {"kind": kind, "actor": actor, "application_id": application_id, "details": details}
    session.execute(_APPEND, {"id": event_id or new_id(), **event})
