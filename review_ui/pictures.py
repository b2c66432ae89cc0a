"""The pictures on the pages: our own re-encoded ones, never the file that was submitted."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from photogate.access.tables import User
from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.tables import Photo
from photogate.errors import NotFound
from review_ui import looks
from review_ui.program import Here, Program
from review_ui.sessions import SignedIn

router = APIRouter(prefix="/pictures/{photo_id}")

CACHE = {"Cache-Control": "private, max-age=900"}


@router.get("/review.jpg")
def review_copy(photo_id: UUID, here: Here, signed_in: SignedIn) -> Response:
    """The photo as people look at it: upright, at most 1600 px, without metadata."""
    sealed, name = _sealed(here, photo_id, signed_in.user, "review.jpg")
    return Response(sealed.get(name), media_type="image/jpeg", headers=CACHE)


@router.get("/crop.png")
def crop(photo_id: UUID, here: Here, signed_in: SignedIn) -> Response:
    """The 224 × 224 pixels that the model saw."""
    sealed, name = _sealed(here, photo_id, signed_in.user, "crop.png")
    return Response(sealed.get(name), media_type="image/png", headers=CACHE)


def _sealed(here: Program, photo_id: UUID, user: User, seen: str) -> tuple[SealedPhotos, str]:
    """Where the picture lies; that this person looks at it is on record before they can."""
    with here.database.transaction() as session:
        keys, photo = keys_of(session, photo_id), session.get_one(Photo, photo_id)
        name = photo.crop_key if seen == "crop.png" else photo.review_key
        if name is None:
            raise NotFound("There is no picture of this photo, or none any more.")
        looks.record(session, user, photo.application_id, seen, photo_id)
    return SealedPhotos(here.store, keys.open(here.kms)), name
