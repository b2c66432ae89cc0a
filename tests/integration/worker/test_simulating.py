"""The relay's simulations: one at a time, by whoever has the lease, and never for ever."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from photogate.access.tables import Role
from photogate.applicants.master_keys import KeyMissing
from photogate.simulation import asking
from photogate.simulation.asking import LeaseLost
from photogate.simulation.counts import Counts
from photogate.simulation.service import Question
from tests.factories import PORTRAIT, PROFILE, decided, user
from worker import simulating
from worker.simulating import Simulating

TODAY = datetime.now(UTC).date()


@pytest.fixture
def asked(database):
    """Somebody asks for a simulation of three days with one photo."""
    decided(database, PORTRAIT)
    with database.transaction() as session:
        return asking.ask(session, user(database, Role.ADMIN), Question.last(3, PROFILE, TODAY))


@pytest.fixture
def relay(settings, database):
    return Simulating(settings, database, threading.Event())


def as_it_stands(database, asked):
    with database.transaction() as session:
        return asking.simulation(session, asked.id)


def left_alone(database):
    with database.transaction() as session:
        session.execute(text("UPDATE simulations SET lease_until = now() - interval '1 second'"))


def test_what_was_asked_is_done_once(database, relay, asked):
    assert relay.turn() is True
    done = as_it_stands(database, asked)
    assert sum(Counts.from_json(done.counts).days.values()) == 1
    assert done.finished_at is not None
    assert relay.turn() is False


def test_nobody_takes_what_somebody_does_until_the_lease_has_run_out(database, asked):
    with database.transaction() as session:
        first = asking.take(session)
    with database.transaction() as session:
        assert asking.take(session) is None
    left_alone(database)
    with database.transaction() as session:
        assert asking.take(session).id == asked.id
    with database.transaction() as session, pytest.raises(LeaseLost):
        asking.finish(session, first, Counts())


def test_a_relay_that_is_told_to_stop_leaves_the_rest_to_another(settings, database, asked):
    told_to_stop = threading.Event()
    told_to_stop.set()
    assert Simulating(settings, database, told_to_stop).turn() is True
    assert as_it_stands(database, asked).finished_at is None
    left_alone(database)
    assert Simulating(settings, database, threading.Event()).turn() is True
    assert as_it_stands(database, asked).counts is not None


def test_progress_is_told_while_it_goes_on(database, relay, asked, monkeypatch):
    monkeypatch.setattr(simulating, "SPEAK_EVERY_S", 0)
    relay.turn()
    assert as_it_stands(database, asked).days_done == 3


def test_what_cannot_be_done_is_refused_in_one_sentence(database, relay, asked, monkeypatch):
    def refuse(*_, **__):
        raise KeyMissing("A key is missing.")

    monkeypatch.setattr(simulating, "simulate", refuse)
    relay.turn()
    assert as_it_stands(database, asked).refusal == "A key is missing."


def test_what_fails_again_and_again_is_given_up(database, relay, asked, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(simulating, "simulate", fail)
    for _ in range(asking.MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            relay.turn()
        left_alone(database)
    relay.turn()
    assert as_it_stands(database, asked).refusal == "Given up after 3 attempts."
