"""Who judges the sample, or a case at which two people look, sees the photo and not what the machine makes of it."""

import pytest

from photogate.access.tables import Role
from tests.factories import PORTRAIT, TWO_PEOPLE
from tests.integration.photogate.four_eyed import opened
from tests.integration.photogate.mandated import EVERYBODY

TOLD_BY_THE_MACHINE = ("0.999", "student@1", "Clearly a real photo", "Measured <b>", "As the model saw it", "QUALITY")
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
