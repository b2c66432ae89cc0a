"""The annotated picture of a photo, for the client who shows it and for the reviewer who sees it first."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from photogate.access.keys import Client
from photogate.applicants.master_keys import Kms
from photogate.applications import queries
from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.tables import DecisionRecord, Photo
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import Conflict, NotFound, PhotogateError
from photogate.messages.composing import Message, messages
from photogate.messages.drawing import Shown, annotated
from photogate.messages.languages import Language
from photogate.screening.measurements import Measurements
from photogate.storage import PhotoStore

SEEN = "annotated.svg"


class PictureGone(PhotogateError):
    """There was a picture, and there is none any more."""

    status, code, title = 410, "PICTURE_GONE", "The picture is not kept any more"


class NothingToShow(Conflict):
    """No decision in force or before asks anything of the applicant because of this photo."""

    code, title = "NOTHING_TO_SHOW", "There is nothing to tell the applicant about this photo"


class Kept(NamedTuple):
    """Where the pictures are, and what opens them."""

    store: PhotoStore
    kms: Kms


def of_client(
    session: Session, kept: Kept, client: Client, application_id: UUID, attempt: int, language: Language
) -> bytes:
    """The annotated picture of a client's own photo, by its number from 1 on; that it was taken is an event.

    Raises NotFound, also for a file of which no picture could be made; NothingToShow, PictureGone, KeyMissing,
    SealBroken, Unavailable.
    """
    application = queries.application(session, client.name, application_id)
    photo = next((photo for photo in application.photos if photo.attempt == attempt), None)
    if photo is None:
        raise NotFound("The application has no photo of this number.")
    made = [record for record in queries.decisions(session, application_id) if record.photo_id == photo.id]
    said = messages(made[-1].reasons, made[-1].verdict, language) if made else ()
    if not said:
        raise NothingToShow("Nothing is to be said about this photo; the application's status tells how it stands.")
    picture = drawn(session, kept, photo, found_on(made[-1]), said, language)
    audit.append(
        session, EventKind.PICTURE_VIEWED, client.actor, application_id=application_id, seen=SEEN, which=str(photo.id)
    )
    return picture


def drawn(
    session: Session, kept: Kept, photo: Photo, found: Measurements, said: Sequence[Message], language: Language
) -> bytes:
    """A photo with what is said about it; raises NotFound, PictureGone, KeyMissing, SealBroken, Unavailable."""
    if photo.review_key is None:
        raise _missing(found)
    sealed = SealedPhotos(kept.store, keys_of(session, photo.id).open(kept.kms))
    try:
        jpeg = sealed.get(photo.review_key)
    except NotFound as error:
        raise PictureGone("The store has no picture of this photo any more.") from error
    # A photo stored sideways has its header's dimensions exchanged; the measured ones are upright.
    faces = tuple(face.box for face in found.faces or ())
    shown = Shown(jpeg, found.width or photo.width, found.height or photo.height, faces)
    return annotated(shown, said, language)


def found_on(record: DecisionRecord) -> Measurements:
    """What was measured before a decision that was read with its assessment."""
    return Measurements.from_json(record.assessment.measurements) if record.assessment else Measurements()


def _missing(found: Measurements) -> PhotogateError:
    if found.width is None:
        return NotFound("No picture could be made of this file; the application's messages say why.")
    return PictureGone("There is no picture of this photo any more: its time was up, or the applicant was erased.")
