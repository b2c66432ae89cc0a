"""What clients show their applicants: messages in the language asked for, and the annotated picture."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select, update

from photogate.access.tables import Scope
from photogate.applicants.queries import by_reference
from photogate.applications import decisions
from photogate.applications.photo_keys import SealedPhotos
from photogate.applications.tables import DecisionRecord, Photo
from photogate.audit.tables import Event, EventKind
from photogate.messages.drawing import POLICY
from photogate.outbox import endpoints
from photogate.outbox.tables import Message
from photogate.privacy import erasure
from photogate.screening.decision import Decision
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import Disposition, Reason, ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import CLIENT, PLACEHOLDER, PORTRAIT, PROFILE, TWO_PEOPLE, decided, jpeg, user
from tests.integration.api.exchange import refusal
from tests.keys import KMS, PHOTO_KEY
from tests.unit.photogate.messages.made import LABELLED, leaks

GUIDE = (Path(__file__).parents[3] / "docs/api.md").read_text()
SMALL = (Reason(ReasonCode.HEAD_SIZE, Disposition.RETRY, native=0.06, threshold=0.1),)
LANGUAGES = {"en": "The face takes 6", "fr": "Le visage occupe 6", "ar": "يشغل الوجه ٦٪"}


@pytest.fixture
def picture(store):
    """The review copy that the factories name."""
    content = jpeg((600, 800))
    SealedPhotos(store, PHOTO_KEY).put("review", content)
    return content


def asked_again(database, reasons=SMALL, verdict=Verdict.RESUBMISSION_REQUESTED, found=TWO_PEOPLE):
    record, ada = decided(database, found), user(database, email=f"{uuid4()}@example.org")
    with database.transaction() as session:
        grounds = decisions.Grounds(record.photo_id, record.assessment_id, record.models)
        made = Decision(verdict, reasons, PROFILE.reference)
        return decisions.append(session, record.application_id, made, grounds, user_id=ada.id)


def decided_before(database, record):
    with database.transaction() as session:
        return session.get_one(DecisionRecord, record.supersedes_id).reasons


def here(record):
    return f"/v1/applications/{record.application_id}"


def annotated(record, attempt=1):
    return f"{here(record)}/photos/{attempt}/annotated"


@pytest.mark.parametrize(("tag", "words"), LANGUAGES.items())
def test_messages_come_in_the_language_that_was_asked_for(api, database, tag, words):
    record = asked_again(database)
    for path in (here(record), f"{here(record)}/decisions", "/v1/applications"):
        answer = api.get(path, headers={"Accept-Language": f"{tag}-XX, de;q=0.9"})
        assert (answer.headers["content-language"], answer.headers["vary"]) == (tag, "Accept-Language")
        assert words in str(answer.json())
    message = api.get(here(record), headers={"Accept-Language": tag}).json()["messages"][0]
    assert message["direction"] == ("rtl" if tag == "ar" else "ltr")
    assert (message["code"], message["language"], message["value"]) == ("HEAD_SIZE", tag, 0.06)
    assert (message["limit"], message["unit"]) == (0.1, "share_of_height")
    assert message["title"]
    assert message["action"]


def test_a_language_that_nobody_speaks_is_answered_in_english(api, database):
    answer = api.get(here(asked_again(database)), headers={"Accept-Language": "tlh, x-klingon"})
    assert answer.headers["content-language"] == "en"
    assert answer.json()["messages"][0]["title"] == "The face is too small"


def test_the_applicant_reads_how_many_photos_are_left(api, database):
    view = api.get(here(asked_again(database))).json()
    assert view["photos_left"] == 5
    assert [message["code"] for message in view["messages"]] == ["HEAD_SIZE", "PHOTOS_LEFT"]
    assert view["messages"][-1]["title"] == "You can send 5 more photos"
    assert api.get(here(decided(database, PORTRAIT))).json()["photos_left"] == 0


def test_an_approved_photo_and_one_in_review_have_no_messages(api, database):
    for found in (PORTRAIT, TWO_PEOPLE):
        view = api.get(here(decided(database, found))).json()
        assert (view["messages"], "annotated" in view["links"]) == ([], False)


@pytest.mark.parametrize(("tag", "words"), LANGUAGES.items())
def test_the_annotated_picture_shows_photo_and_words_and_runs_nothing(api, database, picture, tag, words):
    record = asked_again(database)
    assert api.get(here(record)).json()["links"]["annotated"] == annotated(record)
    answer = api.get(annotated(record), headers={"Accept-Language": tag})
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == POLICY
    assert (answer.headers["content-language"], answer.headers["vary"]) == (tag, "Accept-Language")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    svg = ET.fromstring(answer.content)
    assert base64.b64encode(picture).decode() in answer.text
    assert words in " ".join(svg.itertext())
    assert svg.get("lang") == tag


def test_that_a_picture_was_taken_is_on_record(api, database, picture):
    record = asked_again(database)
    api.get(annotated(record))
    with database.transaction() as session:
        [seen] = session.scalars(select(Event).where(Event.kind == EventKind.PICTURE_VIEWED)).all()
    assert (seen.actor, seen.application_id) == ("client:ministry", record.application_id)
    assert seen.details == {"seen": "annotated.svg", "which": str(record.photo_id)}


def test_there_is_a_picture_only_where_something_is_to_be_said(api, connect, database, picture):
    record = asked_again(database)
    for found in (PORTRAIT, TWO_PEOPLE):
        assert refusal(api.get(annotated(decided(database, found)))) == (409, "NOTHING_TO_SHOW")
    assert refusal(api.get(annotated(record, 2))) == (404, "NOT_FOUND")
    assert refusal(api.get(annotated(record, 0))) == (422, "INVALID_REQUEST")
    assert refusal(api.get(annotated(record, 10**30))) == (422, "INVALID_REQUEST")
    stranger = connect(*CLIENT.scopes, client="harbour office")
    assert refusal(stranger.get(annotated(record))) == (404, "NOT_FOUND")


def test_a_file_of_which_no_picture_could_be_made_has_none(api, database):
    unreadable = decided(database, Measurements(unreadable="The file ends too early."))
    view = api.get(here(unreadable)).json()
    assert view["messages"][0]["code"] == "FILE_UNREADABLE"
    assert "annotated" not in view["links"]
    assert refusal(api.get(annotated(unreadable))) == (404, "NOT_FOUND")


def test_a_picture_whose_time_was_up_is_gone(api, database, picture):
    record = asked_again(database)
    with database.transaction() as session:
        session.execute(update(Photo).values(review_key=None))
    assert refusal(api.get(annotated(record))) == (410, "PICTURE_GONE")
    assert "annotated" not in api.get(here(record)).json()["links"]


def test_a_picture_that_the_store_lost_is_gone(api, database, store, picture):
    record = asked_again(database)
    store.delete("review")
    assert refusal(api.get(annotated(record))) == (410, "PICTURE_GONE")


def test_an_erased_applicant_has_no_picture_any_more(api, database, picture):
    record = asked_again(database)
    with database.transaction() as session:
        erasure.erase(session, by_reference(session, KMS, CLIENT.name, "A-1", hold=True), "user:test")
    assert refusal(api.get(annotated(record))) == (410, "PICTURE_GONE")
    assert api.get(here(record)).json()["messages"] == []


def heard(database, record):
    """What webhooks were sent about an application."""
    with database.transaction() as session:
        sent = [json.dumps(payload) for payload in session.scalars(select(Message.payload))]
    return [words for words in sent if str(record.application_id) in words]


def answered(api, record):
    """What every address says about an application."""
    release = {"application_id": str(record.application_id), "photo_sha256": "ab" * 32}
    answers = (
        api.get(here(record)),
        api.get(f"{here(record)}/decisions"),
        api.get(annotated(record)),
        api.post("/v1/print-releases", json=release),
        api.post(f"{here(record)}/photos", content=jpeg(), headers={"Content-Type": "image/jpeg"}),
    )
    return [answer.text for answer in answers]


@pytest.fixture
def webhook(database):
    with database.transaction() as session:
        endpoints.add(session, KMS, CLIENT.name, "https://hooks.example.org/", allow_private=False, actor="system")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=LABELLED)
def test_nothing_internal_leaves_by_any_address_or_webhook(api, database, picture, webhook, kept):
    for verdict in (Verdict.RESUBMISSION_REQUESTED, Verdict.REJECTED, Verdict.IN_REVIEW):
        record = asked_again(database, tuple(map(Reason.from_json, kept)), verdict, PLACEHOLDER)
        told = heard(database, record)
        assert len(told) == (1 if verdict is Verdict.IN_REVIEW else 2)
        known = [*kept, *decided_before(database, record)]  # the machine's own decision stands before ours
        assert [leaks(known, words) for words in (*told, *answered(api, record)) if leaks(known, words)] == []


def test_the_page_in_the_guide_shows_the_applicant_all_of_it(api, address, new_api_key, database, picture, tmp_path):
    [page] = re.findall(r'```\n(#!/usr/bin/env python3\n"""python3 page.py .*?)```', GUIDE, re.DOTALL)
    (tmp_path / "page.py").write_text(page)
    record, key = asked_again(database), new_api_key(Scope.APPLICATION_READ)
    shown = subprocess.run(
        [sys.executable, tmp_path / "page.py", str(record.application_id), "ar"],
        env={"PHOTOGATE": address, "PHOTOGATE_KEY": key, "PYTHONIOENCODING": "utf-8"},
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout.decode()
    assert shown.count('<section lang="ar" dir="rtl">') == 2
    assert "يشغل الوجه ٦٪" in shown
    [image] = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', shown)
    assert base64.b64decode(image) == api.get(annotated(record), headers={"Accept-Language": "ar"}).content
