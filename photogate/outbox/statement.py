"""Leaving messages by the statement that writes their cause, at no round trip of their own."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import CTE, ScalarSelect, func, insert, select

from photogate.database import given, parameters, table_of
from photogate.outbox.tables import Message, WebhookEndpoint

_MESSAGES, _ENDPOINTS = table_of(Message), table_of(WebhookEndpoint)


def left_for(client: ScalarSelect[str]) -> CTE:
    """A message for every endpoint of a client; the statement takes `message` beside its own parameters.

    The endpoints are held, so that one that is removed meanwhile takes these messages along too.
    """
    live = (_ENDPOINTS.c.client == client, _ENDPOINTS.c.ended_at.is_(None))
    told = select(func.gen_random_uuid(), _ENDPOINTS.c.id, *given(_MESSAGES, "kind", "payload")).where(*live)
    columns = ["id", "endpoint_id", "kind", "payload"]
    return insert(_MESSAGES).from_select(columns, told.with_for_update(read=True, of=_ENDPOINTS)).cte("left_for")


def message(kind: str, data: Mapping[str, object]) -> dict[str, object]:
    """What is told, as parameters of a statement with `left_for`."""
    payload = {"type": kind, "timestamp": datetime.now(UTC).isoformat(), "data": dict(data)}
    return parameters(_MESSAGES, {"kind": kind, "payload": payload})
