"""An event as the log signs it: canonical JSON (RFC 8785), one form for one content."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
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
        "details": json.loads(details, parse_int=float),
        "created_at": created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    try:
        return rfc8785.dumps(event)  # type: ignore[arg-type]  # what JSON gave, JSON takes
    except rfc8785.CanonicalizationError as error:
        raise Unloggable(f"Event {id} holds a number that canonical JSON cannot hold.") from error
