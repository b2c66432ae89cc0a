"""Adding to the event log, inside the transaction of what it tells of."""

from uuid import UUID

from sqlalchemy import CTE, insert, select
from sqlalchemy.orm import Session

from photogate.audit.tables import Event, EventKind
from photogate.database import given, new_id, parameters, table_of

_EVENTS = table_of(Event)
_APPEND = insert(_EVENTS)
_COLUMNS = ("id", "kind", "actor", "application_id", "details")


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


def told_by(cause: CTE) -> CTE:
    """An event for each row of `cause`, written by the same statement: every photo saves the way to the database.

    The statement takes `event` beside its own parameters.
    """
    return insert(_EVENTS).from_select(_COLUMNS, select(*given(_EVENTS, *_COLUMNS)).select_from(cause)).cte("told")


def event(kind: EventKind, actor: str, application_id: UUID, **details: object) -> dict[str, object]:
    """What `append` is given, as parameters of a statement with `told_by`."""
    return parameters(_EVENTS, dict(zip(_COLUMNS, (new_id(), kind, actor, application_id, details), strict=True)))
