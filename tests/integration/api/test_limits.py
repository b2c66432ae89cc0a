"""Bodies that are too large, too slow, or end too early."""

import socket

import pytest

from photogate.access.tables import Scope
from tests.factories import jpeg
from tests.integration.api.exchange import refusal, sending

LIMIT = 200_000
JPEG = jpeg()
AS_JPEG = b"Content-Type: image/jpeg"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"max_photo_bytes": LIMIT, "upload_timeout_s": 1.0})


@pytest.fixture
def authorization(new_api_key):
    return f"Authorization: Bearer {new_api_key(Scope.PHOTO_WRITE)}".encode()


def status_line(line: socket.socket) -> bytes:
    return line.recv(4096).partition(b"\r\n")[0]


def as_form(photo: bytes) -> bytes:
    named = b"--gate\r\nContent-Disposition: form-data; name="
    return (
        named + b'"reference"\r\n\r\nA-1\r\n' + named + b'"photo"; filename="a"\r\n\r\n' + photo + b"\r\n--gate--\r\n"
    )


@pytest.mark.parametrize("declared", [True, False], ids=["with its length", "without a length"])
@pytest.mark.parametrize("form", [True, False], ids=["as a form", "as the body"])
def test_a_body_over_the_limit_is_refused(api, left_behind, declared, form):
    photo = JPEG + bytes(LIMIT)
    content, kind = photo, "image/jpeg"
    if form:
        content, kind = as_form(photo), "multipart/form-data; boundary=gate"
    body = content if declared else iter([content[:1000], content[1000:]])
    answer = api.post("/v1/applications?reference=A-1", content=body, headers={"Content-Type": kind})
    assert refusal(answer) == (413, "FILE_SIZE")
    assert "at most 200,000" in answer.json()["detail"].lower()
    assert left_behind() == {}


def test_exactly_the_limit_is_taken_in_both_forms(api):
    content = JPEG + bytes(LIMIT - len(JPEG))
    answers = [
        api.post("/v1/applications?reference=A-1", content=content, headers={"Content-Type": "image/jpeg"}),
        api.post("/v1/applications", files={"photo": ("a.jpg", content)}, data={"reference": "A-1"}),
    ]
    assert [answer.status_code for answer in answers] == [202, 202]


def test_a_declared_size_is_refused_before_a_byte_is_sent(address, authorization):
    with sending(address, authorization, AS_JPEG, b"Content-Length: 10000000000") as line:
        assert status_line(line) == b"HTTP/1.1 413 Request Entity Too Large"


def test_an_endless_body_is_refused_once_it_is_too_long(address, authorization, left_behind):
    with sending(address, authorization, AS_JPEG, b"Transfer-Encoding: chunked") as line:
        line.sendall((b"4000\r\n" + bytes(0x4000) + b"\r\n") * 15)
        assert status_line(line) == b"HTTP/1.1 413 Request Entity Too Large"
    assert left_behind() == {}


def test_a_body_that_hangs_is_given_up(address, authorization, left_behind):
    with sending(address, authorization, AS_JPEG, b"Content-Length: 5000") as line:
        line.sendall(JPEG[:100])
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in answer.lower()
    assert b"UPLOAD_TIMEOUT" in answer
    assert left_behind() == {}


def test_a_body_that_trickles_is_given_up_too(address, authorization):
    with sending(address, authorization, AS_JPEG, b"Transfer-Encoding: chunked") as line:
        line.settimeout(0.05)
        for byte in iter(lambda: b"1\r\nx\r\n", b""):
            line.sendall(byte)
            try:
                answer = line.recv(4096)
            except TimeoutError:
                continue
            break
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_sender_who_goes_away_leaves_nothing_behind(address, authorization, api, left_behind):
    with sending(address, authorization, AS_JPEG, b"Content-Length: 5000") as line:
        line.sendall(JPEG[:100])
    assert api.get("/healthz").status_code == 200
    assert left_behind() == {}


def test_other_requests_are_answered_while_bodies_hang(address, authorization, api):
    lines = [sending(address, authorization, AS_JPEG, b"Content-Length: 5000") for _ in range(50)]
    for line in lines:
        line.__enter__()
    assert api.get("/v1/applications").status_code == 200
    for line in lines:
        line.__exit__(None, None, None)
