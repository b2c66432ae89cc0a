"""The queue: what waits, why, and who gets what next."""

from photogate.access.tables import Role
from photogate.screening.measurements import Measurements
from tests.factories import PLACEHOLDER, PORTRAIT, decided
from tests.integration.review_ui.browser import counted_statements


def test_the_oldest_case_stands_first_with_its_reason_in_plain_words(ada, case):
    case("OLD-1")
    case("NEW-1")
    page = ada.open("/").text
    assert 0 < page.index("OLD-1") < page.index("NEW-1")
    assert "More than one face was found." in page
    assert "2 open cases" in page
    assert "ministry" in page


def test_what_was_decided_by_the_policy_does_not_wait(ada, database):
    decided(database, PORTRAIT)
    decided(database, PLACEHOLDER, reference="A-2")
    assert "Nothing is waiting" in ada.open("/").text
    assert ada.buttons == set()


def test_the_same_reason_is_said_once(ada, case):
    case(found=Measurements())
    assert ada.open("/").text.count("A check that the issuer asks for did not run.") == 1


def test_the_queue_tells_who_has_a_case(ada, ben, case):
    case()
    ada.open("/")
    ada.press("Next case")
    assert "You</b>" in ada.open("/").text
    assert "Ada</span>" in ben.open("/").text


def test_two_reviewers_get_two_cases_and_the_third_goes_without(ada, ben, person, case):
    cases = {f"/cases/{case('A-1')}", f"/cases/{case('A-2')}"}
    cem = person("cem")
    for browser in (ada, ben, cem):
        browser.open("/")
    for browser in (ada, ben, cem):
        browser.press("Next case")
    assert {ada.path, ben.path} == cases
    assert cem.path == "/"


def test_next_case_leads_back_to_the_case_one_has(ada, case):
    case("A-1")
    case("A-2")
    ada.open("/")
    first = ada.press("Next case").url
    ada.open("/")
    assert ada.press("Next case").url == first


def test_an_auditor_is_offered_no_case(person, case):
    case()
    auditor = person("aud", Role.AUDITOR)
    auditor.open("/")
    assert auditor.buttons == set()
    assert auditor.http.post("/next", data={"form_token": auditor.form_token()}).status_code == 403


def test_a_long_queue_asks_the_database_no_more_often_than_a_short_one(app, ada, case):
    case("A-0")
    with counted_statements(app) as for_one:
        ada.open("/")
    for number in range(1, 8):
        case(f"A-{number}")
    with counted_statements(app) as for_eight:
        ada.open("/")
    assert len(for_eight) == len(for_one)
