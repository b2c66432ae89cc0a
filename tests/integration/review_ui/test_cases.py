"""A case: what its page shows, whose it is, and what is recorded about it."""

import pytest
from sqlalchemy import func, select, update

from photogate.access.tables import Role
from photogate.applicants.queries import by_reference
from photogate.applications.tables import ActorKind, Application, DecisionRecord
from photogate.database import Database
from photogate.privacy import erasure
from photogate.reviews.tables import ReviewTask
from photogate.screening.measurements import Measurements, QualityMeasure
from photogate.screening.verdicts import ApplicationStatus, Verdict
from tests.factories import CLIENT, FACE, PROFILE, note_of
from tests.integration.review_ui.browser import counted_statements
from tests.keys import KMS

NOTE = "Two sisters, one form."
UNSURE = Measurements(
    width=600,
    height=800,
    faces=(FACE,),
    p_real=0.41,
    quality={"luminance_mean": QualityMeasure(0.4, 87.0, approximate=True), "eyes_open": QualityMeasure()},
    models={"student@1": "ab" * 32},
)


def status(database: Database) -> ApplicationStatus:
    with database.transaction() as session:
        return session.scalars(select(Application.status)).one()


def last_decision(database: Database) -> DecisionRecord:
    with database.transaction() as session:
        return session.scalars(select(DecisionRecord).order_by(DecisionRecord.created_at.desc())).first()


def take(browser, case_id):
    browser.open(f"/cases/{case_id}")
    browser.press("Claim")
    return browser


def lapse(database):
    with database.transaction() as session:
        session.execute(update(ReviewTask).values(lease_until=ReviewTask.opened_at))


def test_the_page_draws_each_face_in_the_photos_own_pixels(ada, case):
    page = ada.open(f"/cases/{case()}").text
    assert 'viewBox="0 0 600 800"' in page
    assert page.count('x="10" y="20" width="100" height="120"') == 2 * 2  # two faces, each an edge and a line


def test_the_page_says_why_with_measured_value_and_limit(ada, case):
    page = ada.open(f"/cases/{case(found=UNSURE)}").text
    assert "The model is not sure whether this is a real photo of a person." in page
    assert "Measured <b>0.41</b>, limit <b>0.98</b>" in page
    assert "placeholder up to 0.02" in page
    assert "Brightness" in page
    assert ">87<" in page
    assert 'title="approximate"' in page
    assert "Not assessed: Eyes open." in page


def test_opening_a_case_does_not_take_it(ada, ben, case):
    case_id = case()
    ada.open(f"/cases/{case_id}")
    assert ada.buttons == {"Claim"}
    assert take(ben, case_id).page.status_code == 200


def test_who_takes_a_case_is_offered_the_decision_and_nobody_else(ada, ben, case):
    case_id = case()
    take(ada, case_id)
    assert ada.buttons == {"Approve", "Ask for another photo", "Reject", "Give the case back"}
    ben.open(f"/cases/{case_id}")
    assert ben.buttons == set()
    assert "Ada has this case" in ben.page.text


def test_a_case_that_somebody_has_cannot_be_taken(ada, ben, case):
    case_id = case()
    ben.open(f"/cases/{case_id}")
    take(ada, case_id)
    taken = ben.http.post(f"/cases/{case_id}/claim", data={"form_token": ben.form_token()})
    assert taken.status_code == 409
    assert "no longer yours" in taken.text


def test_a_case_given_back_is_free(ada, ben, case):
    case_id = case()
    take(ada, case_id).press("Give the case back")
    assert ada.path == "/"
    ben.open(f"/cases/{case_id}")
    assert ben.buttons == {"Claim"}


def test_a_lapsed_claim_is_free_for_others(ada, ben, case, database):
    case_id = case()
    take(ada, case_id)
    lapse(database)
    assert "Reject" in take(ben, case_id).buttons


def test_approving_is_recorded_with_name_and_note_and_leads_to_the_next_case(ada, case, database):
    first, second = case("A-1"), case("A-2")
    take(ada, first).press("Approve", note=NOTE)
    assert ada.path == f"/cases/{second}"
    assert "Your decision was recorded" in ada.page.text
    recorded = last_decision(database)
    assert (recorded.verdict, recorded.actor_kind) == (Verdict.APPROVED, ActorKind.PERSON)
    assert note_of(database, recorded) == NOTE


def test_after_the_last_case_comes_the_queue(ada, case, database):
    take(ada, case()).press("Approve")
    assert ada.path == "/"
    assert "Nothing is waiting" in ada.page.text
    assert status(database) is ApplicationStatus.APPROVED


@pytest.mark.parametrize(
    ("button", "outcome"),
    [
        ("Ask for another photo", ApplicationStatus.RESUBMISSION_REQUESTED),
        ("Reject", ApplicationStatus.REJECTED),
    ],
)
def test_a_refusal_is_recorded_with_its_reasons(ada, case, database, button, outcome):
    take(ada, case()).press(button, "More than one face was found", "The eyes are closed")
    assert status(database) is outcome
    assert {reason["code"] for reason in last_decision(database).reasons} == {"MULTIPLE_FACES", "EYES_CLOSED"}


def test_a_refusal_without_a_reason_comes_back_with_what_was_typed(ada, case, database):
    take(ada, case()).press("Reject", note=NOTE)
    assert ada.page.status_code == 422
    assert NOTE in ada.page.text
    assert "A refusal needs at least one reason" in ada.page.text
    assert status(database) is ApplicationStatus.IN_REVIEW
    ada.press("Reject", "The photo is not sharp")
    assert note_of(database, last_decision(database)) == NOTE


