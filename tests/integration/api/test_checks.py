"""One photo checked while the caller waits; a thread stands in for the worker's task."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from api.connections import CHECKS_AT_ONCE
from photogate.jobs.checks import Checks
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
    "quality": {"Sharpness": 61.0},
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


def test_a_worker_answers_and_nothing_is_kept(api, settings, redis, left_behind):
    checks, taken = Checks(settings.redis_url), []

    def work() -> None:
        while not (waiting := list(redis.scan_iter("check:*:photo"))):
            pass
        check_id = waiting[0].split(b":")[1].decode()
        taken.append(checks.take(check_id))
        checks.answer(check_id, ANSWER)

    worker = threading.Thread(target=work)
    worker.start()
    answer = api.post("/v1/checks", content=jpeg(), headers=AS_JPEG)
    worker.join()
    assert (answer.status_code, taken) == (200, [jpeg()])
    view = answer.json()
    assert (view["verdict"], view["p_real"], view["p_ai_generated"], view["box"]) == (
        "in_review",
        0.6,
        None,
        ANSWER["box"],
    )
    assert [reason["code"] for reason in view["reasons"]] == ["MULTIPLE_FACES"], "what is internal stays inside"
    assert left_behind() == {}
    assert list(redis.scan_iter("check:*")) == []


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
