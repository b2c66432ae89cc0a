"""Getting in, staying in for a while, and getting out."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from photogate.access import users
from photogate.access.tables import User, UserSession
from tests.factories import user
from tests.integration.review_ui.browser import PASSWORD


@pytest.fixture
def known(database):
    return user(database, password=PASSWORD)


def link_for(database, person):
    with database.transaction() as session:
        return f"/sign-in/link?token={users.create_link(session, person, actor='user:test')}"


def test_the_right_password_leads_to_the_queue(visitor, known):
    browser = visitor().sign_in(known.email)
    assert browser.path == "/"
    assert "Ada" in browser.page.text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(visitor, known):
    wrong, unknown = visitor(), visitor()
    wrong.sign_in(known.email, "not the password")
    unknown.sign_in("nobody@example.org", "not the password")
    assert wrong.page.status_code == unknown.page.status_code == 401
    assert users.REFUSAL in wrong.page.text
    assert users.REFUSAL in unknown.page.text


def test_a_refused_sign_in_keeps_the_address_and_not_the_password(visitor, known):
    browser = visitor().sign_in(known.email, "not the password")
    assert known.email in browser.page.text
    assert "not the password" not in browser.page.text


def test_after_ten_wrong_passwords_the_right_one_is_refused_for_a_while(visitor, known):
    browser = visitor()
    for _ in range(users.MAX_FAILED_SIGN_INS):
        browser.sign_in(known.email, "not the password")
    assert browser.sign_in(known.email).page.status_code == 401


def test_signing_in_goes_on_to_the_page_that_was_asked_for(visitor, known, case):
    wanted, browser = f"/cases/{case()}", visitor()
    browser.open(wanted)
    assert browser.path == "/sign-in"
    browser.press("Sign in", email=known.email, password=PASSWORD)
    assert browser.path == wanted


@pytest.mark.parametrize("elsewhere", ["https://example.net/", "//example.net/", "/\\example.net", "example.net"])
def test_signing_in_never_leads_to_another_site(visitor, known, elsewhere):
    browser = visitor()
    browser.http.follow_redirects = False
    browser.page = browser.http.get("/sign-in", params={"next": elsewhere})
    assert browser.press("Sign in", email=known.email, password=PASSWORD).headers["location"] == "/"


def test_looking_at_a_sign_in_link_does_not_use_it_up(visitor, known, database):
    link = link_for(database, known)
    for _ in range(2):
        visitor().open(link)
    browser = visitor()
    browser.open(link)
    browser.press("Sign in")
    assert browser.path == "/"


def test_a_sign_in_link_works_once(visitor, known, database):
    link, first, second = link_for(database, known), visitor(), visitor()
    first.open(link)
    second.open(link)
    first.press("Sign in")
    assert second.press("Sign in").status_code == 401
    assert "has been used" in second.page.text


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(visitor, ada):
    stolen = dict(ada.http.cookies)
    ada.press("Sign out")
    assert ada.path == "/sign-in"
    thief = visitor()
    thief.http.cookies.update(stolen)
    thief.open("/")
    assert thief.path == "/sign-in"


@pytest.mark.parametrize(
    ("column", "ago"),
    [(UserSession.seen_at, timedelta(minutes=31)), (UserSession.created_at, timedelta(hours=13))],
    ids=["idle", "old"],
)
def test_a_session_ends_by_itself(ada, database, column, ago):
    with database.transaction() as session:
        session.execute(update(UserSession).values({column: func.now() - ago}))
    ada.open("/")
    assert ada.path == "/sign-in"


def test_a_disabled_person_is_out_at_once(ada, database):
    with database.transaction() as session:
        session.execute(update(User).values(disabled_at=func.now()))
    ada.open("/")
    assert ada.path == "/sign-in"


def test_who_is_signed_in_is_not_asked_again(ada):
    ada.open("/sign-in?next=/")
    assert ada.path == "/"


def test_no_script_reads_the_session_and_no_other_site_sends_it(visitor, known):
    browser = visitor()
    browser.http.follow_redirects = False
    cookies = browser.sign_in(known.email).page.headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("photogate="))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(session.split("; "))


def test_the_database_does_not_hold_the_cookie(ada, database):
    with database.transaction() as session:
        kept = session.scalars(select(UserSession.token_sha256)).one()
    assert ada.http.cookies["photogate"] != kept
