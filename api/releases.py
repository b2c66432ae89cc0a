"""Releasing an approved photo for print, and saying what became of it."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.authentication import Printer
from api.body import read_json
from api.connections import Connected
from api.openapi import ISSUED, RELEASE, curl, json_body, problems
from api.views import ReleaseRequest, ReleaseView
from photogate.access.keys import Client
from photogate.releases import service
from photogate.releases.tables import ReleaseState
from photogate.releases.token import Signer

router = APIRouter(prefix="/v1/print-releases", tags=["Print releases"])

_ENDS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The release as it stands now"},
    **problems(401, 403, 404, 409, 422, 503),
}


async def _wanted(request: Request, connected: Connected) -> ReleaseRequest:
    return await read_json(request, ReleaseRequest, connected.settings.upload_timeout_s)


@router.post(
    "",
    summary="Release an approved photo for print",
    response_description="The release that was made now",
    status_code=201,
    openapi_extra={**json_body(ReleaseRequest), **curl(RELEASE)},
    responses={
        200: {"model": ReleaseView, "description": "The release that was made before and still holds"},
        **problems(400, 401, 403, 404, 408, 409, 413, 415, 422, 503),
    },
)
def release(
    client: Printer, wanted: Annotated[ReleaseRequest, Depends(_wanted)], connected: Connected, response: Response
) -> ReleaseView:
    """Signs a token that binds these bytes to the decision on them; asked again, the living release is returned.

    409 when no current decision approves exactly these bytes, or when the card has been issued.
    """
    signer = Signer.load(connected.settings.signing_key_file)
    valid_for = timedelta(hours=connected.settings.release_hours)
    with connected.database.transaction() as session:
        released, is_new = service.release(
            session, signer, client, wanted.application_id, wanted.photo_sha256, valid_for=valid_for
        )
        response.status_code = 201 if is_new else 200
        return ReleaseView.of(released)


@router.post("/{release_id}/issued", summary="The card was issued", openapi_extra=curl(ISSUED), responses=_ENDS)
def issued(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """Ends the release: no other card can be released for this application."""
    return _marked(client, release_id, ReleaseState.ISSUED, connected)


@router.post("/{release_id}/cancelled", summary="The card will not be printed", responses=_ENDS)
def cancelled(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """Ends the release; another one may be asked for."""
    return _marked(client, release_id, ReleaseState.CANCELLED, connected)


@router.post("/{release_id}/failed", summary="Printing failed", responses=_ENDS)
def failed(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """Ends the release; another one may be asked for."""
    return _marked(client, release_id, ReleaseState.FAILED, connected)


def _marked(client: Client, release_id: UUID, state: ReleaseState, connected: Connected) -> ReleaseView:
    with connected.database.transaction() as session:
        return ReleaseView.of(service.mark(session, client, release_id, state))
