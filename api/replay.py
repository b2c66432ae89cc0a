"""A request that comes again with the same idempotency key gets its first answer, and nothing happens twice."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from photogate.applications import idempotency
from photogate.applications.idempotency import KeptAnswer
from photogate.database import Database

Keep = Callable[[Session, KeptAnswer], None]
"""Keeps an answer in the transaction of what it tells of."""

Again = Callable[[Session, KeptAnswer], KeptAnswer]
"""Makes a kept answer whole: what is personal is never kept with it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A request that its client gave a key, which is known by its digest alone."""

    client: str
    key: str
    request_sha256: str


def once(database: Database, named: Named | None, act: Callable[[Keep], KeptAnswer], again: Again) -> JSONResponse:
    """Carry `act` out and answer, unless the request named so was answered before: then that answer again.

    Raises StillRunning and KeyReused. A request that is refused or fails frees its key: nothing was done, so the next
    attempt may be another one.
    """
    if named is None:
        return _response(act(lambda _session, _answer: None))
    with database.transaction() as session:
        earlier = idempotency.begin(session, named.client, named.key, named.request_sha256)
        earlier = earlier and again(session, earlier)
    if earlier is not None:
        return _response(earlier, {"Idempotent-Replayed": "true"})
    return _response(_first(database, named, act))


def _first(database: Database, named: Named, act: Callable[[Keep], KeptAnswer]) -> KeptAnswer:
    def keep(session: Session, answer: KeptAnswer) -> None:
        idempotency.answer(session, named.client, named.key, answer)

    try:
        return act(keep)
    except BaseException:
        with suppress(SQLAlchemyError), database.transaction() as session:  # else the key is given up after a minute
            idempotency.forget(session, named.client, named.key)
        raise


def _response(kept: KeptAnswer, more: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(kept.body, kept.status, headers={**kept.headers, **(more or {})})
