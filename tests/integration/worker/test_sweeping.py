"""The relay's housekeeping: it sweeps when it starts, and then when its time has come."""

import pytest

from photogate.errors import Unavailable
from photogate.privacy.orphans import Found
from tests.factories import PORTRAIT, PROFILE
from tests.integration.photogate.applicant import applied, let_time_pass
from worker import sweeping
from worker.sweeping import Housekeeping


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 0.0

        def monotonic(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(sweeping, "time", made)
    return made


def test_what_has_run_out_goes_at_the_start_and_once_a_day(settings, database, store, clock):
    house = Housekeeping(settings, database)
    let_time_pass(database, PROFILE.retention.original_days, applied(database, store, "A-1", PORTRAIT))
    house.turn()
    assert len(list(store.keys(""))) == 2
    let_time_pass(database, PROFILE.retention.original_days, applied(database, store, "A-2", PORTRAIT))
    clock.now = settings.sweep_hours * 3600 - 1
    house.turn()
    assert len(list(store.keys(""))) == 5
    clock.now += 1
    house.turn()
    assert len(list(store.keys(""))) == 4


def test_a_sweep_that_failed_is_taken_up_again_at_the_next_turn(settings, database, store, clock, monkeypatch):
    house = Housekeeping(settings, database)
    let_time_pass(database, PROFILE.retention.original_days, applied(database, store, "A-1", PORTRAIT))
    with monkeypatch.context() as broken:

        def away(*_arguments, **_how):
            raise Unavailable("away")

        broken.setattr(sweeping.orphans, "search", away)
        with pytest.raises(Unavailable):
            house.turn()
    clock.now += 1
    removed = []
    monkeypatch.setattr(sweeping.orphans, "search", lambda *_: removed.append("searched") or iter(()))
    house.turn()
    assert removed == ["searched"]


def test_a_long_sweep_takes_many_turns_and_is_one_sweep(settings, database, clock, monkeypatch):
    done = []

    def long_search(*_):
        for piece in range(3):
            clock.now += sweeping.AT_ONCE_S
            done.append(piece)
            yield Found(0, ())

    monkeypatch.setattr(sweeping.orphans, "search", long_search)
    house = Housekeeping(settings, database)
    after_each = []
    for _ in range(6):
        house.turn()
        after_each.append(len(done))
    assert after_each == [1, 2, 3, 3, 3, 3]
