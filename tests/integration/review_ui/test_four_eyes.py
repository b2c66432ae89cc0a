"""Four eyes on the pages: what each person sees, and what nobody sees too early."""

import pytest

from photogate.access.tables import Role
from tests.integration.photogate.four_eyed import measured_again, opened

NOTE = "Blurred all over."


@pytest.fixture
def paired(database):
    return opened(database)


def judge(browser, case_id, button, *ticked, **typed):
    browser.open(f"/cases/{case_id}")
    browser.press("Claim")
    return browser.press(button, *ticked, **typed)


def refuse(browser, case_id):
    return judge(browser, case_id, "Ask for another photo", "The photo is not sharp", note=NOTE)


def test_who_gave_the_first_verdict_goes_on_to_the_next_case(ada, paired, case):
    later = case("A-2")
    judge(ada, paired.id, "Approve")
    assert ada.path == f"/cases/{later}"
    assert "Your decision was recorded" in ada.page.text
    assert "Your verdict is recorded" in ada.open(f"/cases/{paired.id}").text
    assert ada.buttons == set()
    ada.open("/")
    assert ada.page.text.count("/cases/") == 1


def test_the_second_person_sees_nothing_of_the_first(ada, ben, paired):
    fresh = ben.open(f"/cases/{paired.id}").text
    refuse(ada, paired.id)
    page = ben.open(f"/cases/{paired.id}").text
    assert page == fresh
    for trace in ("Ada", NOTE, "The photo is not sharp.", "Case taken", "Verdict given"):
        assert trace not in page
    assert ben.buttons == {"Claim"}


def test_once_it_is_settled_the_history_says_what_each_of_them_said(ada, ben, person, paired):
    judge(ada, paired.id, "Approve")
    refuse(ben, paired.id)
    settling = person("judge", Role.ADJUDICATOR)
    page = settling.open(f"/cases/{paired.id}").text
    assert "Two people disagree, and you settle it" in page
    assert NOTE in page
    assert "Ben" not in page
    refuse(settling, paired.id)
    told = ada.open(f"/cases/{paired.id}").text
    assert "Ada had said" in told
    assert "Ben had said" in told


def test_a_reviewer_is_told_that_a_disagreement_is_not_theirs_to_settle(ada, ben, person, paired):
    judge(ada, paired.id, "Approve")
    refuse(ben, paired.id)
    carol = person("carol")
    assert "An adjudicator settles this case" in carol.open(f"/cases/{paired.id}").text
    assert carol.buttons == set()
    assert "Nothing is waiting" in carol.open("/").text


def test_a_verdict_on_what_has_changed_meanwhile_comes_back_as_it_was_typed(ada, paired, database):
    ada.open(f"/cases/{paired.id}")
    ada.press("Claim")
    measured_again(database, paired)
    ada.press("Ask for another photo", "The photo is not sharp", note=NOTE)
    assert ada.page.status_code == 412
    assert "has changed since you opened it" in ada.page.text
    assert NOTE in ada.page.text
    ada.press("Ask for another photo")
    assert ada.page.status_code == 200


def test_the_tag_of_the_evidence_is_the_page_s_and_may_come_as_if_match(ada, paired):
    ada.open(f"/cases/{paired.id}")
    ada.press("Claim")
    tag, sent = ada.page.headers["etag"], {"form_token": ada.form_token(), "verdict": "approved"}
    send = f"/cases/{paired.id}/decision"
    assert ada.http.post(send, data=sent, headers={"If-Match": '"other"'}).status_code == 412
    assert ada.http.post(send, data=sent).status_code == 412
    assert ada.http.post(send, data=sent, headers={"If-Match": tag}).status_code == 200


def test_the_first_person_is_refused_by_the_server_too(ada, paired):
    judge(ada, paired.id, "Approve")
    token = {"form_token": ada.form_token()}
    refused = ada.http.post(f"/cases/{paired.id}/claim", data=token)
    assert refused.status_code == 409
    assert "another person" in refused.text


def test_a_double_click_on_a_first_verdict_goes_on_as_if_it_were_one(ada, paired, database):
    ada.open(f"/cases/{paired.id}")
    ada.press("Claim")
    form = next(form for form in ada.forms if "Approve" in form.buttons)
    sent = {**{name: values[0] for name, values in form.fields.items()}, "verdict": "approved"}
    for _ in range(2):
        assert ada.http.post(form.action, data=sent).status_code == 200
