"""Submitting, asking and sending another photo, as an integrator does."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import select

from photogate.access.keys import Client
from photogate.access.tables import Scope
from photogate.applications.tables import Photo
from tests.factories import PLACEHOLDER, PORTRAIT, PROFILE, TWO_PEOPLE, claim, decided, finish, jpeg, kept_originals
from tests.integration.api.exchange import refusal

AS_JPEG = {"Content-Type": "image/jpeg"}
MINISTRY = Client("ministry", frozenset(Scope))
UNSURE = replace(PORTRAIT, p_real=0.6)


def test_a_photo_is_accepted_as_a_form_and_as_the_body_itself(api, database, store):
    first, second = jpeg(colour="red"), jpeg(colour="blue")
    as_form = api.post("/v1/applications", files={"photo": ("a.jpg", first)}, data={"reference": "Zoë 1"})
    as_body = api.post("/v1/applications", params={"reference": "Zoë 2"}, content=second, headers=AS_JPEG)
    for answer, content, reference in ((as_form, first, "Zoë 1"), (as_body, second, "Zoë 2")):
        assert answer.status_code == 202
        view = answer.json()
        assert answer.headers["location"] == view["links"]["self"] == f"/v1/applications/{view['id']}"
        assert (view["reference"], view["status"], view["attempt"], view["reasons"]) == (reference, "received", 1, [])
        assert view["photo_sha256"] == hashlib.sha256(content).hexdigest()
        assert api.get(answer.headers["location"]).json() == view
    assert kept_originals(database, store) == [first, second]
    assert not {first, second} & {store.get(key) for key in store.keys("")}, "nothing lies open in the store"


def test_a_photo_that_comes_in_pieces_without_a_length_is_accepted(api):
    content = jpeg((1600, 1200))
    pieces = (content[start : start + 1000] for start in range(0, len(content), 1000))
    answer = api.post("/v1/applications?reference=A-1", content=pieces, headers=AS_JPEG)
    assert answer.json()["photo_sha256"] == hashlib.sha256(content).hexdigest()


def test_the_status_follows_the_decision_and_only_public_reasons_leave(api, database):
    asked_again = decided(database, PLACEHOLDER)
    view = api.get(f"/v1/applications/{asked_again.application_id}").json()
    assert view["status"] == "resubmission_requested"
    assert view["links"]["photos"] == f"/v1/applications/{asked_again.application_id}/photos"
    assert view["reasons"] == [
        {
            "code": "PLACEHOLDER_IMAGE",
            "message": "This is not a photo of a person.",
            "disposition": "retry",
            "source": {"standard": "Photogate", "measure": "PLACEHOLDER_IMAGE", "id": None},
        }
    ]
    unsure = decided(database, UNSURE)
    assert [reason["code"] for reason in unsure.reasons] == ["LOW_CONFIDENCE"]
    here = f"/v1/applications/{unsure.application_id}"
    view, decisions = api.get(here).json(), api.get(f"{here}/decisions").json()["decisions"]
    assert (view["status"], view["reasons"]) == ("in_review", [])
    assert [(decision["verdict"], decision["reasons"]) for decision in decisions] == [("in_review", [])]
    assert "LOW_CONFIDENCE" not in str((view, decisions))


def test_decisions_say_who_decided_what_on_which_photo(api, database):
    record = decided(database, TWO_PEOPLE)
    [decision] = api.get(f"/v1/applications/{record.application_id}/decisions").json()["decisions"]
    assert (decision["id"], decision["decided_by"]) == (str(record.id), "policy")
    assert decision["policy"] == PROFILE.reference
    assert (decision["attempt"], [reason["code"] for reason in decision["reasons"]]) == (1, ["MULTIPLE_FACES"])
    assert decision["reasons"][0]["source"]["standard"] == "ISO/IEC 29794-5"
    assert {"note", "user_id", "models", "native", "threshold"} & (
        decision.keys() | decision["reasons"][0].keys()
    ) == set()


def test_another_photo_is_taken_only_when_it_was_asked_for(api, database, store):
    asked = decided(database, PLACEHOLDER)
    photos = f"/v1/applications/{asked.application_id}/photos"
    answer = api.post(photos, files={"photo": ("b.jpg", jpeg(colour="green"))})
    assert (answer.status_code, answer.json()["status"], answer.json()["attempt"]) == (202, "received", 2)
    assert api.get(answer.headers["location"]).json() == answer.json(), (
        "the reasons of the first photo are not the second's"
    )
    assert refusal(api.post(photos, content=jpeg(), headers=AS_JPEG)) == (409, "CONFLICT")
    approved = decided(database, PORTRAIT)
    late = api.post(f"/v1/applications/{approved.application_id}/photos", content=jpeg(), headers=AS_JPEG)
    assert refusal(late) == (409, "CONFLICT")
    assert len(list(store.keys(""))) == 1


def test_the_photos_that_may_be_sent_have_a_limit(api, database, store):
    asked = decided(database, PLACEHOLDER)
    photos = f"/v1/applications/{asked.application_id}/photos"
    for _ in range(5):
        assert api.post(photos, content=jpeg(), headers=AS_JPEG).status_code == 202
        with database.transaction() as session:
            latest = session.scalars(select(Photo).order_by(Photo.attempt.desc())).first()
        finish(database, claim(database, latest.id), PLACEHOLDER)
    view = api.get(f"/v1/applications/{asked.application_id}").json()
    assert (view["status"], view["photos_left"], "photos" in view["links"]) == ("in_review", 0, False)
    assert [reason["code"] for reason in view["reasons"]] == ["PLACEHOLDER_IMAGE", "RESUBMISSION_LIMIT"]
    answer = api.post(photos, content=jpeg(), headers=AS_JPEG)
    assert refusal(answer) == (409, "RESUBMISSION_LIMIT")
    assert answer.json()["detail"] == "The application is in_review, and all 6 photos that it may have were sent."
    assert len(list(store.keys(""))) == 5


def test_a_client_pages_through_its_own_applications(api, database):
    own = [str(decided(database, PORTRAIT, MINISTRY, f"A-{number}").application_id) for number in range(5)]
    decided(database, PORTRAIT, Client("harbour office", frozenset(Scope)), "B-1")
    decided(database, PLACEHOLDER, MINISTRY, "A-9")
    seen, page = [], "/v1/applications?status=approved&limit=2"
    while page:
        answer = api.get(page).json()
        assert len(answer["applications"]) <= 2
        seen, page = seen + [application["id"] for application in answer["applications"]], answer["next"]
    assert seen == own
    assert len(api.get("/v1/applications").json()["applications"]) == 6
    assert api.get("/v1/applications?status=rejected").json() == {"applications": [], "next": None}


@pytest.mark.parametrize("kind", ["image/png", "image/anything", "application/octet-stream", "IMAGE/JPEG; q=1"])
def test_the_bytes_tell_the_type_and_not_the_header(api, kind):
    answer = api.post("/v1/applications?reference=A-1", content=jpeg(), headers={"Content-Type": kind})
    assert answer.status_code == 202
