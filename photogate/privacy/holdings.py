"""What is held about one applicant, and the record that something was done about them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from photogate.applicants.tables import Applicant
from photogate.applications.tables import Application, DecisionRecord, Photo
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.reviews.tables import ReviewTask, ReviewVerdict


@dataclass(frozen=True, slots=True)
class Holdings:
    """An applicant's applications, how many photos and notes there are, and the names of their objects in the store."""

    applicant_id: UUID
    applications: tuple[UUID, ...]
    photos: int
    notes: int
    objects: tuple[str, ...]


def holdings(session: Session, applicant: Applicant) -> Holdings:
    """What an erasure would destroy."""
    applications = applications_of(session, applicant.id)
    photos = session.scalars(select(Photo).where(Photo.application_id.in_(applications))).all()
    notes = select(func.count()).where(
        DecisionRecord.application_id.in_(applications), DecisionRecord.sealed_note.is_not(None)
    )
    beside_verdicts = (
        select(func.count())
        .select_from(ReviewVerdict)
        .join(ReviewTask, ReviewTask.id == ReviewVerdict.task_id)
        .where(ReviewTask.application_id.in_(applications), ReviewVerdict.sealed_note.is_not(None))
    )
    names = (name for photo in photos for name in (photo.original_key, photo.crop_key, photo.review_key) if name)
    return Holdings(applicant.id, applications, len(photos), _sum(session, notes, beside_verdicts), tuple(names))


def _sum(session: Session, *counts: Select[int]) -> int:
    return sum(session.scalars(count).one() for count in counts)


def applications_of(session: Session, applicant_id: UUID) -> tuple[UUID, ...]:
    """The ids of an applicant's applications, oldest first."""
    wanted = select(Application.id).where(Application.applicant_id == applicant_id).order_by(Application.id)
    return tuple(session.scalars(wanted))


def record(session: Session, kind: EventKind, actor: str, applicant_id: UUID, **details: object) -> tuple[UUID, ...]:
    """Record what was done about an applicant, in the history of each application; returns the events' ids."""
    told = {application_id: new_id() for application_id in applications_of(session, applicant_id)}
    for application_id, event_id in told.items():
        audit.append(
            session,
            kind,
            actor,
            application_id=application_id,
            event_id=event_id,
            applicant=str(applicant_id),
            **details,
        )
    return tuple(told.values())
