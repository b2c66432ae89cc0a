"""The addresses at which clients want to be told."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from photogate.applicants.master_keys import Kms
from photogate.applicants.sealing import DataKey
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.errors import Conflict, NotFound
from photogate.outbox import secrets
from photogate.outbox.addresses import checked_url
from photogate.outbox.tables import Message, WebhookEndpoint


class Added(NamedTuple):
    """A new endpoint, and the secret that nobody is shown again."""

    id: UUID
    secret: str


class Standing(NamedTuple):
    """An endpoint and what became of its messages."""

    endpoint: WebhookEndpoint
    waiting: int
    given_up: int


def add(session: Session, kms: Kms, client: str, url: str, *, allow_private: bool, actor: str) -> Added:
    """Tell `client` at `url` from now on; its secret is shown once, by whoever calls this.

    Raises AddressRefused, KeyMissing, Conflict when the client is told there already.
    """
    checked_url(url, allow_private=allow_private)
    here = (WebhookEndpoint.client == client, WebhookEndpoint.url == url, WebhookEndpoint.ended_at.is_(None))
    if session.scalar(select(WebhookEndpoint.id).where(*here)):
        raise Conflict("This client has a webhook with this address already.")
    endpoint_id, secret = new_id(), DataKey.new()
    kept = secrets.sealed(kms, endpoint_id, secret)
    session.add(
        WebhookEndpoint(
            id=endpoint_id, client=client, url=url, sealed_secret=kept.wrapped, master_key_id=kept.master_key_id
        )
    )
    session.flush()
    # The host alone: the rest of an address may be meant as a secret.
    host = urlsplit(url).hostname
    audit.append(session, EventKind.WEBHOOK_ADDED, actor, endpoint=str(endpoint_id), client=client, host=host)
    return Added(endpoint_id, secrets.written(secret))


def remove(session: Session, endpoint_id: UUID, *, actor: str) -> None:
    """Send nothing to this endpoint any more, what waits for it included; raises NotFound."""
    ended = session.scalar(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.id == endpoint_id, WebhookEndpoint.ended_at.is_(None))
        .values(ended_at=func.now(), sealed_secret=None, master_key_id=None)
        .returning(WebhookEndpoint.client)
    )
    if ended is None:
        raise NotFound("There is no such webhook.")
    waiting = (Message.endpoint_id == endpoint_id, Message.due_at.is_not(None))
    session.execute(update(Message).where(*waiting).values(due_at=None, given_up_at=func.now()))
    audit.append(session, EventKind.WEBHOOK_REMOVED, actor, endpoint=str(endpoint_id), client=ended)


def standings(session: Session) -> Sequence[Standing]:
    """Every endpoint in use, oldest first, with how many messages wait and how many were given up."""
    waiting = func.count().filter(Message.due_at.is_not(None))
    given_up = func.count().filter(Message.given_up_at.is_not(None))
    found = session.execute(
        select(WebhookEndpoint, waiting, given_up)
        .outerjoin(Message, Message.endpoint_id == WebhookEndpoint.id)
        .where(WebhookEndpoint.ended_at.is_(None))
        .group_by(WebhookEndpoint.id)
        .order_by(WebhookEndpoint.created_at, WebhookEndpoint.id)
    )
    return [Standing(*row) for row in found]
