"""Nothing is recorded for a form that a page of ours did not send."""

import pytest
from sqlalchemy import select

from photogate.reviews.tables import ReviewTask
from tests.factories import user
from tests.integration.review_ui.browser import PASSWORD


def posts(case_id):
    return {
        "/next": {},
        f"/cases/{case_id}/claim": {},
        f"/cases/{case_id}/return": {},
        f"/cases/{case_id}/decision": {"verdict": "approved"},
        "/sign-out": {},
    }


@pytest.mark.parametrize("token", [None, "", "guessed", "ü"])
def test_a_form_without_this_browsers_token_changes_nothing(ada, case, database, token):
    case_id = case()
    for path, fields in posts(case_id).items():
        sent = fields if token is None else {**fields, "form_token": token}
        assert ada.http.post(path, data=sent).status_code == 403, path
    with database.transaction() as session:
        task = session.scalars(select(ReviewTask)).one()
        assert (task.claimed_by, task.closed_at) == (None, None)
    ada.open("/")
    assert ada.path == "/"


def test_another_persons_token_does_not_open_a_form(ada, ben):
    assert ada.http.post("/sign-out", data={"form_token": ben.form_token()}).status_code == 403


def test_another_site_cannot_sign_a_browser_in(visitor, database):
    known, browser, attacker = user(database, password=PASSWORD), visitor(), visitor()
    attacker.open("/sign-in")
    sent = {"email": known.email, "password": PASSWORD, "form_token": attacker.form_token()}
    assert browser.http.post("/sign-in", data=sent).status_code == 403


def test_words_that_another_site_sends_do_not_stand_on_our_page(ada, case):
    sent = {"verdict": "rejected", "note": "call this number"}
    refused = ada.http.post(f"/cases/{case()}/decision", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert "call this number" not in refused.text


def test_a_form_larger_than_any_of_ours_is_not_read(ada, case):
    assert ada.http.post(f"/cases/{case()}/decision", content=b"note=" + b"a" * 70_000).status_code == 413


def test_what_cannot_be_written_is_refused(ada):
    sent = {"form_token": ada.form_token(), "note": "a\0b"}
    assert ada.http.post("/next", data=sent).status_code == 422
