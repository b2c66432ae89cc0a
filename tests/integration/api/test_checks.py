"""One photo checked while the caller waits; a thread stands in for the worker's task."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from redis import Redis

from api.connections import CHECKS_AT_ONCE
from photogate.errors import Unavailable
from photogate.jobs.checks import Asked, Checks, ModelUnknown, Wish
from tests.factories import jpeg
from tests.integration.api.exchange import refusal

AS_JPEG = {"Content-Type": "image/jpeg"}
INTERNAL = {"code": "LOW_CONFIDENCE", "disposition": "review", "audience": "internal", "native": 0.6}
PUBLIC = {
    "code": "MULTIPLE_FACES",
    "disposition": "review",
    "audience": "public",
    "source": {"standard": "ISO/IEC 29794-5", "measure": "SingleFacePresent", "id": "4C"},
}
ANSWER = {
    "verdict": "in_review",
    "reasons": [INTERNAL, PUBLIC],
    "p_real": 0.6,
    "p_ai_generated": None,
    "faces": 2,
    "box": [10, 20, 100, 120],
    "landmarks": [[40.0, 60.0], [80.0, 60.0], [60.0, 85.0], [45.0, 110.0], [75.0, 110.0]],
    "quality": {"sharpness": {"native": 0.35, "score": 61.0, "approximate": True}},
    "models": [{"name": "student@1.0.0", "verdict": "real", "p_real": 0.6, "threshold": 0.5, "ms": 1.2}],
    "heat_map": {"model": "student@1.0.0", "importances": [[0.5, -0.1]], "ms": 90.0},
    "ms": {"decode": 3.1},
    "model": "student@1.0.0",
}


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"check_timeout_s": 1.5})


@pytest.fixture
def redis(settings):
    with Redis.from_url(settings.redis_url) as connection:
        connection.flushdb()
        yield connection


@pytest.fixture
def worker(settings, redis):
    """A worker for one check: `with worker(what_it_does) as taken`."""
    checks = Checks(settings.redis_url)

    @contextmanager
    def working(finish=lambda check_id: checks.answer(check_id, ANSWER)):
        taken = []

        def work() -> None:
            while not (waiting := list(redis.scan_iter("check:*:photo"))):
                time.sleep(0.002)
            check_id = waiting[0].split(b":")[1].decode()
            taken.append(checks.take(check_id))
            finish(check_id)

        thread = threading.Thread(target=work)
        thread.start()
        yield taken
        thread.join()

    yield working
    checks.close()


def test_a_worker_answers_and_nothing_is_kept(api, worker, redis, left_behind):
    with worker() as taken:
        answer = api.post("/v1/checks", content=jpeg(), headers=AS_JPEG)
    assert (answer.status_code, taken) == (200, [Asked(jpeg(), Wish())])
    view = answer.json()
    assert (view["verdict"], view["p_real"], view["p_ai_generated"], view["box"]) == (
        "in_review",
        0.6,
        None,
        ANSWER["box"],
    )
    assert [reason["code"] for reason in view["reasons"]] == ["MULTIPLE_FACES"], "what is internal stays inside"
    assert {name: view[name] for name in ("landmarks", "models", "heat_map")} == {
        name: ANSWER[name] for name in ("landmarks", "models", "heat_map")
    }
    assert left_behind() == {}
    assert list(redis.scan_iter("check:*")) == []


def test_a_caller_may_ask_for_a_heat_map_and_name_the_model(api, worker):
    with worker() as taken:
        answer = api.post(
            "/v1/checks", params={"heat_map": "true", "model": "student@1.0.0"}, content=jpeg(), headers=AS_JPEG
        )
    assert answer.status_code == 200
    assert taken == [Asked(jpeg(), Wish(model="student@1.0.0", heat_map=True))]


def test_a_model_that_is_not_installed_is_refused_with_those_that_are(api, worker, settings):
    refusal_of_the_worker = ModelUnknown("No model is called teacher@1. Installed are student@1.0.0.")
    with worker(lambda check_id: Checks(settings.redis_url).refuse(check_id, refusal_of_the_worker)):
        answer = api.post("/v1/checks", params={"model": "teacher@1"}, content=jpeg(), headers=AS_JPEG)
    assert refusal(answer) == (422, "MODEL_UNKNOWN")
    assert "student@1.0.0" in answer.json()["detail"]


def test_a_worker_that_fails_says_so_at_once(api, worker, settings):
    with worker(lambda check_id: Checks(settings.redis_url).refuse(check_id, Unavailable("The check failed."))):
        answer = api.post("/v1/checks", content=jpeg(), headers=AS_JPEG)
    assert refusal(answer) == (503, "UNAVAILABLE")
    assert answer.json()["detail"] == "The check failed."


def test_without_a_worker_the_caller_is_asked_to_come_again(api, redis, left_behind):
    answer = api.post("/v1/checks", files={"photo": ("a.jpg", jpeg())})
    assert refusal(answer) == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "5"
    assert left_behind() == {}
    assert list(redis.scan_iter("check:*")) == []


def test_checks_that_wait_hold_up_nothing_else(api, redis):
    most = 0
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(api.post, "/v1/checks", content=jpeg(), headers=AS_JPEG) for _ in range(20)]
        while not any(check.done() for check in waiting):
            most = max(most, len(list(redis.scan_iter("check:*:photo"))))
        assert api.get("/v1/applications").status_code == 200
    assert most == CHECKS_AT_ONCE
