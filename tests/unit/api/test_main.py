"""What holds for every answer, whether or not anything else runs."""

import json
import logging

from tests.unit.api.asking import ask


def test_every_answer_keeps_browsers_careful_and_has_an_id():
    for path in ("/healthz", "/nothing", "/docs", "/openapi.json", "/metrics"):
        headers = ask(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src" in headers["content-security-policy"]
        assert len(headers["x-request-id"]) == 36


def test_the_log_has_one_line_a_request_and_nothing_of_the_applicant(capsys):
    answer = ask("/v1/applications/Zoe?reference=Zoe", headers={"Authorization": "Basic Zoe", "X-Name": "Zoe"})
    logged = capsys.readouterr()
    [line] = [json.loads(line) for line in (logged.out + logged.err).splitlines() if '"request"' in line]
    assert line["route"] == "/v1/applications/{application_id}"
    assert (line["method"], line["status"], line["request_id"]) == (
        "GET",
        answer.status_code,
        answer.headers["x-request-id"],
    )
    assert "Zoe" not in logged.out + logged.err


def test_the_servers_own_access_log_is_silent_because_it_would_tell_query_strings():
    ask("/healthz")
    assert logging.getLogger("uvicorn.access").disabled


def test_an_error_that_nobody_foresaw_shows_no_stack_trace():
    answer = ask("/v1/applications", headers={"Authorization": "Bearer pg_1_2"})
    assert answer.status_code == 500, "the connections of an application that was never started are missing"
    assert answer.json()["code"] == "INTERNAL_ERROR"
    assert "Traceback" not in answer.text
    assert answer.json()["instance"].endswith(answer.headers["x-request-id"])
