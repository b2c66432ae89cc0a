"""Who judges the sample, or a case at which two people look, sees the photo and not what the machine makes of it."""

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.reviews.tables import ReviewTask
from tests.factories import PORTRAIT, TWO_PEOPLE
from tests.integration.photogate.four_eyed import opened
from tests.integration.photogate.mandated import EVERYBODY
from tests.integration.photogate.pictured import like, sent

TOLD_BY_THE_MACHINE = ("0.999", "student@1", "Clearly a real photo", "Measured <b>", "As the model saw it", "QUALITY")
TO_ASK = "language=en&verdict=resubmission_requested&reasons=NOT_SHARP"
OF_THE_APPLICANT = ("Zoe-4711", "ministry")


@pytest.fixture(params=["sampled", "paired"])
def blind(request, database):
    how = {"profile": EVERYBODY, "found": PORTRAIT} if request.param == "sampled" else {"found": TWO_PEOPLE}
    return opened(database, reference="Zoe-4711", **how)


def take(browser, task):
    browser.open(f"/cases/{task.id}")
    return browser.press("Claim").text


def test_before_the_verdict_the_page_shows_the_photo_and_nothing_of_the_machine_s(ada, blind):
    page = take(ada, blind)
    for word in (*TOLD_BY_THE_MACHINE, *OF_THE_APPLICANT):
        assert word not in page, word
    assert "review.jpg" in page
    assert 'class="face"' not in page
    assert "Judge this photo by itself." in page
    assert {"Approve", "Reject"} < ada.buttons


def test_nor_does_the_queue(ada, blind):
    page = ada.open("/").text
    assert f"Case {blind.id.hex[-6:]}" in page
    for word in (*TOLD_BY_THE_MACHINE, *OF_THE_APPLICANT):
        assert word not in page.replace("/cases/", ""), word


def test_after_the_verdict_the_machine_s_word_is_shown(ada, blind):
    take(ada, blind)
    ada.press("Approve")
    assert "Clearly a real photo" in ada.open(f"/cases/{blind.id}").text


@pytest.mark.parametrize("name", ["crop.png", f"annotated.svg?{TO_ASK}"])
def test_until_the_verdict_no_picture_at_a_typed_address_tells_it_either(ada, blind, name):
    take(ada, blind)
    address = f"/pictures/{blind.photo_id}/{name}"
    refused = ada.open(address)
    assert (refused.status_code, "You judge this photo by itself." in refused.text) == (403, True)
    assert ada.open(f"/pictures/{blind.photo_id}/review.jpg").status_code == 200
    ada.open(f"/cases/{blind.id}")
    ada.press("Approve")
    assert ada.open(address).status_code == 200


def test_that_somebody_else_has_spoken_opens_no_picture_for_the_second_person(ada, ben, person, database):
    paired = opened(database)
    take(ada, paired)
    ada.press("Approve")
    address = f"/pictures/{paired.photo_id}/crop.png"
    assert ben.open(address).status_code == 403
    assert person("aud", Role.AUDITOR).open(address).status_code == 200


def test_a_photo_to_be_judged_blind_is_nobody_s_known_placeholder(ada, blind):
    ada.open("/")
    form = {"photo_id": str(blind.photo_id), "form_token": ada.form_token()}
    assert ada.http.post("/known-pictures", data=form).status_code == 403


def test_among_pictures_that_came_again_it_is_not_shown(ada, person, database):
    first, _ = sent(database, "A-1", like(1, 0), found=PORTRAIT, profile=EVERYBODY)
    second, _ = sent(database, "A-2", like(1, 3), found=TWO_PEOPLE)
    crop = f"/pictures/{first.photo_id}/crop.png"
    assert crop not in ada.open("/known-pictures").text
    assert crop in person("aud", Role.AUDITOR).open("/known-pictures").text
    with database.transaction() as session:
        ordinary = session.scalars(select(ReviewTask.id).where(ReviewTask.decision_id == second.id)).one()
    page = ada.open(f"/cases/{ordinary}").text
    assert "From another applicant" in page
    assert "yours to judge by itself" in page
    assert crop not in page


def test_a_refusal_that_comes_back_stays_blind(ada, blind):
    take(ada, blind)
    assert ada.press("Reject").status_code == 422
    assert "Clearly a real photo" not in ada.page.text


def test_auditors_who_never_decide_see_all_of_it(person, blind):
    page = person("aud", Role.AUDITOR).open(f"/cases/{blind.id}").text
    assert "Zoe-4711" in page
    assert "Clearly a real photo" in page


def test_other_cases_show_what_they_always_did(ada, case):
    page = ada.open(f"/cases/{case('A-1')}").text
    assert "More than one face was found." in page
    assert "Clearly a real photo" in page
