"""Retention: what an issuer's profile no longer needs goes by itself, unless a legal hold keeps it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from photogate.applicants.tables import Applicant
from photogate.applications.tables import Application, Photo
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import Database
from photogate.privacy.erasure import erase, remove_objects
from photogate.screening.profile import IssuerProfile
from photogate.screening.verdicts import ApplicationStatus
from photogate.storage import PhotoStore

BATCH = 25
"""New events wait for every transaction that is under way before they are logged, so a batch is a short one."""

CLOSED = (
    ApplicationStatus.APPROVED,
    ApplicationStatus.REJECTED,
    ApplicationStatus.RESUBMISSION_REQUESTED,
    ApplicationStatus.EXPIRED,
    ApplicationStatus.WITHDRAWN,
)
"""Nobody works on these; time runs from their last change."""

ORIGINALS = (Photo.original_key,)
PICTURES = (Photo.crop_key, Photo.review_key)
Names = tuple[InstrumentedAttribute[str | None], ...]


@dataclass(frozen=True, slots=True)
class Swept:
    """How many objects ran out, and how many applicants were erased because all of theirs did."""

    objects: int
    applicants: int


def sweep(database: Database, store: PhotoStore, profile: IssuerProfile) -> Iterator[Swept]:
    """Remove what has run out under the profile that is in force, a batch at a time, each in its own transaction."""
    retention = profile.retention
    if retention is None:
        return
    actor = f"policy:{profile.reference}"
    yield from _erased(database, store, actor, timedelta(days=retention.applicant_days))
    yield from _removed(database, store, actor, ORIGINALS, timedelta(days=retention.original_days))
    yield from _removed(database, store, actor, PICTURES, timedelta(days=retention.picture_days))


def _erased(database: Database, store: PhotoStore, actor: str, after: timedelta) -> Iterator[Swept]:
    while True:
        with database.transaction() as session:
            erased = [erase(session, applicant, actor) for applicant in _run_out(session, after)]
        if not erased:
            return
        names = [name for erasure in erased for name in erasure.held.objects]
        remove_objects(store, names)
        yield Swept(len(names), len(erased))


def _run_out(session: Session, after: timedelta) -> Sequence[Applicant]:
    open_still = or_(Application.status.not_in(CLOSED), Application.updated_at >= func.now() - after)
    return session.scalars(
        select(Applicant)
        .where(
            Applicant.erased_at.is_(None),
            Applicant.held_at.is_(None),
            exists().where(Application.applicant_id == Applicant.id),
            ~exists().where(Application.applicant_id == Applicant.id, open_still),
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()


def _removed(database: Database, store: PhotoStore, actor: str, names: Names, after: timedelta) -> Iterator[Swept]:
    last = UUID(int=0)
    while True:
        with database.transaction() as session:
            photos = _photos(session, names, after, last)
            removed = _forget(session, photos, names, actor)
        if not photos:
            return
        # After the commit: a row must not name what is gone, and what a row no longer names is an orphan.
        remove_objects(store, removed)
        yield Swept(len(removed), 0)
        last = photos[-1].id


def _photos(session: Session, names: Names, after: timedelta, last: UUID) -> Sequence[Photo]:
    kept: ColumnElement[bool] = or_(*(name.is_not(None) for name in names))
    return session.scalars(
        select(Photo)
        .join(Application, Application.id == Photo.application_id)
        .join(Applicant, Applicant.id == Application.applicant_id)
        .where(
            Photo.id > last,
            kept,
            Application.status.in_(CLOSED),
            Application.updated_at < func.now() - after,
            Applicant.held_at.is_(None),
        )
        .order_by(Photo.id)
        .limit(BATCH)
        .with_for_update(of=[Photo, Applicant], skip_locked=True)
    ).all()


def _forget(session: Session, photos: Sequence[Photo], names: Names, actor: str) -> list[str]:
    """Take the names out of the rows; returns what they named."""
    removed = list[str]()
    for photo in photos:
        found = {name.key: kept for name in names if (kept := getattr(photo, name.key)) is not None}
        audit.append(
            session,
            EventKind.PICTURES_REMOVED,
            actor,
            application_id=photo.application_id,
            photo=str(photo.id),
            removed=[column.removesuffix("_key") for column in found],
        )
        removed += found.values()
    unnamed = {name.key: None for name in names}
    session.execute(update(Photo).where(Photo.id.in_([photo.id for photo in photos])).values(unnamed))
    return removed
