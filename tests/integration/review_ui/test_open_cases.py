"""The page of open cases: who is next, since when, and what is broken."""

import pytest

from photogate.access.tables import Role
from tests.factories import PORTRAIT, TWO_PEOPLE, decided
from tests.integration.photogate.breaking import superuser

HERE = "/audit/open-cases"


@pytest.fixture
def aud(person):
    return person("aud", Role.AUDITOR)


def test_the_page_counts_by_whoever_is_next_and_lists_the_cases_of_one(aud, database):
    made = decided(database, TWO_PEOPLE, reference="A-1")
    decided(database, PORTRAIT, reference="A-2")
    page = aud.open(HERE).text
    for words in ("A reviewer", "The issuer", "less than a minute", "?actor=reviewer"):
        assert words in page
    assert str(made.application_id) not in page
    page = aud.open(f"{HERE}?actor=reviewer").text
    assert f'href="/audit/applications/{made.application_id}"' in page
    assert "Next is a reviewer" in page
    assert "overdue</b>" not in page


def test_what_is_late_and_what_is_broken_stands_out(aud, database, services, database_urls):
    late, lost = (decided(database, TWO_PEOPLE, reference=name) for name in ("A-1", "A-2"))
    with superuser(services, database_urls) as cursor:
        cursor.execute(
            "UPDATE review_tasks SET opened_at = now() - interval '9 days', due_at = now() - interval '8 days'"
        )
        cursor.execute("DELETE FROM review_tasks WHERE application_id = %s", (str(lost.application_id),))
    page = aud.open(f"{HERE}?actor=reviewer").text
    assert "overdue</b>" in page
    assert str(late.application_id) in page
    assert "People are to decide, and there is no case for them." in page
    assert "<b>1 case needs a look.</b>" in page
    assert "Next is nobody" in aud.open(f"{HERE}?actor=nobody").text


def test_without_open_cases_the_page_says_so(aud):
    assert "No case is open" in aud.open(HERE).text


def test_reviewers_do_not_see_it_and_nonsense_is_a_calm_page(ada, aud):
    assert ada.open(HERE).status_code == 403
    answer = aud.open(f"{HERE}?actor=somebody")
    assert answer.status_code == 422
    assert "Traceback" not in answer.text
