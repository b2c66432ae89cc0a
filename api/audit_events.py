"""The whole log as a stream, in the form that `photogate audit verify` reads."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.authentication import Auditor
from api.connections import Connected
from api.openapi import problems
from photogate.audit import exports
from photogate.audit import service as audit
from photogate.audit.checkpoints import last_signed
from photogate.audit.tables import EventKind
from photogate.errors import NotFound

router = APIRouter(prefix="/v1/audit/events", tags=["Audit"])


@router.get(
    "",
    summary="Every event of the log",
    response_class=StreamingResponse,
    response_description="NDJSON: each event as canonical JSON (RFC 8785), in the order of the log",
    responses=problems(401, 403, 404, 422, 503),
)
def stream_events(
    client: Auditor, connected: Connected, first: Annotated[int, Query(alias="from", ge=0)] = 0
) -> StreamingResponse:
    """From the event with this number up to the last checkpoint, to which `Link` leads.

    From 0 on, kept as `events.ndjson` beside that checkpoint as `checkpoints.txt` and the log's key as `key.pub`, it is
    a folder that `photogate audit verify` proves. That it was asked for is recorded.
    """
    with connected.database.transaction() as session:
        signed = last_signed(session)
        if signed is None:
            raise NotFound("There is no checkpoint yet, and so nothing that an export could prove.")
        audit.append(session, EventKind.AUDIT_QUERIED, client.actor, events={"from": first, "to": signed.size})
    headers = {
        "Content-Disposition": 'attachment; filename="events.ndjson"',
        "Link": f'</v1/audit/checkpoint?size={signed.size}>; rel="describedby"',
    }
    lines = exports.events(connected.database, first, signed.size)
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)
