"""The same picture elsewhere, as a case shows it beside its own."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from photogate.access.tables import User
from photogate.applications.tables import Photo
from photogate.pictures.clusters import is_known
from photogate.pictures.fingerprints import read
from photogate.pictures.tables import KnownPicture, PictureFingerprint
from photogate.screening.likeness import PICTURE_BITS, Likeness
from photogate.screening.measurements import Measurements
from review_ui.blinding import veiled_photos


@dataclass(frozen=True, slots=True)
class SamePicture:
    """Another picture that nobody can tell from this one; `address` is empty where it cannot be shown."""

    what: str
    apart: str
    address: str


@dataclass(frozen=True, slots=True)
class Alike:
    """What is the same as a case's picture, and whether it could become a known placeholder."""

    pictures: tuple[SamePicture, ...] = ()
    can_be_added: bool = False


def alike(session: Session, photo_id: UUID, found: Measurements, user: User) -> Alike:
    """What the look-up found when the photo was judged, as far as it is still there, and what the bank has now.

    Of a photo that the user has yet to judge blind there is no picture.
    """
    taken = session.get(PictureFingerprint, photo_id)
    can_be_added = bool(taken and taken.perceptual and not is_known(session, read(taken.perceptual)))
    return Alike(_same_pictures(session, found, user), can_be_added)


def _same_pictures(session: Session, found: Measurements, user: User) -> tuple[SamePicture, ...]:
    seen = found.seen
    if seen is None:
        return ()
    photos = (("Refused before", seen.refused), ("From another applicant", seen.elsewhere))
    # The same photo may be both.
    other = {like.id: SamePicture(what, _apart(like), _crop_of(session, like, user)) for what, like in photos if like}
    known = seen.placeholder
    bank = (SamePicture("Known placeholder", _apart(known), _known(session, known)),) if known else ()
    return (*bank, *other.values())


def _apart(like: Likeness) -> str:
    how = ", left and right exchanged" if like.mirrored else ""
    return f"{like.bits} of {PICTURE_BITS} bits differ{how}" if like.bits else f"no bit differs{how}"


def _crop_of(session: Session, like: Likeness, user: User) -> str:
    photo_id = UUID(like.id)
    is_kept = session.scalar(select(Photo.crop_key).where(Photo.id == photo_id))
    is_shown = is_kept and not veiled_photos(session, user, [photo_id])
    return f"/pictures/{like.id}/crop.png" if is_shown else ""


def _known(session: Session, like: Likeness) -> str:
    is_kept = session.scalar(select(KnownPicture.removed_at.is_(None)).where(KnownPicture.id == UUID(like.id)))
    return f"/known-pictures/{like.id}/picture.png" if is_kept else ""
