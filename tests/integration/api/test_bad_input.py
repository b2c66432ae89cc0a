"""Whatever comes in that should not: a typed problem with a sentence, and nothing left in S3 or Postgres."""

import io
import struct
import zlib
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from photogate.access.tables import Scope
from tests.factories import jpeg, kept_originals
from tests.integration.api.exchange import refusal, sending

SAMPLES = Path(__file__).parents[3] / "samples"
JPEG = jpeg()
AS_JPEG = {"Content-Type": "image/jpeg"}
FORM = {"Content-Type": "multipart/form-data; boundary=gate"}
SUBMIT = "/v1/applications?reference=A-1"


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def gif() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (200, 200), "grey").save(kept, "GIF")
    return kept.getvalue()


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    named = f'; filename="{filename}"' if filename else ""
    return f'--gate\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"


END = b"--gate--\r\n"
PHOTO = part("photo", JPEG, "a.jpg")
REFERENCE = part("reference", b"A-1")

BROKEN_PHOTOS = {
    "a text file named .jpg": (SAMPLES.joinpath("text_file.jpg").read_bytes(), 415, "FILE_TYPE_UNSUPPORTED"),
    "a tiny image": (SAMPLES.joinpath("tiny.png").read_bytes(), 422, "IMAGE_TOO_SMALL"),
    "an empty body": (b"", 415, "FILE_TYPE_UNSUPPORTED"),
    "a PNG of 100 MP by its header": (png(10_000, 10_000), 422, "IMAGE_TOO_LARGE"),
    "a PNG of 100 MP in a few KB": (png(10_000, 10_000, bytes(1251) * 10_000), 422, "IMAGE_TOO_LARGE"),
    "a PNG of 2^31 × 2^31": (png(2**31 - 1, 2**31 - 1), 422, "IMAGE_TOO_LARGE"),
    "a PNG without sides": (png(0, 0), 422, "FILE_UNREADABLE"),
    "a GIF": (gif(), 415, "FILE_TYPE_UNSUPPORTED"),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>', 415, "FILE_TYPE_UNSUPPORTED"),
    "a page that ends as a JPEG": (b"<html><script>alert(1)</script>" + JPEG, 415, "FILE_TYPE_UNSUPPORTED"),
    "a PDF that ends as a JPEG": (b"%PDF-1.7\n" + JPEG, 415, "FILE_TYPE_UNSUPPORTED"),
    "an archive that ends as a JPEG": (b"PK\x03\x04" + JPEG, 415, "FILE_TYPE_UNSUPPORTED"),
    "a JPEG's first bytes before a PNG": (b"\xff\xd8\xff" + png(300, 300), 422, "FILE_UNREADABLE"),
    "a PNG's first bytes before a JPEG": (b"\x89PNG\r\n\x1a\n" + JPEG, 422, "FILE_UNREADABLE"),
    "a header without an end": (JPEG[:2] + b"\xff\xe0\x00\x02" * 50_000 + JPEG[2:], 422, "FILE_UNREADABLE"),
}


@pytest.mark.parametrize(("content", "status", "code"), BROKEN_PHOTOS.values(), ids=BROKEN_PHOTOS.keys())
def test_a_broken_photo_is_refused_by_name_in_every_way_of_sending_it(api, left_behind, content, status, code):
    answers = [
        api.post(SUBMIT, content=content, headers=AS_JPEG),
        api.post("/v1/applications", files={"photo": ("portrait.jpg", content)}, data={"reference": "A-1"}),
        api.post(f"/v1/applications/{uuid4()}/photos", content=content, headers=AS_JPEG),
        api.post("/v1/checks", content=content, headers=AS_JPEG),
    ]
    assert [refusal(answer) for answer in answers] == [(status, code)] * 4
    assert left_behind() == {}


def test_a_truncated_photo_is_the_workers_to_judge(api):
    answer = api.post(SUBMIT, content=SAMPLES.joinpath("truncated.jpg").read_bytes(), headers=AS_JPEG)
    assert (answer.status_code, answer.json()["status"]) == (202, "received")


