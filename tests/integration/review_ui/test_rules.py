"""The page of rules: what decides, what is proposed and what it would change, and the second person."""

import pytest

from photogate.access.tables import Role
from photogate.promotions import service
from photogate.promotions.queries import Rules
from tests.factories import PROFILE
from tests.integration.photogate.promoted import BETTER, STRICTER, STUDENT, adopted, on_record

TOML = f"""
name = "demo"
version = {PROFILE.version + 7}
min_short_side_px = 150
max_resubmissions = 5
[real_photo]
approve_at = 0.99
refuse_at = 0.02
[single_face]
smallest_share = 0.1
"""


@pytest.fixture
def ann(person, database):
    adopted(database)
    on_record(database)
    return person("ann", Role.ADMIN)


@pytest.fixture
def bob(person, ann):
    return person("bob", Role.ADMIN)


def live(database):
    with database.transaction() as session:
        return service.live(session)


def propose(browser, **typed):
    browser.open("/audit/rules")
    return browser.press("Propose", because="Fewer placeholders.", slot="live", **typed)


def test_before_a_worker_starts_nothing_decides(person):
    assert "Nothing decides yet" in person("aud", Role.AUDITOR).open("/audit/rules").text


def test_a_second_admin_sees_what_would_change_in_words_and_approves(ann, bob, database):
    own = propose(ann, policy=STRICTER.reference).text
    assert "Another admin approves it" in own
    assert "Approve" not in ann.buttons
    page = bob.open("/audit/rules").text
    for words in ("approve from", ">0.98<", ">0.985<", "Fewer placeholders.", "Ann"):
        assert words in page
    bob.press("Approve", because="Looked at the difference.")
    assert live(database).rules == Rules(STRICTER.reference, STUDENT.reference)
    for words in ("Looked at the difference.", "Fairness: 0 photos of applicants that people judged", "No group had"):
        assert words in bob.page.text


def test_a_new_version_is_proposed_as_text(ann, bob, database):
    propose(ann, profile=TOML)
    page = bob.open("/audit/rules").text
    for words in (f"demo@{PROFILE.version + 7}", "shorter side, pixels at least", ">150<", "not asked"):
        assert words in page
    assert ann.open("/audit/rules").status_code == 200


def test_a_profile_that_contradicts_itself_is_a_calm_page(ann, database):
    refused = propose(ann, profile=TOML.replace("0.99", "0.01"))
    assert (refused.status_code, "must lie below approve_at" in refused.text) == (422, True)
    assert live(database).number == 1


def test_its_author_withdraws_and_another_declines(ann, bob, database):
    propose(ann, model=BETTER.reference)
    ann.press("Withdraw", because="A mistake.")
    assert "A mistake." in ann.page.text
    propose(ann, model=BETTER.reference)
    bob.open("/audit/rules")
    bob.press("Decline", because="Not measured yet.")
    assert "Not measured yet." in bob.page.text
    assert live(database).number == 1


def test_whoever_proposed_is_refused_by_the_server_too(ann, bob, database):
    propose(ann, policy=STRICTER.reference)
    form = next(form for form in ann.forms if "Withdraw" in form.buttons)
    refused = ann.http.post(form.action, data={**form.fields, "word": "approve", "because": "It is mine."})
    assert (refused.status_code, "a second admin must look at it" in refused.text) == (403, True)
    assert live(database).number == 1


def test_rolling_back_is_proposed_from_the_history(ann, bob, database):
    propose(ann, policy=STRICTER.reference)
    bob.open("/audit/rules")
    bob.press("Approve", because="Good.")
    bob.press("Propose promotion 1 again", because="Too many go to people.")
    ann.open("/audit/rules")
    ann.press("Approve", because="So it is.")
    assert (live(database).number, live(database).rules.policy) == (3, PROFILE.reference)


def test_an_auditor_reads_and_a_reviewer_does_not_see_it(person, ann, ada, database):
    propose(ann, policy=STRICTER.reference)
    auditor = person("aud", Role.AUDITOR)
    page = auditor.open("/audit/rules").text
    assert "Waits for a second admin" in page
    assert auditor.buttons == set()
    token = {"form_token": auditor.form_token()}
    sent = {**token, "policy": PROFILE.reference, "because": "please"}
    assert auditor.http.post("/audit/rules/proposals", data=sent).status_code == 403
    assert ada.open("/audit/rules").status_code == 403
