"""The pictures on the pages: our own re-encoded ones, never the file that was submitted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from photogate.access.tables import User
from photogate.applications import queries as applications
from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.tables import Photo
from photogate.errors import NotFound
from photogate.messages import service as messages
from photogate.messages.drawing import MEDIA_TYPE, POLICY
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from review_ui import looks
from review_ui.blinding import require_unveiled
from review_ui.preview import said, spoken
from review_ui.program import Here, Program
from review_ui.sessions import SignedIn

router = APIRouter(prefix="/pictures/{photo_id}")

CACHE = {"Cache-Control": "private, max-age=900"}


@router.get("/review.jpg")
def review_copy(photo_id: UUID, here: Here, signed_in: SignedIn) -> Response:
    """The photo as people look at it: upright, at most 1600 px, without metadata."""
    sealed, name = sealed_picture(here, photo_id, signed_in.user, "review.jpg")
    return Response(sealed.get(name), media_type="image/jpeg", headers=CACHE)


@router.get("/crop.png")
def crop(photo_id: UUID, here: Here, signed_in: SignedIn) -> Response:
    """The 224 × 224 pixels that the model saw; raises Forbidden while the person has yet to judge the photo blind."""
    sealed, name = sealed_picture(here, photo_id, signed_in.user, "crop.png")
    return Response(sealed.get(name), media_type="image/png", headers=CACHE)


class Wanted(BaseModel):
    """A refusal that a person thinks of, and the language to tell it in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    verdict: Verdict
    reasons: list[ReasonCode]


@router.get("/annotated.svg")
def annotated(photo_id: UUID, here: Here, signed_in: SignedIn, wanted: Annotated[Wanted, Query()]) -> Response:
    """The photo with what the applicant would read of such a refusal, measured values and all.

    Raises Forbidden while the person has yet to judge the photo blind.
    """
    language = spoken(wanted.language)
    with here.database.transaction() as session:
        require_unveiled(session, signed_in.user, photo_id)
        ground = applications.last_decision_on(session, photo_id)
        shown = said(session, ground, wanted.verdict, wanted.reasons, language)
        kept = messages.Kept(here.store, here.kms)
        picture = messages.drawn(session, kept, ground.photo, messages.found_on(ground), shown, language)
        looks.record(session, signed_in.user, ground.application_id, messages.SEEN, photo_id)
    return Response(picture, media_type=MEDIA_TYPE, headers={**CACHE, "Content-Security-Policy": POLICY})


def sealed_picture(here: Program, photo_id: UUID, user: User, seen: str) -> tuple[SealedPhotos, str]:
    """Where the picture lies; that this person looks at it is on record before they can.

    Raises NotFound, and Forbidden for the crop of a photo that they have yet to judge blind.
    """
    with here.database.transaction() as session:
        keys, photo = keys_of(session, photo_id), session.get_one(Photo, photo_id)
        is_crop = seen == "crop.png"
        if is_crop:
            require_unveiled(session, user, photo_id)
        name = photo.crop_key if is_crop else photo.review_key
        if name is None:
            raise NotFound("There is no picture of this photo, or none any more.")
        looks.record(session, user, photo.application_id, seen, photo_id)
    return SealedPhotos(here.store, keys.open(here.kms)), name
