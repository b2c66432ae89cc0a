"""The audit pages: what auditors find, keep and take along, and that nobody else gets in."""

import csv
import hashlib
import re

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from tests.factories import PLACEHOLDER, PORTRAIT, TWO_PEOPLE, decided
from tests.integration.review_ui.browser import counted_statements


@pytest.fixture
def auditor(person):
    return person("aud", Role.AUDITOR)


def events(database, *kinds):
    with database.transaction() as session:
        return session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.created_at)).all()


def shown(browser):
    return re.findall(r'href="/audit/applications/([0-9a-f-]{36})"', browser.page.text)


def test_the_newest_decision_stands_first_with_reason_policy_and_model(auditor, database):
    first, second = decided(database, PORTRAIT), decided(database, TWO_PEOPLE, reference="SECRET-2")
    page = auditor.open("/audit").text
    assert shown(auditor) == [str(second.application_id), str(first.application_id)]
    for words in ("More than one face was found.", f"Policy {first.policy}", "student@1", "ministry"):
        assert words in page
    assert "SECRET" not in page


def test_a_form_with_empty_fields_asks_for_what_was_filled_in(auditor, database):
    approved = decided(database, PORTRAIT)
    decided(database, PLACEHOLDER, reference="A-2")
    auditor.open("/audit?from=&to=&outcome=approved&reason=&actor=&model=&policy=&application=&photo=")
    assert shown(auditor) == [str(approved.application_id)]
    assert '<option value="approved" selected>' in auditor.page.text
    [question] = events(database, EventKind.AUDIT_QUERIED)
    assert question.details == {"filters": {"outcome": "approved"}, "found": 1}


def test_older_leads_to_the_rest(auditor, database, monkeypatch):
    monkeypatch.setattr("review_ui.audit.ROWS", 2)
    made = [str(decided(database, PORTRAIT, reference=f"A-{number}").application_id) for number in range(3)]
    auditor.open("/audit?outcome=approved")
    assert shown(auditor) == made[:0:-1]
    older = re.search(r'href="(/audit\?[^"]*cursor=[^"]*)"', auditor.page.text)[1].replace("&amp;", "&")
    auditor.open(older)
    assert shown(auditor) == made[:1]
    assert ">Older<" not in auditor.page.text


def test_an_applicant_is_found_without_the_reference_in_any_address_or_event(auditor, database):
    decided(database, PORTRAIT, reference="A-1")
    wanted = decided(database, PORTRAIT, reference="SECRET-2")
    auditor.open("/audit")
    auditor.press("Find", reference=" SECRET-2 ")
    assert shown(auditor) == [str(wanted.application_id)]
    assert "SECRET" not in str(auditor.page.url)
    assert "SECRET" not in str([event.details for event in events(database, EventKind.AUDIT_QUERIED)])


def test_looking_for_somebody_who_is_not_there_says_so_and_is_recorded(auditor, database):
    auditor.open("/audit")
    auditor.press("Find", reference="NOBODY-1")
    assert auditor.page.status_code == 404
    assert "Nobody is called so" in auditor.page.text
    assert events(database, EventKind.AUDIT_QUERIED)[-1].details["filters"] == {"applicants": []}


def test_a_search_is_kept_asked_again_and_removed(auditor, database):
    decided(database, PLACEHOLDER)
    auditor.open("/audit?outcome=rejected&from=2026-01-01&to=2026-01-31")
    auditor.press("Keep", name="January")
    assert auditor.path == "/audit"
    kept = re.search(r'<a href="([^"]+)">January</a>', auditor.page.text)[1].replace("&amp;", "&")
    assert kept == "/audit?from=2026-01-01&to=2026-01-31&outcome=rejected"
    auditor.open(kept)
    auditor.press("Remove")
    assert "January" not in auditor.page.text


def test_a_search_without_a_name_is_not_kept(auditor):
    auditor.open("/audit?outcome=rejected")
    auditor.press("Keep", name="  ")
    assert auditor.page.status_code == 422


def test_an_export_has_a_manifest_page(auditor, database):
    decided(database, PORTRAIT)
    auditor.open("/audit?outcome=approved")
    address = re.search(r'href="(/audit/export\?[^"]*csv)"', auditor.page.text)[1].replace("&amp;", "&")
    file = auditor.http.get(address)
    [row] = csv.DictReader(file.text.splitlines())
    assert row["outcome"] == "approved"
    name = re.search(r'filename="decisions-([0-9a-f-]{36})\.csv"', file.headers["content-disposition"])[1]
    page = auditor.open(f"/audit/exports/{name}").text
    assert hashlib.sha256(file.content).hexdigest() in page
    assert "<dd>Aud</dd>" in page


def test_statistics_count_and_the_numbers_stand_beside_the_plot(auditor, database):
    decided(database, PORTRAIT)
    decided(database, TWO_PEOPLE, reference="A-2")
    page = auditor.open("/audit/statistics").text
    assert page.count("<title>") >= 1 + 5
    assert "Decisions by outcome" in page
    assert re.search(r": 1 Approved</title>", page)
    assert "More than one face was found" in page
    [question] = events(database, EventKind.AUDIT_QUERIED)
    assert question.details["page"] == "statistics"


@pytest.mark.parametrize("period", ["from=2026-02-01&to=2026-01-01", "from=1926-02-01&to=2026-01-01", "from=soon"])
def test_a_period_that_is_none_is_refused(auditor, period):
    assert auditor.open(f"/audit/statistics?{period}").status_code == 422


@pytest.mark.parametrize("query", ["outcome=perhaps", "photo=abc", "application=1", "cursor=nowhere", "from=soon"])
def test_a_question_that_is_none_is_refused(auditor, query):
    assert auditor.open(f"/audit?{query}").status_code == 422


@pytest.mark.parametrize(
    "path", ["/audit", "/audit/statistics", "/audit/export?format=csv", f"/audit/exports/{new_id()}"]
)
def test_reviewers_do_not_audit(ada, path):
    assert ada.open(path).status_code == 403
    assert 'href="/audit"' not in ada.open("/").text


def test_admins_audit_too(person):
    assert person("root", Role.ADMIN).open("/audit").status_code == 200


def test_auditors_write_nothing_but_their_own_searches(auditor, case):
    for path in ("/audit", f"/audit/applications/{application_of(auditor, case)}", "/audit/statistics"):
        auditor.open(path)
        assert auditor.buttons <= {"Find", "Keep", "Remove", "Search", "Show", "Compute it again"}


def application_of(auditor, case):
    case()
    auditor.open("/audit")
    return shown(auditor)[0]


def test_a_full_page_asks_the_database_no_more_often_than_a_short_one(app, auditor, database):
    decided(database, PORTRAIT)
    auditor.open("/audit")
    with counted_statements(app) as for_one:
        auditor.open("/audit")
    for number in range(6):
        decided(database, PORTRAIT, reference=f"B-{number}")
    with counted_statements(app) as for_seven:
        auditor.open("/audit")
    assert len(for_seven) == len(for_one)
