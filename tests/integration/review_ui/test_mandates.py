"""The page of mandates: what a model may decide alone, why it may not, and who lets it again."""

import pytest

from photogate.access.tables import Role
from tests.factories import PORTRAIT, user
from tests.integration.photogate.mandated import EVERYBODY, begin, judged_by_machine, standing, turn_bad


@pytest.fixture
def fallen(database):
    begin(database)
    turn_bad(database, user(database, email="reviewer@example.org"))


def test_a_mandate_shows_its_bound_its_promise_and_what_people_saw(person, database, fallen):
    page = person("aud", Role.AUDITOR).open("/audit/mandates").text
    for words in ("student@1", EVERYBODY.reference, "of 513 pictures", "3 of 3", ">by people<", "An admin can let it"):
        assert words in page
    assert ">Resume<" not in page


def test_an_admin_lets_it_decide_alone_again_and_says_why(person, database, fallen):
    admin = person("root", Role.ADMIN)
    admin.open("/audit/mandates")
    admin.press("Resume", because="The model was retrained.")
    assert not standing(database).is_suspended
    assert ">by people<" not in admin.page.text


def test_an_auditor_does_not_and_a_reviewer_does_not_even_see_it(person, ada, database, fallen):
    auditor = person("aud", Role.AUDITOR)
    auditor.open("/audit/mandates")
    sent = {"policy": EVERYBODY.reference, "model": "student@1", "because": "please"}
    token = {"form_token": auditor.form_token()}
    assert auditor.http.post("/audit/mandates/resume", data={**sent, **token}).status_code == 403
    assert standing(database).is_suspended
    assert ada.open("/audit/mandates").status_code == 403


def test_the_timeline_shows_the_bound_that_was_in_force(person, database, fallen):
    made = judged_by_machine(database, PORTRAIT)
    page = person("aud", Role.AUDITOR).open(f"/audit/applications/{made.application_id}").text
    assert "Bound in force: placeholders approved at most 1 %; seen 3 of 3" in page


def test_without_mandates_the_page_says_what_begins_one(person):
    assert "No model decides under a bound" in person("aud", Role.AUDITOR).open("/audit/mandates").text
