"""Messages to clients: written with their cause, claimed by whoever sends, settled by what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import Session

from photogate.applicants.master_keys import Kms, WrappedKey
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.outbox import secrets
from photogate.outbox.tables import Message, WebhookEndpoint

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1 / 12, 5, 30, 120, 300, 600, 840, 1200, 1440))
"""What follows each failure: ten attempts over a little more than three days, as Standard Webhooks proposes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One claimed message; `attempt` must still be the row's for an outcome to be written."""

    message_id: UUID
    attempt: int
    url: str
    secret: str = field(repr=False)
    payload: dict[str, Any]


def tell(session: Session, client: str | ScalarSelect[str], kind: str, data: Mapping[str, str]) -> None:
    """Leave a message for every endpoint of a client; it commits with its cause or not at all."""
    live = (WebhookEndpoint.client == client, WebhookEndpoint.ended_at.is_(None))
    payload = {"type": kind, "timestamp": datetime.now(UTC).isoformat(), "data": dict(data)}
    # Held, so that an endpoint that is removed meanwhile takes these messages along too.
    for endpoint_id in session.scalars(select(WebhookEndpoint.id).where(*live).with_for_update(read=True)):
        session.add(Message(endpoint_id=endpoint_id, kind=kind, payload=payload))


def claim(session: Session, kms: Kms, *, lease: timedelta, limit: int) -> Sequence[Delivery]:
    """Take messages that are due; each is due again after `lease`, so that a sender that dies loses none.

    Raises KeyMissing, SealBroken.
    """
    due = (
        select(Message.id)
        .where(Message.due_at <= func.now())
        .order_by(Message.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte()  # runs once whatever the planner thinks; a subquery may run again and take more than `limit`
    )
    taken = session.execute(
        update(Message)
        .where(Message.id.in_(select(due.c.id)), WebhookEndpoint.id == Message.endpoint_id)
        .values(attempts=Message.attempts + 1, due_at=func.now() + lease)
        .returning(Message.id, Message.attempts, Message.payload, WebhookEndpoint)
        .execution_options(synchronize_session=False)
    )
    return [_delivery(kms, *row) for row in taken]


def _delivery(kms: Kms, message_id: UUID, attempt: int, payload: dict[str, Any], to: WebhookEndpoint) -> Delivery:
    kept = WrappedKey(to.master_key_id or "", to.sealed_secret or b"")
    return Delivery(message_id, attempt, to.url, secrets.written(secrets.opened(kms, to.id, kept)), payload)


def delivered(session: Session, delivery: Delivery) -> None:
    """The endpoint took it; nothing changes when somebody else has claimed the message since."""
    _settle(session, delivery, due_at=None, delivered_at=func.now(), last_failure=None)


def failed(session: Session, delivery: Delivery, why: str) -> None:
    """Try again later, or give the message up after the last attempt, which is an event."""
    if delivery.attempt <= len(PAUSES):
        pause = PAUSES[delivery.attempt - 1]
        _settle(session, delivery, due_at=func.now() + pause, last_failure=why)
    elif _settle(session, delivery, due_at=None, given_up_at=func.now(), last_failure=why):
        audit.append(session, EventKind.WEBHOOK_GIVEN_UP, "system", message=str(delivery.message_id), failure=why)


def _settle(session: Session, delivery: Delivery, **values: object) -> bool:
    ours = (Message.id == delivery.message_id, Message.attempts == delivery.attempt, Message.due_at.is_not(None))
    written = session.scalar(update(Message).where(*ours).values(**values).returning(Message.id))
    return written is not None