def test_an_approval_with_a_reason_against_it_comes_back_with_what_was_ticked(ada, case, database):
    take(ada, case()).press("Approve", "The eyes are closed")
    assert ada.page.status_code == 422
    assert "An approval has no reasons" in ada.page.text
    assert status(database) is ApplicationStatus.IN_REVIEW
    ada.press("Reject")
    assert [reason["code"] for reason in last_decision(database).reasons] == ["EYES_CLOSED"]


def test_a_decision_on_a_case_that_was_lost_records_nothing_and_keeps_the_words(ada, ben, case, database):
    case_id = case()
    take(ada, case_id)
    lapse(database)
    take(ben, case_id)
    ada.press("Reject", "The eyes are closed", note=NOTE)
    assert ada.page.status_code == 409
    assert NOTE in ada.page.text
    assert "The eyes are closed." in ada.page.text
    assert status(database) is ApplicationStatus.IN_REVIEW


def test_a_decision_after_the_session_ended_records_nothing_and_keeps_the_words(ada, case, database):
    take(ada, case())
    ada.http.cookies.delete("photogate")
    ada.press("Approve", note=NOTE)
    assert ada.page.status_code == 401
    assert NOTE in ada.page.text
    assert status(database) is ApplicationStatus.IN_REVIEW


def test_what_people_type_stays_text(ada, case):
    take(ada, case()).press("Reject", note="<script>alert(1)</script>")
    assert "<script>alert" not in ada.page.text
    assert "&lt;script&gt;alert" in ada.page.text


def test_a_case_is_decided_once(ada, case, database):
    case_id = case()
    sent = {"form_token": ada.form_token(), "verdict": "rejected", "reasons": "EYES_CLOSED"}
    take(ada, case_id).press("Approve")
    assert ada.http.post(f"/cases/{case_id}/decision", data=sent).status_code == 409


def test_a_double_click_decides_once_and_goes_on(ada, case, database):
    case_id = case()
    sent = {"form_token": ada.form_token(), "verdict": "approved"}
    take(ada, case_id).press("Approve")
    again = ada.http.post(f"/cases/{case_id}/decision", data=sent)
    assert (again.status_code, again.url.path) == (200, "/")
    with database.transaction() as session:
        by_people = select(func.count()).where(DecisionRecord.actor_kind == ActorKind.PERSON)
        assert session.scalar(by_people) == 1


def test_the_history_tells_who_did_what_and_why(ada, ben, case):
    case_id = case()
    take(ada, case_id).press("Reject", "The eyes are closed", note=NOTE)
    page = ben.open(f"/cases/{case_id}").text
    told = ["Photo submitted", "Photo measured", "Sent to a person", "Case taken", "Rejected"]
    assert [page.index(what) for what in told] == sorted(page.index(what) for what in told)
    assert f"Policy {PROFILE.reference}" in page
    assert "Ada" in page
    assert NOTE in page
    assert ben.buttons == set()


def test_a_long_history_asks_the_database_no_more_often_than_a_short_one(app, ada, ben, case):
    case_id = case()
    for browser in (ada, ben):
        take(browser, case_id).press("Give the case back")
    with counted_statements(app) as short:
        ada.open(f"/cases/{case_id}")
    for browser in (ada, ben, ada, ben):
        take(browser, case_id).press("Give the case back")
    with counted_statements(app) as long:
        ada.open(f"/cases/{case_id}")
    assert len(long) == len(short)


def test_an_auditor_looks_and_does_not_decide(person, case, database):
    case_id, auditor = case(), person("aud", Role.AUDITOR)
    auditor.open(f"/cases/{case_id}")
    assert auditor.page.status_code == 200
    assert auditor.buttons == set()
    for path, sent in {"claim": {}, "return": {}, "decision": {"verdict": "approved"}}.items():
        refused = auditor.http.post(f"/cases/{case_id}/{path}", data={**sent, "form_token": auditor.form_token()})
        assert refused.status_code == 403
    assert status(database) is ApplicationStatus.IN_REVIEW


def test_an_admin_decides_too(person, case, database):
    take(person("root", Role.ADMIN), case()).press("Approve")
    assert status(database) is ApplicationStatus.APPROVED


def test_a_photo_that_nobody_can_see_cannot_be_approved(ada, case, database):
    case_id = case(found=Measurements())
    take(ada, case_id)
    assert "Approve" not in ada.buttons
    forced = {"form_token": ada.form_token(), "verdict": "approved"}
    assert ada.http.post(f"/cases/{case_id}/decision", data=forced).status_code == 422
    ada.press("Ask for another photo", "The file could not be read as a photo")
    assert status(database) is ApplicationStatus.RESUBMISSION_REQUESTED


def test_of_an_erased_applicant_a_case_shows_what_was_decided_and_nothing_of_them(ada, case, database):
    case_id = case("Zoe-4711")
    take(ada, case_id).press("Approve", note=NOTE)
    with database.transaction() as session:
        applicant = by_reference(session, KMS, CLIENT.name, "Zoe-4711", hold=True)
        erasure.erase(session, applicant, "user:test")
    page = ada.open(f"/cases/{case_id}").text
    assert "Approved" in page
    assert "Applicant erased" in page
    assert "It was removed" in page
    assert [word for word in ("Zoe-4711", NOTE) if word in page] == []
