"""The relay: speaks up for what is due, gives to people what nobody could finish, and outlives every outage."""

import signal
import threading
import time
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from photogate.applications.tables import Photo, Stage
from photogate.database import Database
from photogate.jobs.names import Queue
from photogate.jobs.publisher import Publisher
from photogate.reviews.tables import ReviewTask
from photogate.screening.verdicts import ApplicationStatus, Verdict
from tests.factories import jpeg, note_of
from worker import relay as relay_module
from worker import tasks
from worker.relay import Relay
from worker.sandbox import SandboxFailed

NOBODY_LISTENS = "127.0.0.1:1"


@pytest.fixture
def publisher(settings) -> Publisher:
    """The broker, with nothing waiting in it."""
    with Redis.from_url(settings.redis_url) as redis:
        redis.delete(*[queue.value for queue in Queue])
    return Publisher(settings.redis_url)


@pytest.fixture
def relay(settings, database, publisher) -> Relay:
    return Relay(settings, database, publisher)


def make_due(database):
    with database.transaction() as session:
        session.execute(update(Photo).where(Photo.due_at.is_not(None)).values(due_at=func.now() - timedelta(seconds=1)))


def failed_three_times(desk, tools, monkeypatch):
    def prepare(_photo):
        raise SandboxFailed("the box ended")

    monkeypatch.setattr(tools.sandbox, "prepare", prepare)
    photo_id = desk.submit(jpeg(), tell=False)
    for _ in range(3):
        tasks.prepare(str(photo_id))
    return photo_id


def run_for_a_moment(relay, until):
    """Run the loop until `until()` holds, then tell it to stop."""
    told_to_stop = threading.Event()
    loop = threading.Thread(target=relay.run, args=[told_to_stop])
    loop.start()
    deadline = time.monotonic() + 30
    while not until() and time.monotonic() < deadline:
        time.sleep(0.02)
    told_to_stop.set()
    loop.join(10)
    return until() and not loop.is_alive()


def test_a_photo_whose_message_got_lost_is_spoken_of_again(desk, database, publisher, relay):
    desk.submit(jpeg(), tell=False)
    relay.turn()
    assert publisher.waiting(Stage.PREPARE) == 0  # not yet: the first message may still be under way
    make_due(database)
    relay.turn()
    relay.turn()
    assert publisher.waiting(Stage.PREPARE) == 1


def test_each_stage_has_its_own_queue(desk, database, publisher, relay, tools):
    tools.settings = tools.settings.model_copy(update={"inline_classify": False})
    photo_id = desk.submit(jpeg(), tell=False)
    tasks.prepare(str(photo_id))
    assert publisher.waiting(Stage.CLASSIFY) == 1  # told by the worker itself
    make_due(database)
    relay.turn()
    assert (publisher.waiting(Stage.PREPARE), publisher.waiting(Stage.CLASSIFY)) == (0, 2)


def test_a_long_backlog_is_not_multiplied(desk, database, publisher, relay, monkeypatch):
    monkeypatch.setattr(relay_module, "MOST_WAITING", 3)
    for _ in range(5):
        desk.submit(jpeg(), tell=False)
    for _ in range(4):
        make_due(database)
        relay.turn()
    assert publisher.waiting(Stage.PREPARE) == 3


def test_after_three_attempts_people_decide(desk, database, relay, tools, monkeypatch):
    photo_id = failed_three_times(desk, tools, monkeypatch)
    relay.turn()
    decision = desk.decision(photo_id)
    assert decision.verdict is Verdict.IN_REVIEW
    assert {reason["code"] for reason in decision.reasons} == {"CHECK_NOT_ASSESSED"}
    assert note_of(database, decision) == "Gave up after 3 attempts."
    assert desk.statuses() == {ApplicationStatus.IN_REVIEW}
    with database.transaction() as session:
        assert session.scalars(select(ReviewTask.decision_id)).one() == decision.id


def test_what_was_measured_before_the_classifier_failed_is_kept_for_people(desk, store, relay, tools):
    tools.settings = tools.settings.model_copy(update={"inline_classify": False})
    photo_id = desk.submit(jpeg(), tell=False)
    tasks.prepare(str(photo_id))
    store.delete(desk.photo(photo_id).crop_key)
    for _ in range(3):
        tasks.classify(str(photo_id))
    relay.turn()
    assert desk.measured(photo_id)["faces"] == []
    assert desk.photo(photo_id).review_key
    codes = [reason["code"] for reason in desk.decision(photo_id).reasons]
    assert codes == ["CHECK_NOT_ASSESSED", "FACE_NOT_FOUND", "CHECK_NOT_ASSESSED", "CHECK_NOT_ASSESSED"]


def test_two_relays_give_a_photo_up_once(desk, settings, database, publisher, tools, monkeypatch):
    photos = [failed_three_times(desk, tools, monkeypatch) for _ in range(6)]
    relays = [Relay(settings, Database(settings.database_url), publisher) for _ in range(2)]
    loops = [threading.Thread(target=relay.turn) for relay in relays]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    assert desk.machine_decisions() == dict.fromkeys(photos, 1)


@pytest.mark.parametrize(
    "away",
    [{"redis_url": f"redis://{NOBODY_LISTENS}/0"}, {"database_url": f"postgresql+psycopg2://{NOBODY_LISTENS}/x"}],
)
def test_an_outage_makes_the_relay_wait_and_not_die(settings, away):
    settings = settings.model_copy(update={"relay_interval_s": 0.01, **away})
    relay = Relay(settings, Database(settings.database_url), Publisher(settings.redis_url))
    with capture_logs() as logs:
        assert run_for_a_moment(relay, lambda: sum(line["event"] == "turn_failed" for line in logs) >= 3)
    assert {line["log_level"] for line in logs if line["event"] == "turn_failed"} == {"warning"}


def test_a_fault_of_its_own_is_logged_and_survived(desk, database, publisher, relay, monkeypatch):
    desk.submit(jpeg(), tell=False)
    make_due(database)
    give_up, faults = relay.give_up, iter([RuntimeError("something new")])

    def give_up_once_it_works():
        for fault in faults:
            raise fault
        return give_up()

    monkeypatch.setattr(relay, "give_up", give_up_once_it_works)
    assert run_for_a_moment(relay, lambda: publisher.waiting(Stage.PREPARE) == 1)


def test_sigterm_ends_the_relay_program_promptly(launch):
    relay = launch("relay", relay_interval_s=600)
    began = time.monotonic()
    relay.stop()
    assert time.monotonic() - began < relay.program.grace_s
    assert relay.program.stop_signal is signal.SIGTERM
