"""What clients say of applicants so that groups can be compared: sealed, exported, erased, and shown to nobody."""

import io
import json
import zipfile

import pytest
from sqlalchemy import text

from photogate.access.tables import Role, Scope
from photogate.applicants.service import attributes_of
from photogate.applicants.tables import Applicant
from photogate.applications.tables import Photo
from photogate.database import Base
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import TWO_PEOPLE, claim, finish, jpeg, user
from tests.integration.api.exchange import refusal
from tests.integration.photogate.mandated import judged_by
from tests.keys import KMS

SAID = {"age_band": "65 and over", "head_covering": "worn"}
WORDS = ("65 and over", "age_band", "head_covering", '"worn"')


def submit(api, attributes, **headers):
    sent = {"reference": "A-1"} | ({} if attributes is None else {"attributes": attributes})
    return api.post("/v1/applications", data=sent, files={"photo": jpeg()}, headers=headers)


def kept(database):
    with database.transaction() as session:
        [applicant] = session.query(Applicant).all()
        return attributes_of(KMS, applicant), applicant


def test_attributes_come_with_the_form_and_leave_with_the_applicant(api, connect, database):
    assert submit(api, json.dumps(SAID)).status_code == 202
    assert kept(database)[0] == SAID
    admin = connect(Scope.ADMIN)
    with zipfile.ZipFile(io.BytesIO(admin.get("/v1/applicants/A-1/export").content)) as archive:
        told = json.loads(archive.read("applicant.json"))
    assert told["applicant"]["attributes"] == SAID
    assert "sealed_attributes" not in told["applicant"]
    assert admin.delete("/v1/applicants/A-1").status_code == 200
    said, applicant = kept(database)
    assert (said, applicant.sealed_attributes) == ({}, None)


def test_without_attributes_nothing_is_kept_and_they_are_no_part_of_an_address(api, database):
    assert submit(api, None).status_code == 202
    assert kept(database)[0] == {}
    by_address = {"reference": "A-2", "attributes": json.dumps(SAID)}
    headers = {"Content-Type": "image/jpeg"}
    api.post("/v1/applications", params=by_address, content=jpeg(), headers=headers)
    with database.transaction() as session:
        assert {one.sealed_attributes for one in session.query(Applicant)} == {None}


def test_the_same_request_with_other_attributes_is_another_one(api):
    named = {"Idempotency-Key": "once"}
    first = submit(api, json.dumps(SAID), **named)
    assert submit(api, json.dumps(dict(reversed(SAID.items()))), **named).json()["id"] == first.json()["id"]
    assert refusal(submit(api, json.dumps({"sex": "male"}), **named))[0] == 422


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ("{", "INVALID_REQUEST"),
        ("[]", "INVALID_REQUEST"),
        ("[" * 4_000, "INVALID_REQUEST"),
        ('{"shoe_size": "44"}', "ATTRIBUTES_REFUSED"),
        ('{"sex": 1}', "ATTRIBUTES_REFUSED"),
        ('{"sex": {"is": "male"}}', "ATTRIBUTES_REFUSED"),
    ],
)
def test_what_the_profile_does_not_know_is_refused_and_leaves_nothing(api, left_behind, attributes, code):
    assert refusal(submit(api, attributes)) == (422, code)
    assert left_behind() == {}


def test_nobody_who_measures_reviews_or_integrates_sees_them(api, connect, database, capfd):
    """Every answer, and every row but the sealed column and the profile itself, is free of them; so are the logs."""
    answers = [submit(api, json.dumps(SAID))]
    application = answers[0].json()["id"]
    with database.transaction() as session:
        [photo] = session.query(Photo).all()
    made = finish(database, claim(database, photo.id), TWO_PEOPLE)
    judged_by(database, user(database, Role.REVIEWER), made, Verdict.REJECTED, (ReasonCode.MULTIPLE_FACES,))
    auditor = connect(Scope.AUDIT_READ)
    answers += [api.get(f"/v1/applications/{application}{of}") for of in ("", "/decisions")]
    answers += [auditor.get(f"/v1/decisions{how}") for how in ("", "?format=ndjson", "?format=csv")]
    assert {answer.status_code for answer in answers} <= {200, 202}
    seen = [answer.text for answer in answers] + [*rows(database), *capfd.readouterr()]
    assert [word for word in WORDS for words in seen if word in words] == []
    assert any(application in words for words in seen)


def rows(database):
    with database.transaction() as session:
        for table in set(Base.metadata.tables) - {"policies"}:
            yield from session.scalars(text(f"SELECT whole::text FROM {table} AS whole"))
