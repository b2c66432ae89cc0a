"""The public keys by which printers know a release; anybody may read them."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from api.connections import Connected
from api.openapi import KEYS, curl, problems
from photogate.releases.keys import key_set, published_keys

router = APIRouter(tags=["Print releases"])

CACHED_S = 3600


@router.get(
    "/v1/print-keys",
    summary="The keys that sign releases",
    response_class=JSONResponse,
    response_description="A JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037)",
    openapi_extra=curl(KEYS),
    responses=problems(503),
)
def print_keys(connected: Connected) -> Response:
    """For a printer to save, and to save again every day: a key is published before it signs."""
    found = published_keys(connected.settings.signing_key_file, connected.settings.published_keys_folder)
    headers = {"Cache-Control": f"public, max-age={CACHED_S}"}
    return Response(key_set(found), headers=headers, media_type="application/jwk-set+json")
