"""Submitting a photo, and submitting another one when it was asked for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, insert, literal, select, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from photogate.access.keys import Client
from photogate.applicants import service as applicants
from photogate.applicants.master_keys import Kms
from photogate.applicants.sealing import DataKey
from photogate.applicants.tables import Applicant
from photogate.applications import attempts
from photogate.applications.attempts import ResubmissionLimit
from photogate.applications.decisions import locked
from photogate.applications.photo_file import PhotoFile
from photogate.applications.photo_keys import SealedPhotos, place
from photogate.applications.tables import Application, Photo, Stage
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import given, new_id, parameters, table_of
from photogate.errors import Conflict
from photogate.screening.profile import IssuerProfile
from photogate.screening.verdicts import ApplicationStatus
from photogate.storage import PhotoStore

FIRST_REMINDER = timedelta(seconds=10)
"""How long after intake the relay speaks up for a photo whose first message got lost."""


@dataclass(frozen=True, slots=True)
class KeptOriginal:
    """The name of the submitted file's object, and the photo's new key, with which it is sealed."""

    name: str
    key: DataKey


@contextmanager
def kept_original(store: PhotoStore, application_id: UUID, file: PhotoFile) -> Iterator[KeptOriginal]:
    """Store the bytes, sealed, under their digest; they go again when the block does not succeed.

    The object comes before the row: a row whose object is missing could never be decided. For the same reason it stays
    when the database went away and nobody knows whether the row was written.
    """
    kept = KeptOriginal(f"{application_id}/{new_id()}/{file.sha256}", DataKey.new())
    SealedPhotos(store, kept.key).put(kept.name, file.content)
    try:
        yield kept
    except BaseException as error:
        if not (isinstance(error, DBAPIError) and error.connection_invalidated):
            store.delete(kept.name)
        raise


_APPLICATIONS, _PHOTOS = table_of(Application), table_of(Photo)
_APPLICANT = (
    select(Applicant)
    .join(Application, Application.applicant_id == Applicant.id)
    .where(Application.id == bindparam("id"))
)
_WHO = applicants.ENROL.cte("who")
_OPENED = (
    insert(_APPLICATIONS)
    .from_select(
        ["id", "client", "applicant_id", "status"],
        select(
            bindparam("id", type_=_APPLICATIONS.c.id.type),
            bindparam("client"),
            _WHO.c.id,
            literal(ApplicationStatus.RECEIVED, _APPLICATIONS.c.status.type),
        ),
    )
    .returning(_APPLICATIONS.c.created_at, _APPLICATIONS.c.updated_at)
    .cte("opened")
)
# One statement for applicant and application: each costs the API a third of a millisecond.
_OPEN = select(_WHO.c.id, _WHO.c.wrapped_key, _WHO.c.master_key_id, _OPENED).select_from(_WHO.join(_OPENED, true()))
_GIVEN = (
    "id",
    "application_id",
    "attempt",
    "sha256",
    "media_type",
    "size_bytes",
    "width",
    "height",
    "sealed_key",
    "original_key",
    "stage",
)
_ADDED = (
    insert(_PHOTOS)
    .from_select(
        [*_GIVEN, "due_at"],
        select(*given(_PHOTOS, *_GIVEN), func.now() + FIRST_REMINDER),
    )
    .returning(_PHOTOS.c.id)
    .cte("added")
)
_ADD = select(_ADDED).add_cte(audit.told_by(_ADDED))


class Submitted(NamedTuple):
    """The rows as they were written, which belong to no session, and the applicant's reference."""

    application: Application
    photo: Photo
    reference: str


@dataclass(frozen=True, slots=True)
class Intake:
    """A file that came in: who sent it, where it is kept, and what seals its key."""

    client: Client
    file: PhotoFile
    kept: KeptOriginal
    kms: Kms


def submit(
    session: Session,
    intake: Intake,
    reference: str,
    *,
    application_id: UUID,
    attributes: Mapping[str, str] | None = None,
) -> Submitted:
    """Open an application with its first photo, for the applicant whom the client calls so; raises KeyMissing.

    With `attributes`, which a profile has checked, also keep what the client says of the applicant.
    """
    newcomer = applicants.Newcomer.called(intake.kms, intake.client.name, reference)
    *who, created_at, updated_at = session.execute(_OPEN, {"id": application_id, **newcomer.row}).one()
    applicant = newcomer.as_found(intake.kms, *who)
    if attributes:
        applicants.say(session, applicant, attributes)
    arrival = _Arrival(application_id, 1, EventKind.APPLICATION_SUBMITTED)
    photo = _add_photo(session, arrival, intake, applicant.key)
    application = Application(
        id=application_id,
        client=intake.client.name,
        applicant_id=applicant.id,
        status=ApplicationStatus.RECEIVED,
        created_at=created_at,
        updated_at=updated_at,
    )
    return Submitted(application, photo, reference)


def resubmit(session: Session, intake: Intake, application_id: UUID, profile: IssuerProfile) -> Submitted:
    """Add the photo that a decision asked for.

    Raises NotFound for another client's application, Conflict when no photo was asked for, ResubmissionLimit when none
    will be any more.
    """
    application = locked(session, application_id, client=intake.client.name)
    earlier = attempts.sent(session, application_id)
    if application.status is not ApplicationStatus.RESUBMISSION_REQUESTED:
        raise _not_asked_for(application.status, earlier, profile.max_resubmissions + 1)
    application.status = ApplicationStatus.RECEIVED
    applicant = session.scalars(_APPLICANT, {"id": application_id}).one()
    arrival = _Arrival(application_id, earlier + 1, EventKind.PHOTO_RESUBMITTED)
    photo = _add_photo(session, arrival, intake, applicants.key_of(intake.kms, applicant))
    return Submitted(application, photo, applicants.reference_of(intake.kms, applicant) or "")


def _not_asked_for(status: ApplicationStatus, sent: int, allowed: int) -> Conflict:
    if sent >= allowed:
        return ResubmissionLimit(
            f"The application is {status.value}, and all {allowed} photos that it may have were sent."
        )
    return Conflict(f"The application is {status.value}; no other photo was asked for.")


class _Arrival(NamedTuple):
    """Which photo of which application, and as what its coming is told."""

    application_id: UUID
    attempt: int
    kind: EventKind


def _add_photo(session: Session, arrival: _Arrival, intake: Intake, owner: DataKey) -> Photo:
    photo_id, file = new_id(), intake.file
    row = {
        "id": photo_id,
        "application_id": arrival.application_id,
        "attempt": arrival.attempt,
        "sha256": file.sha256,
        "media_type": file.media_type,
        "size_bytes": len(file.content),
        "width": file.width,
        "height": file.height,
        "sealed_key": owner.seal(intake.kept.key.secret, place(photo_id)),
        "original_key": intake.kept.name,
        "stage": Stage.PREPARE,
    }
    told = audit.event(
        arrival.kind, intake.client.actor, arrival.application_id, photo=str(photo_id), photo_sha256=file.sha256
    )
    session.execute(_ADD, {**parameters(_PHOTOS, row), **told})
    return Photo(**row)
