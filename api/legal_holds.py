"""Legal hold over HTTP: for as long as it lasts, nothing about an applicant is erased or runs out."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from api.applicants import Reference
from api.authentication import Admin
from api.body import read_json
from api.connections import Connected
from api.openapi import HOLD, RELEASE_HOLD, curl, json_body, problems
from api.views import View
from photogate.applicants import queries
from photogate.applicants.master_keys import Kms
from photogate.applicants.tables import Applicant
from photogate.errors import NotFound
from photogate.privacy import holds

router = APIRouter(prefix="/v1/applicants/{reference:path}/legal-hold", tags=["Applicants"])

MAX_REASON_CHARS = 2_000


class HoldRequest(BaseModel):
    """Why nothing may be erased; it is kept sealed with the applicant's key."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=MAX_REASON_CHARS, examples=["court order 17/2026"])


class HoldView(View):
    """A legal hold."""

    applicant: UUID = Field(description="The id that events name.")
    held_at: datetime
    held_by: str = Field(description="As events name them.", examples=["client:ministry"])
    reason: str

    @classmethod
    def of(cls, kms: Kms, applicant: Applicant) -> Self:
        """The hold on an applicant; raises NotFound without one, KeyMissing, SealBroken."""
        reason = holds.hold_reason(kms, applicant)
        if reason is None:
            raise NotFound("There is no legal hold on this applicant.")
        return cls.model_validate(
            {"applicant": applicant.id, "held_at": applicant.held_at, "held_by": applicant.held_by, "reason": reason}
        )


async def _wanted(request: Request, connected: Connected) -> HoldRequest:
    return await read_json(request, HoldRequest, connected.settings.upload_timeout_s)


@router.post(
    "",
    summary="Place a legal hold",
    response_description="The hold that was placed",
    status_code=201,
    openapi_extra={**json_body(HoldRequest), **curl(HOLD)},
    responses=problems(400, 401, 403, 404, 408, 409, 413, 415, 422, 503),
)
def place(
    client: Admin, reference: Reference, wanted: Annotated[HoldRequest, Depends(_wanted)], connected: Connected
) -> HoldView:
    """Until it is released nothing about the applicant runs out, and erasure is refused; 409 where one is already."""
    with connected.database.transaction() as session:
        applicant = queries.by_reference(session, connected.kms, client.name, reference, hold=True)
        holds.hold(session, connected.kms, applicant, wanted.reason, client.actor)
        session.flush()
        session.refresh(applicant)
        return HoldView.of(connected.kms, applicant)


@router.get(
    "",
    summary="Read a legal hold",
    response_description="The hold; 404 when there is none",
    responses=problems(401, 403, 404, 422, 503),
)
def read(client: Admin, reference: Reference, connected: Connected) -> HoldView:
    """Since when, by whom and why."""
    with connected.database.transaction() as session:
        applicant = queries.by_reference(session, connected.kms, client.name, reference)
        return HoldView.of(connected.kms, applicant)


@router.post(
    "/released",
    summary="Release a legal hold",
    status_code=204,
    openapi_extra=curl(RELEASE_HOLD),
    responses=problems(401, 403, 404, 409, 422, 503),
)
def release(client: Admin, reference: Reference, connected: Connected) -> None:
    """Time runs on, and the applicant can be erased again; 409 when there is no hold."""
    with connected.database.transaction() as session:
        applicant = queries.by_reference(session, connected.kms, client.name, reference, hold=True)
        holds.release_hold(session, applicant, client.actor)
