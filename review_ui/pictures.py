"""The pictures on the pages: our own re-encoded ones, never the file that was submitted."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.tables import Photo
from photogate.errors import NotFound
from review_ui.program import Here, Program

router = APIRouter(prefix="/pictures/{photo_id}")

CACHE = {"Cache-Control": "private, max-age=900"}


@router.get("/review.jpg")
def review_copy(photo_id: UUID, here: Here) -> Response:
    """The photo as people look at it: upright, at most 1600 px, without metadata."""
    return _picture(here, photo_id, "review_key", "image/jpeg")


@router.get("/crop.png")
def crop(photo_id: UUID, here: Here) -> Response:
    """The 224 × 224 pixels that the model saw."""
    return _picture(here, photo_id, "crop_key", "image/png")


def _picture(here: Program, photo_id: UUID, which: str, media_type: str) -> Response:
    with here.database.transaction() as session:
        keys, photo = keys_of(session, photo_id), session.get_one(Photo, photo_id)
    name = getattr(photo, which)
    if name is None:
        raise NotFound("No picture could be made of this photo.")
    return Response(SealedPhotos(here.store, keys.open(here.kms)).get(name), media_type=media_type, headers=CACHE)
