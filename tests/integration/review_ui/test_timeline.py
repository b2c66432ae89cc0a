"""The timeline of one application: pictures, scores, limits as they were, and who saw what."""

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.applications import policies
from photogate.applications.tables import Application
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from tests.factories import PORTRAIT, PROFILE, decided

NOTE = "Two sisters, one form."


@pytest.fixture
def auditor(person):
    return person("aud", Role.AUDITOR)


def looks(database):
    with database.transaction() as session:
        seen = select(Event).where(Event.kind.in_([EventKind.CASE_VIEWED, EventKind.PICTURE_VIEWED]))
        return [(event.actor, event.details["seen"]) for event in session.scalars(seen.order_by(Event.created_at))]


def application_id(database):
    with database.transaction() as session:
        return session.scalars(select(Application.id)).one()


def test_it_tells_everything_that_happened_and_by_which_limits(auditor, ada, case, database):
    with database.transaction() as session:
        policies.record(session, PROFILE)
    case_id = case("A-77")
    ada.open(f"/cases/{case_id}")
    ada.press("Claim")
    ada.press("Reject", "The eyes are closed", note=NOTE)
    page = auditor.open(f"/audit/applications/{application_id(database)}").text
    for words in ("A-77", "Sent to a person", "Rejected", "The eyes are closed.", NOTE, "Ada", "student@1", "ab" * 32):
        assert words in page
    real = PROFILE.real_photo
    assert f"refused up to {real.refuse_at:g}, real from {real.approve_at:g}" in page
    told = [page.index(words) for words in ("Photo submitted", "Photo measured", "Case taken")]
    assert told == sorted(told)


def test_limits_that_are_not_on_record_are_not_made_up(auditor, database):
    decided(database, PORTRAIT)
    page = auditor.open(f"/audit/applications/{application_id(database)}").text
    assert "not on record" in page
    assert "real from" not in page


def test_whoever_looks_is_on_record_and_shown(auditor, ada, case, database):
    case_id = case()
    page = ada.open(f"/cases/{case_id}").text
    assert "Case looked at" not in page
    photo = page.split("/pictures/")[1].split("/")[0]
    for picture in ("review.jpg", "crop.png"):
        assert ada.open(f"/pictures/{photo}/{picture}").status_code == 200
    page = auditor.open(f"/audit/applications/{application_id(database)}").text
    assert [seen for _, seen in looks(database)] == ["case", "review.jpg", "crop.png", "timeline"]
    assert len({who for who, _ in looks(database)}) == 2
    seen = page[page.index("Who saw what") :]
    told = [seen.index(words) for words in ("The case page", "The photo", "The model’s crop", "This page")]
    assert told == sorted(told)


def test_a_form_that_comes_back_is_a_look_too(ada, case, database):
    ada.open(f"/cases/{case()}")
    ada.press("Claim")
    before = len(looks(database))
    ada.press("Reject")
    assert ada.page.status_code == 422
    assert len(looks(database)) == before + 1


def test_a_picture_that_is_not_there_was_not_seen(ada, database):
    assert ada.open(f"/pictures/{new_id()}/crop.png").status_code == 404
    assert looks(database) == []


def test_reviewers_have_their_cases_and_no_timeline(ada, case, database):
    case()
    assert ada.open(f"/audit/applications/{application_id(database)}").status_code == 403
    assert looks(database) == []


def test_an_application_that_is_not_there_is_a_calm_page(auditor):
    assert auditor.open(f"/audit/applications/{new_id()}").status_code == 404
