"""Reality Check: what the page shows of an answer, what it says of what it cannot use, and that nothing stays behind.

A thread stands in for the worker.
"""

import base64
import re
import time
from dataclasses import replace

import pytest
from redis import Redis

from photogate.access.tables import Role
from photogate.errors import Unavailable
from photogate.jobs.checks import Checks, ModelUnknown, Wish
from review_ui.safety import POLICY
from tests.factories import jpeg
from tests.guards.tree import ROOT
from tests.integration.review_ui.standing_in import standing_in

OWN_PICTURE = b"\xff\xd8\xff the worker's own"
FACE = {
    "box": [10, 20, 100, 120],
    "landmarks": [[40.0, 60.0], [80.0, 60.0], [60.0, 85.0], [45.0, 110.0], [75.0, 110.0]],
}
SHOWN = {
    "width": 600,
    "height": 800,
    "faces": [FACE, {"box": [300, 20, 50, 60], "landmarks": None}],
    "review_copy": base64.b64encode(OWN_PICTURE).decode(),
    "crop": "Y3JvcA==",
    "heat_map": None,
}
REASON = {
    "code": "MULTIPLE_FACES",
    "disposition": "review",
    "audience": "public",
    "native": 2.0,
    "score": None,
    "threshold": 1.0,
    "assessed": True,
    "model_version": None,
    "detail": None,
    "source": {"standard": "ISO/IEC 29794-5", "measure": "SingleFacePresent", "id": "4C"},
}
ANSWER = {
    "verdict": "in_review",
    "reasons": [REASON],
    "p_real": 0.9971,
    "p_ai_generated": None,
    "faces": 2,
    "box": FACE["box"],
    "landmarks": FACE["landmarks"],
    "quality": {
        "luminance_mean": {"native": 0.367, "score": 97.0, "approximate": True},
        "head_pose_yaw": {"native": 3.2, "score": 99.0, "approximate": False},
        "eyes_open": {"native": None, "score": None, "approximate": False},
    },
    "models": [
        {"name": "student@1.0.0", "verdict": "real", "p_real": 0.9971, "threshold": 0.95, "ms": 1.34},
        {"name": "real_vs_ai@1.0.0", "verdict": "generated", "p_real": 0.021, "threshold": 0.0276, "ms": 2.0},
    ],
    "heat_map": None,
    "ms": {"decode": 30.0, "classify": 1.34},
    "model": "student@1.0.0",
    "shown": SHOWN,
}
UNREADABLE = {
    **ANSWER,
    "verdict": "resubmission_requested",
    "reasons": [{**REASON, "code": "FILE_UNREADABLE", "native": None, "threshold": None, "detail": "It is damaged."}],
    **dict.fromkeys(("p_real", "faces", "box", "landmarks", "model", "shown")),
    "models": [],
    "quality": {},
    "ms": {},
}


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"check_timeout_s": 1.0, "max_photo_bytes": 400_000})


@pytest.fixture
def redis(settings):
    with Redis.from_url(settings.redis_url) as connection:
        connection.flushdb()
        yield connection


@pytest.fixture
def checks(settings, redis):
    both_ends = Checks(settings.redis_url)
    yield both_ends
    both_ends.close()


@pytest.fixture
def worker(checks, redis):
    """A worker for one check: `with worker(answer) as taken`; an error in the place of an answer is its refusal."""
    return lambda answer=ANSWER: standing_in(redis, "check:*:photo", checks, answer)


def send(browser, photo=None, name="photo.jpg", **fields):
    """Send the check form as a browser does; without a photo its part is empty and has no name."""
    browser.open("/check")
    fields = {"form_token": browser.form_token(), **fields}
    file = ("", b"", "application/octet-stream") if photo is None else (name, photo, "image/jpeg")
    parts = [(field, (None, value)) for field, value in fields.items()]
    browser.page = browser.http.post("/check", files=[*parts, ("photo", file)])
    return browser.page


def alert(page):
    """What the page says is wrong."""
    return re.search(r'role="alert"><p>(.*?)</p>', page.text)[1]


def test_the_page_says_that_nothing_is_stored_and_what_it_is_not_for(ada):
    page = ada.open("/check").text
    assert "Nothing is stored" in page
    assert "What this is not for" in page
    assert page.count('name="example"') == 9


def test_a_picture_is_shown_as_the_workers_own_with_faces_opinions_and_quality(ada, worker):
    with worker() as taken:
        page = send(ada, jpeg())
    assert page.status_code == 200
    assert (taken[0].photo, taken[0].wish) == (jpeg(), Wish(pictures=True))
    assert f'href="data:image/jpeg;base64,{SHOWN["review_copy"]}"' in page.text
    assert base64.b64encode(jpeg()).decode()[:200] not in page.text, "the file that was sent is never shown"
    assert page.text.count('class="face"') == 2
    assert page.text.count('class="face-dot"') == 5
    said = "Clearly a real photo", "More than one face was found.", "Made by a generator", "camera from 0.028", "1.3 ms"
    for words in said:
        assert words in page.text
    assert re.search(r"Brightness.*?<b>97</b>.*?0\.367.*?≈", page.text, re.DOTALL)
    assert re.search(r"Not turned.*?<b>99</b>.*?3\.2°", page.text, re.DOTALL)
    assert "1 measure was not assessed" in page.text
    assert "Eyes open" in page.text


def test_the_page_that_brings_its_pictures_along_allows_just_that(ada, worker):
    assert ada.open("/check").headers["content-security-policy"] == POLICY
    with worker():
        page = send(ada, jpeg())
    assert page.headers["content-security-policy"] == f"{POLICY}; img-src 'self' data:"
    assert page.headers["cache-control"] == "no-store"
    assert " style=" not in page.text


