"""Idempotency keys: a request that comes again gets its first answer, for 24 hours."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from photogate.applications.tables import IdempotencyKey
from photogate.errors import Conflict, Unprocessable

LIVES = timedelta(hours=24)
ABANDONED_AFTER = timedelta(seconds=60)
RETRY_AFTER_S = 2


class StillRunning(Conflict):
    """The first request with this key has not been answered yet."""

    code, title = "IDEMPOTENCY_KEY_IN_USE", "The first request with this idempotency key is still running"


class KeyReused(Unprocessable):
    """The key was used for something else."""

    code, title = "IDEMPOTENCY_KEY_REUSED", "This idempotency key belongs to another request"


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer that the first request got."""

    status: int
    headers: dict[str, Any]
    body: dict[str, Any]


def begin(session: Session, client: str, key: str, request_sha256: str) -> KeptAnswer | None:
    """Take the key for this request, or return the answer it already got.

    Raises KeyReused for another request's key and StillRunning while the first is not answered; a first request that
    died without an answer is given up after a minute. The caller commits at once, so that a second request sees it.
    """
    _forget_old(session, client, key)
    taken = session.execute(
        insert(IdempotencyKey)
        .values(client=client, key=key, request_sha256=request_sha256)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    ).first()
    if taken is not None:
        return None
    return _kept(session, client, key, request_sha256)


def _kept(session: Session, client: str, key: str, request_sha256: str) -> KeptAnswer:
    kept = session.scalar(select(IdempotencyKey).where(IdempotencyKey.client == client, IdempotencyKey.key == key))
    if kept is not None and kept.request_sha256 != request_sha256:
        raise KeyReused("The idempotency key was used for a request with another content.")
    if kept is None or kept.status is None:
        raise StillRunning("The first request with this idempotency key is still running; ask again in two seconds.")
    return KeptAnswer(kept.status, kept.headers or {}, kept.body or {})


def _forget_old(session: Session, client: str, key: str) -> None:
    abandoned = IdempotencyKey.status.is_(None) & (IdempotencyKey.created_at < func.now() - ABANDONED_AFTER)
    session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.client == client,
            IdempotencyKey.key == key,
            abandoned | (IdempotencyKey.created_at < func.now() - LIVES),
        )
    )


def answer(session: Session, client: str, key: str, kept: KeptAnswer) -> None:
    """Keep the answer, in the same transaction as what it tells of."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.client == client, IdempotencyKey.key == key)
        .values(status=kept.status, headers=kept.headers, body=kept.body)
    )


def forget(session: Session, client: str, key: str) -> None:
    """Free the key of a request that was not carried out; an answer that was kept stays, whatever failed after it."""
    session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.client == client, IdempotencyKey.key == key, IdempotencyKey.status.is_(None)
        )
    )
