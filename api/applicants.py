"""Applicants' rights: to be forgotten, and to have all that is held about them."""

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.authentication import Admin
from api.connections import Connected
from api.openapi import ERASE, EXPORT_APPLICANT, curl, problems
from api.views import View
from photogate.applicants import queries
from photogate.privacy import erasure, export
from photogate.privacy.erasure import Erasure
from photogate.privacy.holdings import Holdings, holdings

router = APIRouter(prefix="/v1/applicants", tags=["Applicants"])

Reference = Annotated[str, Path(max_length=200, description="The applicant as your system knows them.")]


class ErasureView(View):
    """What an erasure destroyed, or would destroy."""

    applicant: UUID = Field(description="The id that events name; the reference is forgotten.")
    erased: bool = Field(description="False for a dry run: nothing has changed.")
    applications: list[UUID]
    photos: int
    notes: int
    objects: list[str] = Field(description="In the store: submitted files, crops and review copies.")
    objects_left: int = Field(
        0, description="That the store did not let go of just now; nobody can open them, and the next sweep takes them."
    )
    events: list[UUID] = Field([], description="The proof: ask `/v1/audit/events/{id}/proof` for each.")

    @classmethod
    def planned(cls, held: Holdings) -> Self:
        """What would go."""
        return cls(**_told(held), erased=False)

    @classmethod
    def done(cls, made: Erasure, objects_left: int) -> Self:
        """What went."""
        return cls(**_told(made.held), erased=True, objects_left=objects_left, events=list(made.event_ids))


@router.delete(
    "/{reference:path}",
    summary="Erase an applicant",
    response_description="What was destroyed, or with `dry_run=true` what would be",
    openapi_extra=curl(ERASE),
    responses=problems(401, 403, 404, 409, 422, 503),
)
def erase(
    client: Admin,
    reference: Reference,
    connected: Connected,
    dry_run: Annotated[bool, Query(description="Change nothing, and say what would go.")] = False,  # noqa: FBT002
) -> ErasureView:
    """Destroys the applicant's key and pictures for ever; the log stays whole, and proves that it happened.

    409 under a legal hold. Copies in old backups become unreadable with the next change of the master key.
    """
    with connected.database.transaction() as session:
        applicant = queries.by_reference(session, connected.kms, client.name, reference, hold=True)
        if dry_run:
            erasure.require_no_hold(applicant)
            return ErasureView.planned(holdings(session, applicant))
        made = erasure.erase(session, applicant, client.actor)
    # After the commit: from now on nobody can open them, whether they go or not.
    return ErasureView.done(made, erasure.remove_objects(connected.store, made.held.objects))


@router.get(
    "/{reference:path}/export",
    summary="All that is held about an applicant",
    response_class=StreamingResponse,
    openapi_extra=curl(EXPORT_APPLICANT),
    responses={
        200: {"description": "A zip file with `applicant.json` and every picture", "content": {"application/zip": {}}},
        **problems(401, 403, 404, 422, 503),
    },
)
def export_applicant(client: Admin, reference: Reference, connected: Connected) -> StreamingResponse:
    """References, notes, measurements, decisions, events and pictures, opened; that it was asked for is an event."""
    with connected.database.transaction() as session:
        applicant = queries.by_reference(session, connected.kms, client.name, reference)
        begun = export.begin(session, connected.kms, applicant, client.actor)
    headers = {"Content-Disposition": f'attachment; filename="applicant-{begun.applicant_id}.zip"'}
    return StreamingResponse(export.stream(connected.store, begun), media_type="application/zip", headers=headers)


def _told(held: Holdings) -> dict[str, Any]:
    return {
        "applicant": held.applicant_id,
        "applications": list(held.applications),
        "photos": held.photos,
        "notes": held.notes,
        "objects": list(held.objects),
    }
