"""Auditors see over HTTP who is next in every open case, and alarms see it in /metrics."""

import pytest
from sqlalchemy import select

from photogate.access.tables import Scope
from photogate.audit.tables import Event, EventKind
from tests.factories import PORTRAIT, TWO_PEOPLE, decided, submit
from tests.integration.api.exchange import refusal
from tests.integration.photogate.breaking import superuser

HERE = "/v1/audit/open-cases"


@pytest.fixture
def auditor(connect):
    return connect(Scope.AUDIT_READ, client="audit office")


def test_auditors_see_how_many_wait_for_whom_and_the_cases_of_one_actor(auditor, database):
    made = decided(database, TWO_PEOPLE, reference="A-1")
    decided(database, PORTRAIT, reference="A-2")
    answer = auditor.get(HERE, params={"actor": "reviewer"}).json()
    assert {count["actor"]: (count["open"], count["overdue"]) for count in answer["actors"]} == {
        "issuer": (1, 0),
        "reviewer": (1, 0),
    }
    [case] = answer["cases"]
    assert (case["application_id"], case["status"], case["matter"]) == (str(made.application_id), "in_review", "photo")
    assert case["since"] < case["deadline"]
    assert answer["broken"] == []
    assert auditor.get(HERE).json()["cases"] == []


def test_a_case_in_which_nobody_is_next_stands_out(auditor, database, services, database_urls):
    photo = submit(database)
    with superuser(services, database_urls) as cursor:
        cursor.execute("UPDATE photos SET stage = 'decided', due_at = NULL, original_key = NULL")
    answer = auditor.get(HERE, params={"actor": "nobody"}).json()
    assert answer["broken"] == [{"application_id": str(photo.application_id), "rule": "photo_without_a_job"}]
    assert [(case["actor"], case["deadline"]) for case in answer["cases"]] == [(None, None)]
    metrics = auditor.get("/metrics").text
    assert 'photogate_open_cases{actor="nobody"} 1.0' in metrics
    assert 'photogate_open_cases{actor="worker"} 0.0' in metrics
    assert 'photogate_broken_cases{rule="photo_without_a_job"} 1.0' in metrics
    assert str(photo.application_id) not in metrics


def test_that_somebody_asked_is_recorded(auditor, database):
    auditor.get(HERE, params={"actor": "printer"})
    with database.transaction() as session:
        asked = session.scalars(select(Event).where(Event.kind == EventKind.AUDIT_QUERIED)).one()
    assert (asked.actor, asked.details) == ("client:audit office", {"open_cases": "printer"})


@pytest.mark.parametrize("asked", [{"actor": "somebody"}, {"limit": 0}, {"limit": 1001}, {"actor": ""}])
def test_a_question_that_makes_no_sense_is_refused(auditor, asked):
    assert refusal(auditor.get(HERE, params=asked)) == (422, "INVALID_REQUEST")


def test_nobody_asks_without_the_scope(connect):
    others = connect(Scope.PHOTO_WRITE, Scope.APPLICATION_READ, Scope.PRINT_RELEASE)
    assert refusal(others.get(HERE)) == (403, "FORBIDDEN")