def test_a_photo_with_something_behind_it_is_kept_byte_by_byte_and_never_served(api, database, store):
    polyglot = JPEG + b"<script>alert(1)</script>" + b"PK\x05\x06" + bytes(18)
    assert api.post(SUBMIT, content=polyglot, headers=AS_JPEG).status_code == 202
    assert kept_originals(database, store) == [polyglot]


BROKEN_BODIES = {
    "another kind of body": (JPEG, {"Content-Type": "text/plain"}, 415, "MEDIA_TYPE_UNSUPPORTED"),
    "no kind of body": (JPEG, {}, 415, "MEDIA_TYPE_UNSUPPORTED"),
    "a form of the other kind": (
        b"photo=1",
        {"Content-Type": "application/x-www-form-urlencoded"},
        415,
        "MEDIA_TYPE_UNSUPPORTED",
    ),
    "a form without a boundary": (PHOTO + END, {"Content-Type": "multipart/form-data"}, 400, "MALFORMED_BODY"),
    "a boundary without an end": (
        PHOTO + END,
        {"Content-Type": f"multipart/form-data; boundary={'x' * 300}"},
        400,
        "MALFORMED_BODY",
    ),
    "a form that is none": (JPEG, FORM, 400, "MALFORMED_BODY"),
    "an empty form": (END, FORM, 422, "INVALID_REQUEST"),
    "a form cut short": (REFERENCE + PHOTO, FORM, 400, "MALFORMED_BODY"),
    "a part without a name": (b"--gate\r\n\r\nx\r\n" + END, FORM, 422, "INVALID_REQUEST"),
    "a part with endless headers": (
        b"--gate\r\n" + b"X: " + b"x" * 9000 + b"\r\n\r\n" + END,
        FORM,
        400,
        "MALFORMED_BODY",
    ),
    "a form without a photo": (REFERENCE + END, FORM, 422, "INVALID_REQUEST"),
    "a photo that is no file": (REFERENCE + part("photo", JPEG) + END, FORM, 422, "INVALID_REQUEST"),
    "two photos": (REFERENCE + PHOTO + PHOTO + END, FORM, 422, "INVALID_REQUEST"),
    "a part that nobody asked for": (REFERENCE + PHOTO + part("x", b"1") + END, FORM, 422, "INVALID_REQUEST"),
    "no reference": (PHOTO + END, FORM, 422, "INVALID_REQUEST"),
    "an empty reference": (PHOTO + part("reference", b" ") + END, FORM, 422, "INVALID_REQUEST"),
    "a reference with a zero byte": (PHOTO + part("reference", b"A\0") + END, FORM, 422, "INVALID_REQUEST"),
    "a reference with a line break": (PHOTO + part("reference", b"A\nB") + END, FORM, 422, "INVALID_REQUEST"),
    "a reference that is no text": (PHOTO + part("reference", b"\xff\xfe") + END, FORM, 422, "INVALID_REQUEST"),
    "a long reference": (PHOTO + part("reference", b"A" * 201) + END, FORM, 422, "INVALID_REQUEST"),
    "an endless reference": (PHOTO + part("reference", b"A" * 9000) + END, FORM, 422, "INVALID_REQUEST"),
    "a key that is too long": (
        REFERENCE + PHOTO + END,
        {**FORM, "Idempotency-Key": "k" * 201},
        422,
        "INVALID_REQUEST",
    ),
    "a key with a blank": (REFERENCE + PHOTO + END, {**FORM, "Idempotency-Key": "k k"}, 422, "INVALID_REQUEST"),
    "an empty key": (REFERENCE + PHOTO + END, {**FORM, "Idempotency-Key": ""}, 422, "INVALID_REQUEST"),
}


