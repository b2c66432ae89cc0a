"""Applicants' rights over HTTP: to be forgotten, and to have what is held about them."""

import io
import json
import zipfile

import pytest

from photogate.access.tables import Scope
from photogate.privacy import holds
from tests.factories import jpeg
from tests.integration.api.exchange import refusal
from tests.integration.photogate.applicant import NOTE, PIXELS, REFERENCE, applicant, applied, approved
from tests.keys import KMS

HERE = f"/v1/applicants/{REFERENCE}"


@pytest.fixture
def admin(connect):
    return connect(Scope.ADMIN)


def test_a_dry_run_says_what_would_go_and_changes_nothing(admin, database, store):
    case = applied(database, store)
    before = sorted(store.keys(""))
    view = admin.delete(HERE, params={"dry_run": "true"}).json()
    assert (view["erased"], view["applications"], view["photos"]) == (False, [str(case.application_id)], 1)
    assert sorted(view["objects"]) == before == sorted(store.keys(""))
    assert admin.get(f"/v1/applications/{case.application_id}").json()["reference"] == REFERENCE


def test_an_erased_applicant_is_gone_and_the_application_says_so(admin, database, store):
    case = applied(database, store)
    view = admin.delete(HERE).json()
    assert (view["erased"], view["objects_left"], len(view["events"])) == (True, 0, 1)
    application = admin.get(f"/v1/applications/{case.application_id}").json()
    assert (application["reference"], application["status"], application["reasons"]) == (None, "erased", [])
    assert list(store.keys("")) == []
    assert refusal(admin.delete(HERE)) == (404, "NOT_FOUND")
    assert refusal(admin.get(f"{HERE}/export")) == (404, "NOT_FOUND")


def test_a_repeated_submission_of_an_erased_applicant_tells_no_reference(connect, admin):
    sender = connect(Scope.PHOTO_WRITE)
    headers = {"Content-Type": "image/jpeg", "Idempotency-Key": "once"}
    first = sender.post(f"/v1/applications?reference={REFERENCE}", content=jpeg(), headers=headers)
    assert admin.delete(HERE).status_code == 200
    again = sender.post(f"/v1/applications?reference={REFERENCE}", content=jpeg(), headers=headers)
    assert (again.json()["id"], again.json()["reference"]) == (first.json()["id"], None)


def test_a_legal_hold_answers_409(admin, database, store):
    applied(database, store)
    with database.transaction() as session:
        holds.hold(session, KMS, applicant(session), "court order", "user:test")
    assert refusal(admin.delete(HERE)) == (409, "LEGAL_HOLD")
    assert refusal(admin.delete(HERE, params={"dry_run": "true"})) == (409, "LEGAL_HOLD")


def test_the_export_holds_everything_and_every_picture(admin, database, store):
    case = applied(database, store)
    approved(database, case)
    answer = admin.get(f"{HERE}/export")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        told = json.loads(archive.read("applicant.json"))
        pictures = {name: archive.read(name) for name in archive.namelist() if name != "applicant.json"}
    assert told["applicant"]["reference"] == REFERENCE
    assert [decision["note"] for decision in told["decisions"]] == [None, NOTE]
    assert told["assessments"][0]["measurements"]["faces"]
    assert [event["kind"] for event in told["events"]][-1] == "applicant_exported"
    assert set(pictures) == {f"{case.application_id}/1/{name}" for name in ("original.jpg", "crop.png", "review.jpg")}
    assert all(PIXELS in picture for picture in pictures.values())
    assert "wrapped_key" not in str(told)


def test_a_picture_that_the_store_lost_does_not_break_the_export(admin, database, store):
    case = applied(database, store)
    store.delete(f"{case.application_id}/{case.photo_id}/crop.png")
    with zipfile.ZipFile(io.BytesIO(admin.get(f"{HERE}/export").content)) as archive:
        assert f"{case.application_id}/1/crop.png.missing" in archive.namelist()


def test_a_reference_may_hold_slashes_and_any_letter(admin, database, store):
    applied(database, store, "Ministry/Zoë #1")
    assert admin.delete("/v1/applicants/Ministry%2FZo%C3%AB%20%231").json()["erased"] is True


def test_nobody_erases_without_the_scope_or_another_clients_applicant(connect, database, store):
    applied(database, store)
    others = connect(*set(Scope) - {Scope.ADMIN})
    assert refusal(others.delete(HERE)) == (403, "FORBIDDEN")
    assert refusal(others.get(f"{HERE}/export")) == (403, "FORBIDDEN")
    stranger = connect(Scope.ADMIN, client="harbour office")
    assert refusal(stranger.delete(HERE)) == (404, "NOT_FOUND")
    assert len(list(store.keys(""))) == 3
