"""Pictures: for people who are signed in, and never the file that was submitted."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from photogate.applications.tables import Photo
from photogate.database import new_id
from photogate.storage import S3PhotoStore
from tests.factories import jpeg


@pytest.fixture
def photo(case, database):
    case()
    with database.transaction() as session:
        return session.scalars(select(Photo)).one()


@pytest.mark.parametrize(("name", "media_type"), [("review.jpg", "image/jpeg"), ("crop.png", "image/png")])
def test_our_own_pictures_are_shown_to_who_is_signed_in(ada, visitor, photo, name, media_type):
    address = f"/pictures/{photo.id}/{name}"
    shown = ada.open(address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, media_type)
    assert shown.headers["cache-control"].startswith("private")
    stranger = visitor()
    stranger.open(address)
    assert stranger.path == "/sign-in"


def test_the_submitted_file_has_no_address(ada, store, photo):
    store.put(photo.original_key, jpeg(), "image/jpeg")
    for name in ("original", "original.jpg", photo.original_key, photo.sha256):
        assert ada.open(f"/pictures/{photo.id}/{name}").status_code == 404


@pytest.mark.parametrize("photo_id", [new_id(), "not-an-id"])
def test_an_unknown_picture_is_not_found(ada, photo_id):
    assert ada.open(f"/pictures/{photo_id}/review.jpg").status_code == 404


def test_a_store_that_lets_nobody_in_is_said_calmly(app, ada, settings, photo):
    wrong = settings.model_copy(update={"s3_secret_key": SecretStr("not the key")})
    app.state.program = replace(app.state.program, store=S3PhotoStore(wrong))
    answer = ada.open(f"/pictures/{photo.id}/review.jpg")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_a_picture_that_the_store_lost_is_not_found(ada, store, photo):
    store.delete(photo.review_key)
    assert ada.open(f"/pictures/{photo.id}/review.jpg").status_code == 404
