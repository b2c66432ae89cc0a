"""Legal holds on the timeline: whoever may audit sees them, admins place and release them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from photogate.applicants.tables import Applicant
from photogate.errors import Conflict
from photogate.privacy import holds
from photogate.searches import queries
from review_ui.audit import actor_of
from review_ui.program import Here
from review_ui.sessions import Admin

router = APIRouter(prefix="/audit/applications/{application_id}/hold")

MAX_REASON_CHARS = 2_000


@router.post("")
def place(
    application_id: UUID,
    here: Here,
    admin: Admin,
    reason: Annotated[str, Form(min_length=1, max_length=MAX_REASON_CHARS, pattern=r"\S")],
) -> Response:
    """Keep everything about the applicant until the hold is released."""
    with here.database.transaction() as session:
        holds.hold(session, here.kms, _applicant(session, application_id), reason.strip(), actor_of(admin))
    return _timeline(application_id)


@router.post("/released")
def release(application_id: UUID, here: Here, admin: Admin) -> Response:
    """Let retention and erasure have their way again."""
    with here.database.transaction() as session:
        holds.release_hold(session, _applicant(session, application_id), actor_of(admin))
    return _timeline(application_id)


def _applicant(session: Session, application_id: UUID) -> Applicant:
    application = queries.application(session, application_id)
    applicant = session.get_one(Applicant, application.applicant_id, with_for_update=True, populate_existing=True)
    if applicant.erased_at is not None:
        raise Conflict("The applicant has been erased; there is nothing left to hold.")
    return applicant


def _timeline(application_id: UUID) -> Response:
    return RedirectResponse(f"/audit/applications/{application_id}", 303)
