"""Releasing an approved photo for print, and saying what became of it."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.authentication import Printer
from api.body import read_json
from api.connections import Connected
from api.openapi import json_body, problems
from api.views import ReleaseRequest, ReleaseView
from photogate.access.keys import Client
from photogate.releases import service
from photogate.releases.tables import ReleaseState
from photogate.releases.token import Signer

router = APIRouter(prefix="/v1/print-releases", tags=["Print releases"])

_ENDS = problems(401, 403, 404, 409, 422, 503)


async def _wanted(request: Request, connected: Connected) -> ReleaseRequest:
    return await read_json(request, ReleaseRequest, connected.settings.upload_timeout_s)


@router.post(
    "",
    status_code=201,
    openapi_extra=json_body(ReleaseRequest),
    responses={
        200: {"model": ReleaseView, "description": "The release that was made before and still holds"},
        **problems(400, 401, 403, 404, 408, 409, 413, 415, 422, 503),
    },
)
def release(
    client: Printer, wanted: Annotated[ReleaseRequest, Depends(_wanted)], connected: Connected, response: Response
) -> ReleaseView:
    """Sign the release of an approved photo; 409 when no current decision approves exactly these bytes."""
    signer = Signer.load(connected.settings.signing_key_file)
    valid_for = timedelta(hours=connected.settings.release_hours)
    with connected.database.transaction() as session:
        released = service.release(
            session, signer, client, wanted.application_id, wanted.photo_sha256, valid_for=valid_for
        )
        response.status_code = 201 if released in session.new else 200
        session.flush()
        return ReleaseView.of(released)


@router.post("/{release_id}/issued", responses=_ENDS)
def issued(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """The card was printed and issued."""
    return _marked(client, release_id, ReleaseState.ISSUED, connected)


@router.post("/{release_id}/cancelled", responses=_ENDS)
def cancelled(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """The card will not be printed; another release may be asked for."""
    return _marked(client, release_id, ReleaseState.CANCELLED, connected)


@router.post("/{release_id}/failed", responses=_ENDS)
def failed(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """Printing failed; another release may be asked for."""
    return _marked(client, release_id, ReleaseState.FAILED, connected)


def _marked(client: Client, release_id: UUID, state: ReleaseState, connected: Connected) -> ReleaseView:
    with connected.database.transaction() as session:
        return ReleaseView.of(service.mark(session, client, release_id, state))
