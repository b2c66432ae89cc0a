"""Releasing an approved photo for print, saying what became of it, and what printers need to verify it offline."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from api.authentication import Printer
from api.body import read_json
from api.connections import Connected, Connections
from api.openapi import ISSUED, RELEASE, REVOKED, curl, json_body, problems
from api.views import ReleaseRequest, ReleaseView
from photogate.access.keys import Client
from photogate.releases import queries, service
from photogate.releases.tables import ReleaseState
from photogate.releases.token import Signer
from photogate.reviews import service as reviews

router = APIRouter(prefix="/v1/print-releases", tags=["Print releases"])

_STEPS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The release as it stands now"},
    **problems(401, 403, 404, 409, 422, 503),
}


class SignedList(Response):
    """A compact JWS with claims."""

    media_type = "application/jwt"


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

    With `hold` it is made and not signed yet. 409 when no current decision approves exactly these bytes, or when the
    card has been issued.
    """
    signer, valid_for = _signer(connected), _valid_for(connected)
    with _people_asked(connected, wanted.application_id), connected.database.transaction() as session:
        released, is_new = service.release(
            session, signer, client, wanted.application_id, wanted.photo_sha256, valid_for=valid_for, hold=wanted.hold
        )
        response.status_code = 201 if is_new else 200
        return ReleaseView.of(released)


@router.get(
    "/revoked",
    summary="Every release that no longer holds",
    response_class=SignedList,
    response_description="A compact JWS (RFC 7515) like a release's token",
    openapi_extra=curl(REVOKED),
    responses=problems(401, 403, 503),
)
def revoked(_client: Printer, connected: Connected) -> SignedList:
    """For a printer to save: ids whose tokens are not to be printed any more, of all clients, signed for 24 hours."""
    signer = _signer(connected)
    with connected.database.transaction() as session:
        listed = service.revoked(session, signer)
    return SignedList(listed, headers={"Cache-Control": "private, max-age=60"})


@router.get("/{release_id}", summary="A release as it stands", responses=problems(401, 403, 404, 422, 503))
def read_release(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """`state` goes `held`, `released`, then `issued`, `cancelled` or `failed`; `ended_because` says who ended it."""
    with connected.database.transaction() as session:
        return ReleaseView.of(queries.release(session, client.name, release_id))


@router.post("/{release_id}/released", summary="Let a held release go", responses=_STEPS)
def let_go(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """Signs what was held; 409 when it has ended, by itself too because another decision is in force."""
    signer, valid_for = _signer(connected), _valid_for(connected)
    with connected.database.transaction() as session:
        asked = queries.release(session, client.name, release_id).application_id
    with _people_asked(connected, asked), connected.database.transaction() as session:
        return ReleaseView.of(service.let_go(session, signer, client, release_id, valid_for=valid_for))


@router.post("/{release_id}/issued", summary="The card was issued", openapi_extra=curl(ISSUED), responses=_STEPS)
def issued(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """Ends the release: no other card can be released for this application."""
    return _marked(client, release_id, ReleaseState.ISSUED, connected)


@router.post("/{release_id}/cancelled", summary="The card will not be printed", responses=_STEPS)
def cancelled(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """Revokes what is held or released, and goes on the list of revoked releases; another one may be asked for."""
    return _marked(client, release_id, ReleaseState.CANCELLED, connected)


@router.post("/{release_id}/failed", summary="Printing failed", responses=_STEPS)
def failed(client: Printer, release_id: UUID, connected: Connected) -> ReleaseView:
    """Ends the release; another one may be asked for."""
    return _marked(client, release_id, ReleaseState.FAILED, connected)


@contextmanager
def _people_asked(connected: Connections, application_id: UUID) -> Iterator[None]:
    """Put an approval that is held back before people; the refusal stands until they have looked."""
    try:
        yield
    except service.ApprovalSuspended:
        with connected.database.transaction() as session:
            due_in = timedelta(hours=connected.settings.review_due_hours)
            reviews.open_held(session, application_id, due_in=due_in)
        raise


def _signer(connected: Connections) -> Signer:
    return Signer.load(connected.settings.signing_key_file)


def _valid_for(connected: Connections) -> timedelta:
    return timedelta(hours=connected.settings.release_hours)


def _marked(client: Client, release_id: UUID, state: ReleaseState, connected: Connected) -> ReleaseView:
    with connected.database.transaction() as session:
        return ReleaseView.of(service.mark(session, client, release_id, state))
