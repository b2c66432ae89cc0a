"""The bank of known placeholders, and the pictures that came from several applicants."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from photogate.errors import NotFound
from photogate.pictures import bank, clusters
from photogate.pictures.tables import KnownPicture
from review_ui.blinding import veiled_photos
from review_ui.known_pictures_view import KnownPicturesView, cluster_rows, known_rows
from review_ui.pages import page
from review_ui.pictures import CACHE, sealed_picture
from review_ui.program import Here
from review_ui.sessions import Reviewer, SignedIn, may_decide

router = APIRouter(prefix="/known-pictures")

SHOWN_AT_ONCE = 100
FROM_A_CASE = "Added from a case."

Words = Annotated[str, Form(max_length=bank.MOST_WORDS)]


@router.get("")
def show_known_pictures(request: Request, here: Here, signed_in: SignedIn) -> Response:
    """What came again and again, without what the person has yet to judge blind, and what the bank holds."""
    with here.database.transaction() as session:
        known = known_rows(clusters.bank(session, limit=SHOWN_AT_ONCE), clusters.sightings(session))
        found = clusters.repeated(session, limit=SHOWN_AT_ONCE)
        veiled = veiled_photos(session, signed_in.user, [cluster.photo_id for cluster in found])
        repeated = cluster_rows(cluster for cluster in found if cluster.photo_id not in veiled)
    return page(request, "known_pictures.html", KnownPicturesView(repeated, known, may_decide(signed_in.user)))


@router.post("")
def add(
    here: Here,
    reviewer: Reviewer,
    photo_id: Annotated[UUID, Form()],
    case_id: Annotated[UUID | None, Form()] = None,
    because: Words = FROM_A_CASE,
) -> Response:
    """Add the picture of a photo, and go back to where it was seen; raises AlreadyKnown, Conflict, Forbidden."""
    sealed, name = sealed_picture(here, photo_id, reviewer, "crop.png")
    picture = sealed.get(name)
    with here.database.transaction() as session:
        bank.add_from_case(session, photo_id, picture, reviewer, because)
    return RedirectResponse(f"/cases/{case_id}" if case_id else "/known-pictures", 303)


@router.post("/{known_id}/removed")
def remove(here: Here, reviewer: Reviewer, known_id: UUID, because: Words) -> Response:
    """Take a picture out of the bank again."""
    with here.database.transaction() as session:
        bank.remove(session, known_id, reviewer, because)
    return RedirectResponse("/known-pictures", 303)


@router.get("/{known_id}/picture.png")
def picture(here: Here, known_id: UUID) -> Response:
    """The crop of a known placeholder, which shows nobody."""
    with here.database.transaction() as session:
        known = session.get(KnownPicture, known_id)
    if known is None or known.picture is None:
        raise NotFound("There is no such picture in the bank, or none any more.")
    return Response(known.picture, media_type="image/png", headers=CACHE)
