"""What holds for every address: a session is needed, every form is ours, every answer carries the same headers."""

import httpx
import pytest

from photogate.database import new_id
from photogate.settings import Settings
from review_ui.main import create_app
from review_ui.safety import ALWAYS
from tests.serving import serving

OPEN = {"/sign-in", "/sign-in/link", "/healthz", "/readyz"}
ANY = new_id()


def addresses(method: str) -> list[str]:
    """Every address that answers `method`."""
    paths = create_app(Settings()).openapi()["paths"]
    ids = (
        "case_id",
        "photo_id",
        "application_id",
        "search_id",
        "export_id",
        "decision_id",
        "simulation_id",
        "known_id",
        "promotion_id",
    )
    known = {**dict.fromkeys(ids, ANY), "name": "silhouette.png"}
    return [path.format(**known) for path, methods in paths.items() if method.lower() in methods]


def test_all_addresses_are_known_here():
    assert set(addresses("GET")) >= OPEN
    assert len(addresses("GET")) >= 8
    assert len(addresses("POST")) >= 7


@pytest.mark.parametrize("path", addresses("GET"))
def test_every_page_wants_a_session(visitor, path):
    browser = visitor()
    browser.http.follow_redirects = False
    answer = browser.open(path)
    if path in OPEN:
        assert answer.status_code in {200, 422}
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("path", addresses("POST"))
def test_every_form_wants_a_session_or_a_page_of_ours(visitor, path):
    answer = visitor().http.post(path, data={"email": "a@b", "password": "x", "token": "x", "verdict": "approved"})
    assert answer.status_code == (403 if path in OPEN else 401)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/cases/nothing", "/healthz", "/static/parts.css"])
def test_every_answer_carries_the_headers(ada, visitor, path):
    for browser in (ada, visitor()):
        answer = browser.open(path)
        assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
        for earlier in answer.history:
            assert {name: earlier.headers[name] for name in ALWAYS} == ALWAYS


def test_what_the_content_security_policy_allows_is_written_out():
    assert (
        ALWAYS["Content-Security-Policy"]
        == "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )


def test_no_page_stays_in_a_cache_and_static_files_do(ada, case):
    assert ada.open(f"/cases/{case()}").headers["cache-control"] == "no-store"
    assert "immutable" in ada.open("/static/parts.css").headers["cache-control"]


def test_pages_hold_no_inline_script_or_style(ada, case):
    page = ada.open(f"/cases/{case()}").text
    assert " style=" not in page
    assert "<style" not in page
    assert " on" + "click" not in page


@pytest.mark.parametrize("path", ["/nowhere", "/cases/nothing", f"/cases/{ANY}"])
def test_what_is_not_there_is_a_calm_page(ada, path):
    answer = ada.open(path)
    assert answer.status_code == 404
    assert "Go to the queue" in answer.text


def test_a_fault_of_ours_is_a_calm_page_with_the_same_headers(app, ada):
    app.state.program = None
    answer = ada.open("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Error" not in answer.text
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS


def test_when_the_database_does_not_answer_the_page_says_so(settings):
    away = settings.model_copy(update={"database_url": "postgresql+psycopg2://nobody@127.0.0.1:9/nothing"})
    with serving(create_app(away)) as url:
        answer = httpx.get(f"{url}/", cookies={"photogate": "x"})
        assert answer.status_code == 503
        assert "does not answer" in answer.text
        assert "psycopg2" not in answer.text
        assert httpx.get(f"{url}/healthz").status_code == 200
        assert httpx.get(f"{url}/readyz").status_code == 503
