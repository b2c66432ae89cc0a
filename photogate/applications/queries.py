"""What clients ask about their applications; a client sees its own only."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from photogate.applications.tables import Application, DecisionRecord
from photogate.errors import NotFound
from photogate.screening.verdicts import ApplicationStatus

_WHOLE = (
    joinedload(Application.applicant),
    selectinload(Application.photos),
    joinedload(Application.current_decision),
)


def application(session: Session, client: str, application_id: UUID) -> Application:
    """One application with its applicant, photos and current decision; raises NotFound, also for another client's."""
    found = session.scalar(
        select(Application).where(Application.id == application_id, Application.client == client).options(*_WHOLE)
    )
    if found is None:
        raise NotFound("There is no such application.")
    return found


def applications(
    session: Session, client: str, *, status: ApplicationStatus | None, after: UUID | None, limit: int
) -> Sequence[Application]:
    """A page of applications, oldest first, that begins behind the id `after`."""
    wanted = (
        select(Application).where(Application.client == client).order_by(Application.id).limit(limit).options(*_WHOLE)
    )
    if status is not None:
        wanted = wanted.where(Application.status == status)
    if after is not None:
        wanted = wanted.where(Application.id > after)
    return session.scalars(wanted).all()


def decisions(session: Session, application_id: UUID) -> Sequence[DecisionRecord]:
    """Every decision about one application, oldest first."""
    return session.scalars(
        select(DecisionRecord)
        .where(DecisionRecord.application_id == application_id)
        .order_by(DecisionRecord.created_at, DecisionRecord.id)
        .options(joinedload(DecisionRecord.photo), joinedload(DecisionRecord.assessment))
    ).all()


def last_decision_on(session: Session, photo_id: UUID) -> DecisionRecord:
    """The newest decision about one photo, with photo and assessment; raises NotFound."""
    found = session.scalar(
        select(DecisionRecord)
        .where(DecisionRecord.photo_id == photo_id)
        .order_by(DecisionRecord.created_at.desc(), DecisionRecord.id.desc())
        .limit(1)
        .options(joinedload(DecisionRecord.photo), joinedload(DecisionRecord.assessment))
    )
    if found is None:
        raise NotFound("Nothing was decided about such a photo.")
    return found
