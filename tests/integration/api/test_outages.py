"""What callers hear when something behind the API is gone."""

import socket

import httpx
import pytest

from api.main import create_app
from photogate.access.tables import Scope
from photogate.applications import service
from tests.factories import jpeg
from tests.integration.api.exchange import refusal
from tests.serving import serving

AS_JPEG = {"Content-Type": "image/jpeg", "Idempotency-Key": "k"}
CLOSED = "127.0.0.1:1"


@pytest.fixture
def key(new_api_key):
    return new_api_key(Scope.PHOTO_WRITE, Scope.APPLICATION_READ)


def submit(url: str, key: str) -> httpx.Response:
    headers = {**AS_JPEG, "Authorization": f"Bearer {key}"}
    return httpx.post(f"{url}/v1/applications?reference=A-1", content=jpeg(), headers=headers, timeout=30)


def test_without_postgres_callers_are_asked_to_come_again(settings, key, left_behind):
    gone = settings.model_copy(update={"database_url": f"postgresql+psycopg2://photogate_app@{CLOSED}/photogate"})
    with serving(create_app(gone)) as url:
        answer, ready = submit(url, key), httpx.get(f"{url}/readyz")
        assert httpx.get(f"{url}/healthz").json() == {"status": "alive"}
    assert refusal(answer) == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "5"
    assert refusal(ready) == (503, "NOT_READY")
    assert ready.json()["checks"] == {"postgres": "no answer", "redis": "ok", "s3": "ok"}
    assert left_behind() == {}


def test_without_s3_nothing_is_recorded_and_the_key_is_free_again(settings, store, key, left_behind):
    gone = settings.model_copy(update={"s3_endpoint": CLOSED})
    with serving(create_app(gone)) as url:
        answer, ready = submit(url, key), httpx.get(f"{url}/readyz", timeout=30)
    assert refusal(answer) == (503, "UNAVAILABLE")
    assert ready.json()["checks"] == {"postgres": "ok", "redis": "ok", "s3": "no answer"}
    assert left_behind() == {}
    with serving(create_app(settings)) as url:
        assert submit(url, key).status_code == 202


def test_without_a_broker_photos_are_taken_and_wait_for_the_relay(settings, store, key, left_behind):
    with serving(create_app(settings.model_copy(update={"redis_url": f"redis://{CLOSED}/0"}))) as url:
        assert submit(url, key).status_code == 202
        headers = {"Content-Type": "image/jpeg", "Authorization": f"Bearer {key}"}
        check = httpx.post(f"{url}/v1/checks", content=jpeg(), headers=headers, timeout=30)
        assert refusal(check) == (503, "UNAVAILABLE")
        assert refusal(httpx.get(f"{url}/readyz")) == (503, "NOT_READY")
    assert left_behind()["photos"] == 1


def test_a_broker_that_hangs_holds_up_no_answer(settings, store, key):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        redis_url = "redis://{}:{}/0".format(*silent.getsockname())
        with serving(create_app(settings.model_copy(update={"redis_url": redis_url}))) as url:
            assert [submit(url, key).status_code for _ in range(3)] == [202] * 3


def test_when_the_row_cannot_be_written_the_photo_goes_again(settings, store, key, left_behind, monkeypatch, capsys):
    def broken(*_args, **_kwargs):
        raise RuntimeError("the words may hold an applicant's data: Zoë")

    monkeypatch.setattr(service, "submit", broken)
    with serving(create_app(settings)) as url:
        answer = submit(url, key)
    assert refusal(answer) == (500, "INTERNAL_ERROR")
    assert answer.json()["detail"] == "The request could not be carried out; quote the instance when you report this."
    assert left_behind() == {}
    logged = capsys.readouterr()
    assert answer.headers["x-request-id"] in logged.out + logged.err
    assert "RuntimeError" in logged.out + logged.err
    assert "Zoë" not in answer.text + logged.out + logged.err
