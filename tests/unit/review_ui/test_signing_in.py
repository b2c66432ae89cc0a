"""Addresses and cookies of signing in."""

import logging

import pytest
from hypothesis import given
from hypothesis.strategies import text
from starlette.responses import Response

from photogate.settings import Settings
from review_ui import access_log
from review_ui.sessions import set_cookie
from review_ui.signing_in import safe_next


@pytest.mark.parametrize("address", ["/", "/cases/1?after=2"])
def test_an_address_of_ours_is_kept(address):
    assert safe_next(address) == address


@given(text())
def test_no_address_leads_away(address):
    assert safe_next(address).startswith("/")
    assert safe_next(address)[1:2] not in {"/", "\\"}


@pytest.mark.parametrize("address", ["/\t/example.net", "/\n/example.net", "/a\r\nSet-Cookie: b=c"])
def test_characters_that_browsers_drop_are_not_let_through(address):
    assert safe_next(address) == "/"


def test_behind_tls_the_cookie_is_bound_to_this_host():
    response = Response()
    set_cookie(response, "photogate", "token", Settings(secure_cookies=True))
    parts = response.headers["set-cookie"].split("; ")
    assert parts[0] == "__Host-photogate=token"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(parts)
    assert not any(part.startswith("Domain") for part in parts)


def test_a_sign_in_links_token_does_not_reach_the_access_log(caplog, monkeypatch):
    access_log.hide_queries()
    log = logging.getLogger("uvicorn.access")
    monkeypatch.setattr(log, "disabled", False)  # the API, another program elsewhere, silences its own
    with caplog.at_level(logging.INFO, "uvicorn.access"):
        log.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/sign-in/link?token=secret", "1.1", 200)
    assert '"GET /sign-in/link HTTP/1.1" 200' in caplog.text
    assert "secret" not in caplog.text
