"""What operators see of requests, and what they never see."""

import json

from tests.factories import jpeg

SECRETS = ("Zoe-4711", "A-key-4711", "pg_")


def test_one_line_a_request_without_reference_key_or_query(api, capsys):
    headers = {"Content-Type": "image/jpeg", "Idempotency-Key": "A-key-4711"}
    answer = api.post("/v1/applications?reference=Zoe-4711", content=jpeg(), headers=headers)
    api.post("/v1/applications?reference=Zoe-4711", content=b"no photo", headers=headers)
    logged = "".join(capsys.readouterr())
    lines = [json.loads(line) for line in logged.splitlines() if '"event": "request"' in line]
    seen = [(line["method"], line["route"], line["status"], line["client"]) for line in lines]
    assert seen == [("POST", "/v1/applications", 202, "ministry"), ("POST", "/v1/applications", 415, "ministry")]
    assert lines[0]["request_id"] == answer.headers["x-request-id"]
    assert [secret for secret in SECRETS if secret in logged] == []


def test_metrics_count_requests_by_route_template_and_accepted_photos(api):
    view = api.post("/v1/applications", files={"photo": ("a.jpg", jpeg())}, data={"reference": "Zoe-4711"}).json()
    api.get(view["links"]["self"])
    api.post("/v1/applications?reference=1", content=b"no photo", headers={"Content-Type": "image/jpeg"})
    text = api.get("/metrics").text
    counted = 'photogate_http_request_seconds_count{method="%s",route="%s",status="%s"} 1.0'
    assert counted % ("POST", "/v1/applications", 202) in text
    assert counted % ("POST", "/v1/applications", 415) in text
    assert counted % ("GET", "/v1/applications/{application_id}", 200) in text
    assert 'photogate_submissions_total{kind="first"} 1.0' in text
    assert [secret for secret in (*SECRETS, view["id"], "ministry") if secret in text] == []
