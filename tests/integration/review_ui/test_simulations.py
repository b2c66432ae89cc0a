"""The simulator's pages: asking, waiting, what came out, and the cases that change."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from photogate.access.tables import Role
from photogate.applications import policies
from photogate.audit.tables import Event, EventKind
from photogate.simulation import asking
from photogate.simulation.service import Question
from tests.factories import PLACEHOLDER, PORTRAIT, PROFILE, decided, user
from tests.integration.cli.test_simulate import STRICT
from tests.integration.photogate.promoted import BETTER
from tests.integration.photogate.tried import judged_beside, shadow_of
from worker.simulating import Simulating

HERE = "/audit/simulations"


@pytest.fixture
def past(database):
    return [decided(database, found, reference=f"A-{n}") for n, found in enumerate((PORTRAIT, PLACEHOLDER, PORTRAIT))]


@pytest.fixture
def relay(settings, database):
    return Simulating(settings, database, threading.Event())


@pytest.fixture
def auditor(person):
    return person("aud", Role.AUDITOR)


def asked(browser, **fields):
    browser.open(HERE)
    browser.press("Try these rules", **{"days": "7", **fields})
    return str(browser.page.url)


def test_an_auditor_tries_other_rules_and_sees_what_changes(auditor, database, past, relay):
    address = asked(auditor, toml=STRICT)
    assert "Waiting for the relay" in auditor.page.text
    assert 'http-equiv="refresh"' in auditor.page.text
    assert relay.turn() is True
    page = auditor.open(address).text
    for words in ("strict@1", "3 photos", "2 change", "Approved → Sent to a person", "By client", "no bound"):
        assert words in page
    assert 'http-equiv="refresh"' not in page
    changes = auditor.open(f"{address}/changes").text
    for made in past[:1] + past[2:]:
        assert f"/audit/applications/{made.application_id}" in changes
    assert f"/audit/applications/{past[1].application_id}" not in changes
    assert "Later" not in changes
    assert "done" in auditor.open(HERE).text
    assert relay.turn() is False


def test_pages_of_changes_follow_each_other(auditor, database, past, relay, monkeypatch):
    monkeypatch.setattr("review_ui.simulations.ROWS", 1)
    address = asked(auditor, toml=STRICT)
    relay.turn()
    first = auditor.open(f"{address}/changes").text
    assert f"/audit/applications/{past[0].application_id}" in first
    cursor = first.partition("cursor=")[2].partition('"')[0]
    second = auditor.open(f"{address}/changes?cursor={cursor}").text
    assert f"/audit/applications/{past[2].application_id}" in second
    assert "Later" not in second
    assert auditor.open(f"{address}/changes?cursor=nowhere").status_code == 422


def test_rules_on_record_can_be_chosen_and_change_nothing(auditor, database, past, relay):
    with database.transaction() as session:
        policies.record(session, PROFILE)
    address = asked(auditor, policy=PROFILE.reference)
    assert auditor.open(f"{address}/changes").status_code == 422
    relay.turn()
    assert "None of them changes." in auditor.open(address).text
    assert "Nothing changes" in auditor.open(f"{address}/changes").text


def test_a_model_is_tried_on_the_photos_that_it_judged_beside(auditor, database, past, relay):
    beside = shadow_of(database, BETTER)
    judged_beside(database, beside, past[0], replace(PORTRAIT, p_real=0.5))
    address = asked(auditor, policy=PROFILE.reference, model=BETTER.reference)
    relay.turn()
    page = auditor.open(address).text
    for words in (
        f"{PROFILE.reference} with {BETTER.reference}",
        "1 photos",
        "1 change",
        "2 further photos are left out",
    ):
        assert words in page
    changes = auditor.open(f"{address}/changes").text
    assert f"/audit/applications/{past[0].application_id}" in changes
    with database.transaction() as session:
        [told] = session.query(Event).filter(Event.kind == EventKind.SIMULATION_ASKED)
    assert told.details["model"] == BETTER.reference


def test_questions_and_looks_leave_events(auditor, database, past, relay):
    address = asked(auditor, toml=STRICT)
    relay.turn()
    auditor.open(address)
    with database.transaction() as session:
        told = {event.kind: event for event in session.query(Event).order_by(Event.id)}
    assert told[EventKind.SIMULATION_ASKED].details["policy"] == "strict@1"
    assert told[EventKind.AUDIT_QUERIED].details["simulation"] == address.rpartition("/")[2]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"toml": "name ="}, "The profile cannot be used"),
        ({"toml": STRICT.replace("0.9999", "7")}, "The profile cannot be used"),
        ({"days": "0"}, "Choose between 1 and 3,660 days."),
        ({"model": "nobody@1"}, "The model nobody@1 is not on record."),
        ({"policy": "nobody@1"}, "The policy nobody@1 is not on record."),
        ({"days": "many"}, "The form was not filled in"),
    ],
)
def test_what_cannot_be_tried_is_refused_on_a_calm_page(auditor, fields, sentence):
    asked(auditor, **fields)
    assert sentence in auditor.page.text
    assert auditor.page.status_code in {404, 422}


def test_reviewers_do_not_see_the_simulator(ada):
    assert ada.open(HERE).status_code == 403


def test_many_that_wait_are_enough(auditor, database):
    somebody = user(database, Role.ADMIN)
    with database.transaction() as session:
        for _ in range(asking.MOST_OPEN):
            asking.ask(session, somebody, Question.last(1, PROFILE, datetime.now(UTC).date()))
    asked(auditor)
    assert auditor.page.status_code == 409
    assert "10 simulations wait already" in auditor.page.text
