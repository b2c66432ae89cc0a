"""Submitting a photo, and submitting another one when it was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from photogate.access.keys import Client
from photogate.applications.decisions import locked
from photogate.applications.photo_file import PhotoFile
from photogate.applications.tables import Application, Photo, Stage
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id, table_of
from photogate.errors import Conflict
from photogate.screening.profile import IssuerProfile
from photogate.screening.verdicts import ApplicationStatus
from photogate.storage import PhotoStore

FIRST_REMINDER = timedelta(seconds=10)
"""How long after intake the relay speaks up for a photo whose first message got lost."""


@contextmanager
def kept_original(store: PhotoStore, application_id: UUID, file: PhotoFile) -> Iterator[str]:
    """Store the bytes under their digest and yield the key; they go again when the block does not succeed.

    The object comes before the row: a row whose object is missing could never be decided. For the same reason it stays
    when the database went away and nobody knows whether the row was written.
    """
    key = f"{application_id}/{new_id()}/{file.sha256}"
    store.put(key, file.content, file.media_type)
    try:
        yield key
    except BaseException as error:
        if not (isinstance(error, DBAPIError) and error.connection_invalidated):
            store.delete(key)
        raise


_APPLICATIONS, _PHOTOS = table_of(Application), table_of(Photo)
_OPEN = insert(_APPLICATIONS).returning(_APPLICATIONS.c.created_at, _APPLICATIONS.c.updated_at)
_ADD = insert(_PHOTOS).values(due_at=func.now() + FIRST_REMINDER)


class Submitted(NamedTuple):
    """The rows as they were written; they belong to no session."""

    application: Application
    photo: Photo


def submit(
    session: Session, client: Client, reference: str, file: PhotoFile, *, application_id: UUID, original_key: str
) -> Submitted:
    """Open an application with its first photo."""
    row = {"id": application_id, "client": client.name, "reference": reference, "status": ApplicationStatus.RECEIVED}
    created_at, updated_at = session.execute(_OPEN, row).one()
    photo = _add_photo(session, application_id, 1, file, original_key)
    _tell(session, EventKind.APPLICATION_SUBMITTED, client, photo)
    return Submitted(Application(**row, created_at=created_at, updated_at=updated_at), photo)


def resubmit(
    session: Session,
    client: Client,
    application_id: UUID,
    file: PhotoFile,
    *,
    original_key: str,
    profile: IssuerProfile,
) -> Submitted:
    """Add the photo that a decision asked for.

    Raises NotFound for another client's application, Conflict when no photo was asked for or the limit is reached.
    """
    application = locked(session, application_id, client=client.name)
    if application.status is not ApplicationStatus.RESUBMISSION_REQUESTED:
        raise Conflict(f"The application is {application.status.value}; no other photo was asked for.")
    earlier = session.scalars(select(func.count()).where(Photo.application_id == application_id)).one()
    if earlier > profile.max_resubmissions:
        raise Conflict(f"The limit of {profile.max_resubmissions} further photos is reached.")
    application.status = ApplicationStatus.RECEIVED
    photo = _add_photo(session, application_id, earlier + 1, file, original_key)
    _tell(session, EventKind.PHOTO_RESUBMITTED, client, photo)
    return Submitted(application, photo)


def _tell(session: Session, kind: EventKind, client: Client, photo: Photo) -> None:
    audit.append(
        session,
        kind,
        client.actor,
        application_id=photo.application_id,
        photo=str(photo.id),
        photo_sha256=photo.sha256,
    )


def _add_photo(session: Session, application_id: UUID, attempt: int, file: PhotoFile, original_key: str) -> Photo:
    row = {
        "id": new_id(),
        "application_id": application_id,
        "attempt": attempt,
        "sha256": file.sha256,
        "media_type": file.media_type,
        "size_bytes": len(file.content),
        "width": file.width,
        "height": file.height,
        "original_key": original_key,
        "stage": Stage.PREPARE,
    }
    session.execute(_ADD, row)
    return Photo(**row)
