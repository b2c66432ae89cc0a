"""The log's checkpoints, and proofs against them."""

from pathlib import Path
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import Field

from api.authentication import AUDIT_READ, Auditor
from api.body import Limits, read
from api.connections import Connected
from api.openapi import CHECKPOINT, PROOF, curl, problems
from api.refusals import BodyTooLarge, MalformedBody
from api.views import View
from photogate.audit import checkpoints, proofs
from photogate.audit import service as audit
from photogate.audit.notes import LONGEST_NOTE, public_keys
from photogate.audit.proofs import InclusionProof
from photogate.audit.tables import EventKind

router = APIRouter(prefix="/v1/audit", tags=["Audit"])

Size = Annotated[int, Query(ge=1, le=2**63 - 1)]


class ProofView(View):
    """An event, its place, and the hashes that lead from it to the root that the checkpoint signs (RFC 9162)."""

    event: str = Field(description="Canonical JSON (RFC 8785); these bytes are the leaf.")
    sequence: int = Field(description="The event's number in the log, from 0 on.")
    hashes: list[str] = Field(description="Base64, lowest first.")
    checkpoint: str = Field(description="A signed note (C2SP tlog-checkpoint).")

    @classmethod
    def of(cls, proof: InclusionProof) -> Self:
        """The proof as it travels."""
        return cls(**proof.as_json())


class ConsistencyView(View):
    """The hashes that show the first `size` events to begin with the first `old_size` (RFC 9162)."""

    old_size: int
    size: int
    hashes: list[str] = Field(description="Base64, lowest first.")


async def _note(request: Request, connected: Connected) -> str:
    content = bytearray()
    too_large = BodyTooLarge(f"At most {LONGEST_NOTE:,} bytes are taken.")
    await read(request, Limits(LONGEST_NOTE, connected.settings.upload_timeout_s, too_large), content.extend)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise MalformedBody("A signed note is text in UTF-8.") from error


@router.get(
    "/checkpoint",
    summary="The last checkpoint",
    dependencies=[AUDIT_READ],
    response_class=PlainTextResponse,
    response_description="A signed note (C2SP tlog-checkpoint), with the cosignatures of witnesses",
    openapi_extra=curl(CHECKPOINT),
    responses=problems(401, 403, 404, 422, 503),
)
def checkpoint(connected: Connected, size: Size | None = None) -> PlainTextResponse:
    """Keep it: whatever is changed, removed, inserted or reordered in the log afterwards can be shown against it."""
    with connected.database.transaction() as session:
        found = checkpoints.latest(session) if size is None else checkpoints.of_size(session, size)
    return PlainTextResponse(found)


@router.post(
    "/checkpoint/cosignatures",
    summary="Hand in a witness's signature",
    dependencies=[AUDIT_READ],
    status_code=204,
    responses=problems(400, 401, 403, 404, 408, 413, 422, 503),
)
def cosign(connected: Connected, note: Annotated[str, Depends(_note)]) -> None:
    """Takes one of this log's checkpoints with the signature of a witness whose key this installation knows."""
    known = public_keys(Path(connected.settings.witness_keys)) if connected.settings.witness_keys else []
    with connected.database.transaction() as session:
        checkpoints.cosign(session, note, known)


@router.get(
    "/events/{event_id}/proof",
    summary="Prove that an event is in the log",
    openapi_extra=curl(PROOF),
    responses=problems(401, 403, 404, 409, 422, 503),
)
def prove_inclusion(client: Auditor, connected: Connected, event_id: UUID) -> ProofView:
    """Against the last checkpoint; `photogate audit verify` checks it offline. That it was asked for is recorded."""
    with connected.database.transaction() as session:
        proof = proofs.prove_inclusion(session, event_id)
        audit.append(session, EventKind.PROOF_ASKED, client.actor, event=str(event_id))
    return ProofView.of(proof)


@router.get(
    "/consistency",
    summary="Prove that a later log begins with an earlier one",
    dependencies=[AUDIT_READ],
    responses=problems(401, 403, 422, 503),
)
def prove_consistency(
    connected: Connected, old_size: Annotated[Size, Query(alias="from")], size: Annotated[Size, Query(alias="to")]
) -> ConsistencyView:
    """Between the sizes of two checkpoints: nothing that the first one signed was changed until the second."""
    with connected.database.transaction() as session:
        return ConsistencyView(**proofs.prove_consistency(session, old_size, size).as_json())
