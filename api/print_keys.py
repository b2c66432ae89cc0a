"""The public keys by which printers know a release; anybody may read them."""

from fastapi import APIRouter, Response

from api.connections import Connected
from api.openapi import KEYS, curl, problems
from photogate.releases.keys import key_set, published_keys

router = APIRouter(tags=["Print releases"])

CACHED_S = 3600


class KeySet(Response):
    """A JSON Web Key Set."""

    media_type = "application/jwk-set+json"


@router.get(
    "/v1/print-keys",
    summary="The keys that sign releases",
    response_class=KeySet,
    response_description="A JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037)",
    openapi_extra=curl(KEYS),
    responses=problems(503),
)
def print_keys(connected: Connected) -> KeySet:
    """For a printer to save, and to save again every day: a key is published before it signs."""
    found = published_keys(connected.settings.signing_key_file, connected.settings.published_keys_folder)
    headers = {"Cache-Control": f"public, max-age={CACHED_S}"}
    return KeySet(key_set(found), headers=headers)
