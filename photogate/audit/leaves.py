"""An event as the log signs it: canonical JSON (RFC 8785), one form for one content."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NoReturn
from uuid import UUID

import rfc8785

from photogate.errors import PhotogateError


class Unloggable(PhotogateError):
    """An event that has no canonical form; nothing that comes after it can be logged."""

    status, code, title = 500, "EVENT_UNLOGGABLE", "An event cannot be logged"


def leaf(*, id: UUID, kind: str, actor: str, application_id: UUID | None, details: str, created_at: datetime) -> bytes:  # noqa: A002 - the column's name
    """The bytes of one event that are hashed; `details` is JSON text, its numbers doubles, as RFC 8785 reads them.

    Raises Unloggable for a number that no double holds.
    """
    event: Mapping[str, object] = {
        "id": str(id),
        "kind": kind,
        "actor": actor,
        "application_id": application_id and str(application_id),
        "created_at": created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    return _of_plain_words(event, details) or _of_anything(event, details)


class _NumberFound(Exception):
    """There is a number, and RFC 8785 has rules of its own for writing it."""


def _stop(_number: str) -> NoReturn:
    raise _NumberFound


_READ = json.JSONDecoder(parse_int=_stop, parse_float=_stop).decode
_WRITE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _of_plain_words(event: Mapping[str, object], details: str) -> bytes | None:
    """The same bytes in a third of the time, for an event without numbers and without letters beyond ASCII."""
    try:
        written = _WRITE({**event, "details": _READ(details)})
    except _NumberFound:
        return None
    return written.encode() if written.isascii() else None


def _of_anything(event: Mapping[str, object], details: str) -> bytes:
    try:
        return rfc8785.dumps({**event, "details": json.loads(details, parse_int=float)})  # type: ignore[dict-item]  # what JSON gave, JSON takes
    except rfc8785.CanonicalizationError as error:
        raise Unloggable(f"Event {event['id']} holds a number that canonical JSON cannot hold.") from error