@pytest.mark.parametrize(("body", "headers", "status", "code"), BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_refused_by_name(api, left_behind, body, headers, status, code):
    assert refusal(api.post("/v1/applications", content=body, headers=headers)) == (status, code)
    assert left_behind() == {}


def test_a_raw_photo_needs_its_reference_in_the_query(api, left_behind):
    answer = api.post("/v1/applications", content=JPEG, headers=AS_JPEG)
    assert refusal(answer) == (422, "INVALID_REQUEST")
    assert answer.json()["errors"] == [{"where": "reference", "problem": "Send 1 to 200 printable characters."}]
    assert left_behind() == {}


ENTRANCES = [
    ("POST", SUBMIT, Scope.PHOTO_WRITE),
    ("POST", f"/v1/applications/{uuid4()}/photos", Scope.PHOTO_WRITE),
    ("POST", "/v1/checks", Scope.PHOTO_WRITE),
    ("GET", "/v1/applications", Scope.APPLICATION_READ),
    ("GET", f"/v1/applications/{uuid4()}", Scope.APPLICATION_READ),
    ("GET", f"/v1/applications/{uuid4()}/decisions", Scope.APPLICATION_READ),
    ("POST", "/v1/print-releases", Scope.PRINT_RELEASE),
    ("GET", "/v1/print-releases/revoked", Scope.PRINT_RELEASE),
    ("GET", f"/v1/print-releases/{uuid4()}", Scope.PRINT_RELEASE),
    ("POST", f"/v1/print-releases/{uuid4()}/released", Scope.PRINT_RELEASE),
    ("POST", f"/v1/print-releases/{uuid4()}/issued", Scope.PRINT_RELEASE),
    ("POST", f"/v1/print-releases/{uuid4()}/cancelled", Scope.PRINT_RELEASE),
    ("POST", f"/v1/print-releases/{uuid4()}/failed", Scope.PRINT_RELEASE),
]


@pytest.mark.parametrize(("method", "path", "scope"), ENTRANCES, ids=range(len(ENTRANCES)))
def test_every_door_asks_for_a_key_with_its_scope(address, connect, new_api_key, left_behind, method, path, scope):
    for authorization in ("", "Basic cGc6eA==", "Bearer", "Bearer nonsense", "Bearer pg_123_456", "Bearer pg_\xff_x"):
        with httpx.Client(base_url=address) as stranger:
            answer = stranger.request(method, path, headers={"Authorization": authorization.encode("latin-1")})
        assert refusal(answer) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    forged = new_api_key(scope)[:-1] + "!"
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {forged}"}) as forger:
        assert refusal(forger.request(method, path)) == (401, "UNAUTHENTICATED")
    others = {Scope.PHOTO_WRITE, Scope.APPLICATION_READ, Scope.PRINT_RELEASE} - {scope}
    assert refusal(connect(*others).request(method, path)) == (403, "FORBIDDEN")
    assert left_behind() == {}


def test_a_stranger_is_turned_away_before_the_body_is_read(address):
    with sending(address, b"Content-Type: image/jpeg", b"Content-Length: 20000000", b"Expect: 100-continue") as line:
        assert line.recv(4096).startswith(b"HTTP/1.1 401")


UNKNOWN = [
    ("GET", "/v1/applications/{id}"),
    ("GET", "/v1/applications/{id}/decisions"),
    ("POST", "/v1/applications/{id}/photos"),
    ("GET", "/v1/print-releases/{id}"),
    ("POST", "/v1/print-releases/{id}/released"),
    ("POST", "/v1/print-releases/{id}/issued"),
]


@pytest.mark.parametrize(("method", "path"), UNKNOWN)
def test_what_is_unknown_and_what_is_anothers_cannot_be_told_apart(api, connect, left_behind, method, path):
    def ask(client: httpx.Client, thing: object) -> tuple[int, str]:
        body = {"content": JPEG, "headers": AS_JPEG} if "photos" in path else {}
        return refusal(client.request(method, path.format(id=thing), **body))

    assert ask(api, uuid4()) == (404, "NOT_FOUND")
    assert ask(api, "not-an-id") == (422, "INVALID_REQUEST")
    assert left_behind() == {}
    theirs = api.post(SUBMIT, content=JPEG, headers=AS_JPEG).json()["id"]
    stranger = connect(Scope.PHOTO_WRITE, Scope.APPLICATION_READ, Scope.PRINT_RELEASE, client="harbour office")
    assert ask(stranger, theirs) == (404, "NOT_FOUND")
    assert left_behind() == {"applicants": 1, "applications": 1, "photos": 1, "events": 1, "objects": 1}


@pytest.mark.parametrize(
    "query", ["cursor=%00", "cursor=abc", "cursor=" + "A" * 22 + "!", "limit=0", "limit=201", "limit=x", "status=lost"]
)
def test_a_page_that_cannot_be_had(api, query):
    assert refusal(api.get(f"/v1/applications?{query}")) == (422, "INVALID_REQUEST")


BROKEN_JSON = {
    "no JSON": (b"{", "application/json", 400, "MALFORMED_BODY"),
    "nothing": (b"", "application/json", 400, "MALFORMED_BODY"),
    "no text": (b"\xff\xfe", "application/json", 400, "MALFORMED_BODY"),
    "depth without end": (b"[" * 10_000, "application/json", 400, "MALFORMED_BODY"),
    "a list": (b"[]", "application/json", 422, "INVALID_REQUEST"),
    "missing fields": (b"{}", "application/json", 422, "INVALID_REQUEST"),
    "a bad digest": (
        b'{"application_id":"%s","photo_sha256":"\\u0000"}' % str(uuid4()).encode(),
        "application/json",
        422,
        "INVALID_REQUEST",
    ),
    "a field too many": (
        b'{"application_id":"%s","photo_sha256":"%s","x":1}' % (str(uuid4()).encode(), b"a" * 64),
        "application/json",
        422,
        "INVALID_REQUEST",
    ),
    "another kind": (b"{}", "text/plain", 415, "MEDIA_TYPE_UNSUPPORTED"),
    "too much": (b"[" + b"1," * 10_000 + b"1]", "application/json", 413, "BODY_TOO_LARGE"),
    "an unknown application": (
        b'{"application_id":"%s","photo_sha256":"%s"}' % (str(uuid4()).encode(), b"a" * 64),
        "application/json",
        404,
        "NOT_FOUND",
    ),
}


@pytest.mark.parametrize(("body", "kind", "status", "code"), BROKEN_JSON.values(), ids=BROKEN_JSON.keys())
def test_a_release_that_cannot_be_asked_for(api, left_behind, body, kind, status, code):
    assert refusal(api.post("/v1/print-releases", content=body, headers={"Content-Type": kind})) == (status, code)
    assert left_behind() == {}


def test_addresses_and_methods_that_do_not_exist(api):
    assert refusal(api.get("/v1/nothing")) == (404, "NOT_FOUND")
    assert refusal(api.get("/v1/applications/")) == (404, "NOT_FOUND")
    answer = api.delete("/v1/applications")
    assert refusal(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, POST"


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    prefix=st.sampled_from(
        [b"", JPEG[:20], JPEG, png(300, 300), b"RIFF....WEBPVP8 ", b"....ftypheic", PHOTO, REFERENCE, b"--gate\r\n"]
    ),
    noise=st.binary(max_size=500),
    suffix=st.sampled_from([b"", END, PHOTO + END, REFERENCE + PHOTO + END]),
    kind=st.sampled_from(
        ["image/jpeg", "application/octet-stream", FORM["Content-Type"], "multipart/form-data; boundary=\xff"]
    ),
)
def test_no_bytes_whatsoever_end_in_an_error_of_ours(api, prefix, noise, suffix, kind):
    headers = {"Content-Type": kind.encode("latin-1")}
    answer = api.post(SUBMIT, content=prefix + noise + suffix, headers=headers)
    assert answer.status_code == 202 or refusal(answer)[0] < 500
