"""What a worker does when its work is cut short, overtaken or cannot succeed."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, update
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from photogate.applications.tables import Photo, Stage
from photogate.errors import Unavailable
from photogate.jobs import service as jobs
from photogate.settings import Settings
from photogate.storage import S3PhotoStore
from tests.factories import jpeg
from worker import tasks
from worker.sandbox import SandboxFailed
from worker.tools import Tools

NOBODY_LISTENS = "127.0.0.1:1"


def fails_with(monkeypatch, tools, error):
    def prepare(_photo):
        raise error

    monkeypatch.setattr(tools.sandbox, "prepare", prepare)


def test_an_overtaken_worker_writes_nothing(desk, database, tools, monkeypatch):
    photo_id = desk.submit(jpeg(), tell=False)
    prepare = tools.sandbox.prepare

    def prepare_slowly(content):
        with database.transaction() as session:  # the lease runs out, and somebody else claims the photo meanwhile
            session.execute(update(Photo).values(lease_until=func.now() - timedelta(seconds=1)))
            assert jobs.claim(session, photo_id, Stage.PREPARE, lease=timedelta(minutes=1), max_attempts=3)
        return prepare(content)

    monkeypatch.setattr(tools.sandbox, "prepare", prepare_slowly)
    with capture_logs() as logs:
        tasks.prepare(str(photo_id))
    photo = desk.photo(photo_id)
    assert [line["event"] for line in logs] == ["lease_lost"]
    assert (photo.stage, photo.fencing_token, photo.crop_key) == (Stage.PREPARE, 2, None)
    assert photo.lease_until > datetime.now(UTC)
    assert desk.machine_decisions() == {}


def test_a_message_that_comes_twice_changes_nothing(desk, tools):
    photo_id = desk.submit(jpeg(), tell=False)
    tasks.prepare(str(photo_id))
    tasks.prepare(str(photo_id))
    assert desk.machine_decisions() == {photo_id: 1}
    assert desk.photo(photo_id).fencing_token == 1


@pytest.mark.parametrize(
    "outage", [Unavailable("The photo store does not answer."), OperationalError("SELECT", {}, Exception("gone"))]
)
def test_an_outage_is_not_held_against_the_photo(desk, tools, monkeypatch, outage):
    fails_with(monkeypatch, tools, outage)
    photo_id = desk.submit(jpeg(), tell=False)
    tasks.prepare(str(photo_id))
    photo = desk.photo(photo_id)
    assert (photo.stage, photo.attempts, photo.lease_until) == (Stage.PREPARE, 0, None)
    assert timedelta(seconds=3) < photo.due_at - datetime.now(UTC) < timedelta(seconds=6)


def test_a_store_that_does_not_answer_is_an_outage(desk, tools, settings: Settings, monkeypatch):
    photo_id = desk.submit(jpeg(), tell=False)
    away = S3PhotoStore(settings.model_copy(update={"s3_endpoint": NOBODY_LISTENS}))
    monkeypatch.setattr(tools, "store", away)
    tasks.prepare(str(photo_id))
    assert desk.photo(photo_id).attempts == 0


def test_a_database_that_does_not_answer_stops_no_worker(settings: Settings, monkeypatch):
    nowhere = f"postgresql+psycopg2://photogate_app@{NOBODY_LISTENS}/photogate"
    unreachable = Tools(settings.model_copy(update={"database_url": nowhere}))
    monkeypatch.setattr(tasks, "tools", lambda: unreachable)
    with capture_logs() as logs:
        tasks.prepare("01890000-0000-7000-8000-000000000000")
    unreachable.sandbox.close()
    assert [line["event"] for line in logs] == ["not_claimed"]


def test_every_failed_attempt_waits_longer_and_the_last_one_not_at_all(desk, database, tools, monkeypatch):
    fails_with(monkeypatch, tools, SandboxFailed("the box ended"))
    photo_id = desk.submit(jpeg(), tell=False)
    pauses = []
    for attempt in (1, 2, 3):
        tasks.prepare(str(photo_id))
        photo = desk.photo(photo_id)
        assert photo.attempts == attempt
        pauses.append(round((photo.due_at - datetime.now(UTC)).total_seconds()))
    assert [5 - 2 < pauses[0] <= 5, 15 - 2 < pauses[1] <= 15, pauses[2] <= 0] == [True, True, True]


def test_a_worker_that_is_told_to_go_hands_its_photo_back_at_once(desk, tools, monkeypatch):
    fails_with(monkeypatch, tools, SystemExit(1))
    photo_id = desk.submit(jpeg(), tell=False)
    with pytest.raises(SystemExit):
        tasks.prepare(str(photo_id))
    photo = desk.photo(photo_id)
    assert (photo.attempts, photo.lease_until) == (0, None)
    assert photo.due_at <= datetime.now(UTC) + timedelta(seconds=1)


def test_a_worker_that_is_told_to_go_right_after_its_claim_hands_the_photo_back_too(desk, tools, monkeypatch):
    photo_id, transaction = desk.submit(jpeg(), tell=False), tools.database.transaction

    @contextmanager
    def told_to_go_after_the_commit():
        with transaction() as session:
            yield session
        monkeypatch.setattr(tools.database, "transaction", transaction)
        raise SystemExit(1)

    monkeypatch.setattr(tools.database, "transaction", told_to_go_after_the_commit)
    with pytest.raises(SystemExit):
        tasks.prepare(str(photo_id))
    photo = desk.photo(photo_id)
    assert (photo.fencing_token, photo.attempts, photo.lease_until) == (2, 0, None)


def test_a_crop_that_no_worker_wrote_is_not_scored(desk, store, tools):
    tools.settings = tools.settings.model_copy(update={"inline_classify": False})
    photo_id = desk.submit(jpeg(), tell=False)
    tasks.prepare(str(photo_id))
    store.put(desk.photo(photo_id).crop_key, b"something else", "image/png")
    tasks.classify(str(photo_id))
    photo = desk.photo(photo_id)
    assert (photo.stage, photo.attempts) == (Stage.CLASSIFY, 1)
    assert desk.machine_decisions() == {}


def test_what_is_logged_of_a_failure_names_no_applicant(desk, tools, monkeypatch, caplog):
    fails_with(monkeypatch, tools, SandboxFailed("the box ended"))
    with capture_logs() as logs:
        tasks.prepare(str(desk.submit(jpeg(), tell=False)))
    assert "A-1" not in str(logs)
    assert "A-1" not in caplog.text
