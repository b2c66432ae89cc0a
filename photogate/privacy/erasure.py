"""Erasing an applicant: their key is destroyed, and so, at once and wherever it lies, is all that it opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from photogate.applicants.tables import Applicant
from photogate.applications.tables import Application, Photo, Stage
from photogate.audit.tables import EventKind
from photogate.errors import Conflict, Unavailable
from photogate.pictures import service as pictures
from photogate.privacy.holdings import Holdings, holdings, record
from photogate.releases import service as releases
from photogate.reviews.tables import ReviewTask
from photogate.screening.verdicts import ApplicationStatus
from photogate.storage import PhotoStore

log = structlog.get_logger()


class OnHold(Conflict):
    """A legal hold keeps everything about the applicant as it is."""

    code, title = "LEGAL_HOLD", "A legal hold forbids erasure"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was destroyed, and the events that prove it."""

    held: Holdings
    event_ids: tuple[UUID, ...]


def require_no_hold(applicant: Applicant) -> None:
    """Raise OnHold when the applicant's data must stay."""
    if applicant.held_at is not None:
        raise OnHold("A legal hold is on this applicant; it has to be released first.")


def erase(session: Session, applicant: Applicant, actor: str) -> Erasure:
    """Destroy the key of an applicant whose row this transaction holds; raises OnHold.

    The objects are removed by `remove_objects` after the commit: nobody can open them from then on, and what is left
    behind is an orphan.
    """
    require_no_hold(applicant)
    held = holdings(session, applicant)
    photo_ids = session.scalars(select(Photo.id).where(Photo.application_id.in_(held.applications))).all()
    pictures.forget(session, photo_ids)
    for application_id in held.applications:
        _close(session, application_id, actor)
    event_ids = record(
        session, EventKind.APPLICANT_ERASED, actor, applicant.id, photos=held.photos, objects=len(held.objects)
    )
    applicant.reference_digest = applicant.sealed_reference = applicant.sealed_attributes = None
    applicant.wrapped_key = applicant.master_key_id = None
    applicant.erased_at = func.now()
    session.flush()
    return Erasure(held, event_ids)


def remove_objects(store: PhotoStore, names: Iterable[str]) -> int:
    """Delete objects that no row names any more; returns how many the store did not let go of."""
    left = 0
    for name in names:
        try:
            store.delete(name)
        except Unavailable:
            left += 1
    if left:
        log.warning("objects_left", objects=left)  # sealed, or orphans soon: the next search takes them
    return left


def _close(session: Session, application_id: UUID, actor: str) -> None:
    """End everything that goes on about an application, in the order in which others lock the rows."""
    application = session.scalars(select(Application).where(Application.id == application_id).with_for_update()).one()
    application.status, application.current_decision_id = ApplicationStatus.ERASED, None
    releases.withdraw(session, application_id, actor)
    session.execute(
        update(ReviewTask)
        .where(ReviewTask.application_id == application_id, ReviewTask.closed_at.is_(None))
        .values(closed_at=func.now())
    )
    # The token moves on, so that a worker that is in the middle of it writes nothing any more.
    session.execute(
        update(Photo)
        .where(Photo.application_id == application_id)
        .values(
            stage=Stage.DECIDED,
            due_at=None,
            lease_until=None,
            fencing_token=Photo.fencing_token + 1,
            original_key=None,
            crop_key=None,
            review_key=None,
            prepared=None,
        )
    )