def test_nothing_stays_behind(ada, worker, redis, store):
    before = set(store.keys(""))
    with worker():
        send(ada, jpeg())
    send(ada, jpeg())  # nobody answers
    assert list(redis.scan_iter("check:*")) == []
    assert set(store.keys("")) == before


def test_a_heat_map_and_a_model_are_asked_for_and_stay_chosen(ada, worker, checks):
    checks.announce(["student@1.0.0", "ensemble@1.0.0"])
    heat_map = {"model": "student@1.0.0", "importances": [[2.0, -0.5]], "ms": 90.0}
    with worker({**ANSWER, "heat_map": heat_map, "shown": {**SHOWN, "heat_map": "bWFw"}}) as taken:
        page = send(ada, jpeg(), heat_map="yes", model="ensemble@1.0.0").text
    assert taken[0].wish == Wish(model="ensemble@1.0.0", heat_map=True, pictures=True)
    assert "data:image/png;base64,bWFw" in page
    assert "Without the orange parts, this would look less like a real photo." in page
    assert '<option value="ensemble@1.0.0" selected>' in page
    assert 'name="heat_map" value="yes" checked' in page


def test_a_click_on_an_example_checks_it(ada, worker):
    with worker() as taken:
        page = send(ada, example="silhouette.png")
    assert page.status_code == 200
    assert taken[0].photo == (ROOT / "samples/silhouette.png").read_bytes()
    assert ada.open("/check/examples/silhouette.png").content == taken[0].photo


@pytest.mark.parametrize("name", ["make.py", "PROVENANCE.md", "..%2Fpyproject.toml", "nothing.jpg"])
def test_nothing_but_examples_is_an_example(ada, name):
    assert ada.open(f"/check/examples/{name}").status_code == 404
    assert send(ada, example=name).status_code == 404


def test_a_photo_that_cannot_be_read_is_an_answer_without_a_picture(ada, worker):
    with worker(UNREADABLE):
        page = send(ada, jpeg())
    assert page.status_code == 200
    assert "This file cannot be read as a photo" in page.text
    assert "It is damaged." in page.text
    assert "data:image" not in page.text


@pytest.mark.parametrize(
    ("photo", "status", "sentence"),
    [
        (None, 422, "Choose a picture first, or click an example."),
        (b"", 415, "The file is empty."),
        (b"#!/bin/sh\n", 415, "The file is not a JPEG, PNG, WebP or HEIC photo."),
        (b"\xff\xd8\xff\xe0broken", 422, "The file&#39;s header does not tell the picture&#39;s dimensions."),
        (jpeg((30, 30)), 422, "The picture has 30 × 30 pixels; each side needs at least 120."),
        (jpeg() + bytes(400_000), 413, "The file is larger than 0.4 MB, which is the limit."),
        (jpeg() + bytes(3_000_000), 413, "The file is larger than 0.4 MB, which is the limit."),
    ],
    ids=["none", "empty", "no picture", "broken header", "tiny", "large", "very large"],
)
def test_what_cannot_be_used_is_said_in_a_sentence_and_the_form_stays(ada, photo, status, sentence):
    page = send(ada, photo, heat_map="yes")
    assert (page.status_code, alert(page)) == (status, sentence)
    assert 'name="heat_map" value="yes" checked' in page.text
    assert "Check this picture" in ada.buttons


def test_without_a_worker_the_page_says_so_within_seconds(ada):
    begun = time.monotonic()
    page = send(ada, jpeg())
    assert (page.status_code, alert(page)) == (
        503,
        "No worker answered within 1 seconds; please try again in a moment.",
    )
    assert time.monotonic() - begun < 5


def test_when_the_broker_is_away_the_page_says_so(app, ada, settings):
    away = Checks("redis://127.0.0.1:9/0")
    app.state.program = replace(app.state.program, checks=away)
    page = send(ada, jpeg())
    assert (page.status_code, alert(page)) == (503, "Checks cannot be taken right now; please try again in a moment.")


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(ModelUnknown("No model is called <b>x</b>."), 422), (Unavailable("The check could not be carried out."), 503)],
)
def test_a_workers_refusal_is_said_as_text(ada, worker, refusal, status):
    with worker(refusal):
        page = send(ada, jpeg(), model="<b>x</b>")
    assert page.status_code == status
    assert alert(page) == refusal.detail.replace("<", "&lt;").replace(">", "&gt;")
    assert "<b>x</b>" not in page.text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>.jpg", "../../etc/passwd", "a" * 3000, "né\u202egpj.jpg", "\\"]
)
def test_a_files_name_means_nothing(ada, worker, name):
    with worker() as taken:
        page = send(ada, jpeg(), name=name)
    assert (page.status_code, taken[0].photo) == (200, jpeg())
    assert name not in page.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"no form at all", "multipart/form-data"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"form_token=x", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
def test_what_is_no_form_of_ours_is_refused_in_a_sentence(ada, body, kind):
    answer = ada.http.post("/check", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert "The form did not arrive whole." in answer.text


@pytest.mark.parametrize("token", ["", "guessed"])
def test_a_form_that_a_page_of_ours_did_not_send_checks_nothing(ada, redis, token):
    assert send(ada, jpeg(), form_token=token).status_code == 403
    assert list(redis.scan_iter("check:*")) == []


def test_everybody_who_is_signed_in_may_check_and_nobody_else(person, visitor, worker):
    with worker():
        assert send(person("aud", Role.AUDITOR), jpeg()).status_code == 200
    stranger = visitor()
    answer = stranger.http.post("/check", files={"photo": ("a.jpg", jpeg())})
    assert answer.status_code == 401
