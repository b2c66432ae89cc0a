"""The pictures on the pages: our own re-encoded ones, never the file that was submitted."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from photogate.applications.tables import Photo
from photogate.errors import NotFound
from review_ui.program import Here

router = APIRouter(prefix="/pictures/{photo_id}")

CACHE = {"Cache-Control": "private, max-age=900"}


@router.get("/review.jpg")
def review_copy(photo_id: UUID, here: Here) -> Response:
    """The photo as people look at it: upright, at most 1600 px, without metadata."""
    return _picture(here, _row(here, photo_id).review_key, "image/jpeg")


@router.get("/crop.png")
def crop(photo_id: UUID, here: Here) -> Response:
    """The 224 × 224 pixels that the model saw."""
    return _picture(here, _row(here, photo_id).crop_key, "image/png")


def _row(here: Here, photo_id: UUID) -> Photo:
    with here.database.transaction() as session:
        found = session.get(Photo, photo_id)
    if found is None:
        raise NotFound("There is no such picture.")
    return found


def _picture(here: Here, key: str | None, media_type: str) -> Response:
    if key is None:
        raise NotFound("No picture could be made of this photo.")
    return Response(here.store.get(key), media_type=media_type, headers=CACHE)
