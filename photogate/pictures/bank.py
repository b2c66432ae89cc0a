"""The bank of known placeholders: people add to it and remove from it, and everything they do is an event."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Session

from photogate.access.tables import Role, User
from photogate.applications.tables import Application, Photo
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.pictures import clusters
from photogate.pictures.fingerprints import bands, read, written
from photogate.pictures.tables import KnownPicture, PictureFingerprint, Source

MOST_WORDS = 500
MANAGERS = {Role.REVIEWER, Role.ADMIN}


class AlreadyKnown(Conflict):
    """The bank has this picture, or one that differs from it in a few bits."""

    code, title = "ALREADY_KNOWN", "The bank has this picture already"


def add_from_case(session: Session, photo_id: UUID, picture: bytes, person: User, because: str) -> KnownPicture:
    """Add the picture of a case, `picture` being its crop (PNG); whoever adds it says that it shows nobody.

    Raises Forbidden, Unprocessable without a reason, NotFound, AlreadyKnown, Conflict when nothing is kept to know the
    picture again by.
    """
    words = _allowed(person, because)
    photo = session.get(Photo, photo_id)
    if photo is None:
        raise NotFound("There is no such photo.")
    taken = session.get(PictureFingerprint, photo_id)
    if taken is None or taken.perceptual is None:
        raise Conflict("The picture is too plain to be told from others, or its applicant was erased.")
    application = session.get_one(Application, photo.application_id)
    added = _new(read(taken.perceptual), picture, person, words)
    added.source, added.photo_id, added.decision_id = Source.CASE, photo_id, application.current_decision_id
    _add(session, added, person, application.id)
    return added


def add_from_file(
    session: Session, perceptual: bytes, picture: bytes, file_sha256: str, person: User, because: str
) -> KnownPicture:
    """Add the picture of a file, by its hash and its crop (PNG).

    Raises Forbidden, Unprocessable without a reason, AlreadyKnown.
    """
    added = _new(perceptual, picture, person, _allowed(person, because))
    added.source, added.file_sha256 = Source.FILE, file_sha256
    _add(session, added, person, None)
    return added


def remove(session: Session, known_id: UUID, person: User, because: str) -> None:
    """Take a picture out of the bank: who it was added by and why stays, what it looks like goes.

    Raises Forbidden, Unprocessable without a reason, NotFound, Conflict when it was removed already.
    """
    words = _allowed(person, because)
    known = session.get(KnownPicture, known_id, with_for_update=True)
    if known is None:
        raise NotFound("There is no such picture in the bank.")
    if known.removed_at is not None:
        raise Conflict("The picture was removed already.")
    known.perceptual = known.bands = known.picture = None
    known.removed_at, known.removed_by, known.removed_because = func.clock_timestamp(), person.id, words
    session.flush()
    _tell(session, EventKind.KNOWN_PICTURE_REMOVED, person, known, None)


def _allowed(person: User, because: str) -> str:
    if person.role not in MANAGERS:
        raise Forbidden("Reviewers and admins manage the known placeholders.")
    if not because.strip() or len(because) > MOST_WORDS:
        raise Unprocessable(f"Say why in at most {MOST_WORDS} characters; auditors read it.")
    return because.strip()


def _new(perceptual: bytes, picture: bytes, person: User, because: str) -> KnownPicture:
    return KnownPicture(
        id=new_id(),
        perceptual=written(perceptual),
        bands=bands(perceptual),
        picture=picture,
        because=because,
        added_by=person.id,
    )


def _add(session: Session, added: KnownPicture, person: User, application_id: UUID | None) -> None:
    perceptual = read(added.perceptual or "")
    if clusters.is_known(session, perceptual):
        raise AlreadyKnown("The bank has this picture already, or one that nobody can tell from it.")
    session.add(added)
    session.flush()
    _tell(session, EventKind.KNOWN_PICTURE_ADDED, person, added, application_id)


def _tell(session: Session, kind: EventKind, person: User, known: KnownPicture, application_id: UUID | None) -> None:
    because = known.because if kind is EventKind.KNOWN_PICTURE_ADDED else known.removed_because
    audit.append(
        session,
        kind,
        f"user:{person.id}",
        application_id=application_id,
        picture=str(known.id),
        source=known.source.value,
        because=because,
    )
