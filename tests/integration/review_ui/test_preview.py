"""A reviewer sees what the applicant would read before it is sent, and what the limit of photos means."""

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.applications import policies, service
from photogate.applications.tables import DecisionRecord, Photo
from photogate.audit.tables import Event, EventKind
from photogate.messages.drawing import POLICY
from photogate.reviews.tables import ReviewTask
from photogate.screening.measurements import Measurements
from tests.factories import PLACEHOLDER, PROFILE, claim, decided, finish, intake

TICKED = "More than one face was found"


def take(browser, case_id):
    browser.open(f"/cases/{case_id}")
    browser.press("Claim")
    return browser


@pytest.fixture
def last_case(database):
    """A case at the last photo that the profile allows."""
    with database.transaction() as session:
        policies.record(session, PROFILE)
    record = decided(database, PLACEHOLDER)
    for _ in range(PROFILE.max_resubmissions):
        with database.transaction() as session:
            photo = service.resubmit(session, intake(), record.application_id, PROFILE).photo
        record = finish(database, claim(database, photo.id), PLACEHOLDER)
    with database.transaction() as session:
        return session.scalars(select(ReviewTask.id).where(ReviewTask.decision_id == record.id)).one()


@pytest.mark.parametrize(
    ("name", "direction", "words"),
    [
        ("English", "ltr", "2 faces were found; the photo must show exactly one."),
        ("Français", "ltr", "2 visages ont été trouvés"),
        ("العربية", "rtl", "عُثر على وجهين"),
    ],
)
def test_the_preview_says_what_the_applicant_would_read_and_keeps_the_form(ada, case, name, direction, words):
    take(ada, case()).press(name, TICKED, note="Two sisters.")
    assert ada.page.status_code == 200
    assert words in ada.page.text
    assert f'dir="{direction}"' in ada.page.text
    assert "Two sisters." in ada.page.text
    assert "checked" in ada.page.text
    ada.press("Ask for another photo")
    assert ada.path == "/"


def test_a_preview_records_no_decision(ada, case, database):
    take(ada, case()).press("English", TICKED)
    with database.transaction() as session:
        assert len(session.scalars(select(DecisionRecord)).all()) == 1


def test_a_preview_wants_a_reason(ada, case):
    take(ada, case()).press("English", note="Two sisters.")
    assert ada.page.status_code == 422
    assert "A refusal needs at least one reason" in ada.page.text
    assert "Two sisters." in ada.page.text


def test_a_preview_that_is_opened_again_leads_to_the_case(ada, case):
    case_id = case()
    ada.open(f"/cases/{case_id}/preview")
    assert ada.path == f"/cases/{case_id}"


def test_the_picture_in_the_preview_is_what_the_applicant_would_see_and_a_look_at_it_is_on_record(ada, case, database):
    take(ada, case()).press("Français", TICKED)
    address = ada.page.text.partition('src="/pictures/')[2].partition('"')[0].replace("&amp;", "&")
    shown = ada.open(f"/pictures/{address}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/svg+xml")
    assert shown.headers["content-security-policy"] == POLICY
    assert "2 visages ont été trouvés" in shown.text
    with database.transaction() as session:
        seen = session.scalars(select(Event.details).where(Event.kind == EventKind.PICTURE_VIEWED)).all()
    assert [look["seen"] for look in seen] == ["annotated.svg"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "language=en&verdict=nothing&reasons=NOT_SHARP",
        "language=en&verdict=rejected&reasons=LOW_CONFIDENCE",
        "language=en&verdict=rejected&reasons=<script>",
        "language=en&verdict=in_review&reasons=NOT_SHARP",
        "language=en&verdict=rejected&reasons=NOT_SHARP&more=1",
    ],
)
def test_a_picture_of_what_nobody_can_decide_is_refused_calmly(ada, case, database, query):
    case()
    with database.transaction() as session:
        photo_id = session.scalars(select(Photo.id)).one()
    answer = ada.open(f"/pictures/{photo_id}/annotated.svg?{query}")
    assert answer.status_code == 422
    assert "<script>" not in answer.text


def test_a_photo_without_a_picture_is_previewed_in_words(ada, case):
    take(ada, case(found=Measurements())).press("English", "The file could not be read as a photo")
    assert "The file cannot be opened" in ada.page.text
    assert "annotated.svg" not in ada.page.text


def test_at_the_limit_no_other_photo_can_be_asked_for(ada, last_case):
    take(ada, last_case)
    assert "all that the profile allows were sent" in ada.page.text
    assert "Measured <b>6</b>, limit <b>6</b>" in ada.page.text
    assert "This was the last photo that the profile allows" in ada.page.text
    assert "Ask for another photo" not in ada.buttons
    forced = {
        "form_token": ada.form_token(),
        "verdict": "resubmission_requested",
        "reasons": "PLACEHOLDER_IMAGE",
        "note": "Still a cat.",
    }
    refused = ada.http.post(f"/cases/{last_case}/decision", data=forced)
    assert refused.status_code == 409
    assert "Still a cat." in refused.text
    ada.press("English", "This is not a photo of a person")
    assert "No more photos can be sent" in ada.page.text
    assert "Ask the office where you applied" in ada.page.text


def test_a_preview_is_for_who_may_decide(person, case):
    case_id, auditor = case(), person("aud", Role.AUDITOR)
    auditor.open(f"/cases/{case_id}")
    sent = {"form_token": auditor.form_token(), "reasons": "NOT_SHARP", "language": "en"}
    assert auditor.http.post(f"/cases/{case_id}/preview", data=sent).status_code == 403
