"""A request that comes again with its key."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, update

from photogate.access.tables import Scope
from photogate.applications.tables import IdempotencyKey
from tests.factories import PLACEHOLDER, decided, jpeg
from tests.integration.api.exchange import refusal

SUBMIT = "/v1/applications?reference=A-1"
ONE_APPLICATION = {"applicants": 1, "applications": 1, "photos": 1, "events": 1, "idempotency_keys": 1, "objects": 1}


def keyed(key="first-try-1"):
    return {"Content-Type": "image/jpeg", "Idempotency-Key": key}


def test_the_same_request_again_gets_the_first_answer(api, left_behind):
    first = api.post(SUBMIT, content=jpeg(), headers=keyed())
    again = api.post(SUBMIT, content=jpeg(), headers=keyed())
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert (first.headers.get("idempotent-replayed"), again.headers["idempotent-replayed"]) == (None, "true")
    assert left_behind() == ONE_APPLICATION


def test_neither_the_key_nor_the_reference_is_kept_in_the_clear(api, database):
    api.post("/v1/applications?reference=Zoe-4711", content=jpeg(), headers=keyed("for-Zoe-4711"))
    with database.transaction() as session:
        [kept] = session.execute(select(IdempotencyKey.__table__)).mappings().all()
    assert "Zoe" not in str(dict(kept))


def test_the_way_of_sending_does_not_make_it_another_request(api):
    first = api.post(SUBMIT, content=jpeg(), headers=keyed())
    form = {"files": {"photo": ("a.jpg", jpeg())}, "data": {"reference": "A-1"}}
    again = api.post("/v1/applications", headers={"Idempotency-Key": "first-try-1"}, **form)
    assert again.json() == first.json()


def test_a_key_belongs_to_one_request(api, database, connect):
    assert api.post(SUBMIT, content=jpeg(), headers=keyed()).status_code == 202
    asked = decided(database, PLACEHOLDER)
    others = [
        api.post(SUBMIT, content=jpeg(colour="red"), headers=keyed()),
        api.post("/v1/applications?reference=A-2", content=jpeg(), headers=keyed()),
        api.post(f"/v1/applications/{asked.application_id}/photos", content=jpeg(), headers=keyed()),
    ]
    assert [refusal(other) for other in others] == [(422, "IDEMPOTENCY_KEY_REUSED")] * 3
    stranger = connect(Scope.PHOTO_WRITE, client="harbour office")
    assert stranger.post(SUBMIT, content=jpeg(), headers=keyed()).status_code == 202, "keys are each client's own"


def test_twenty_at_once_give_one_application(api, left_behind):
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: api.post(SUBMIT, content=jpeg(), headers=keyed()), range(20)))
    accepted = [answer.json()["id"] for answer in answers if answer.status_code == 202]
    others = [answer for answer in answers if answer.status_code != 202]
    assert accepted
    assert len(set(accepted)) == 1
    assert {refusal(answer) for answer in others} <= {(409, "IDEMPOTENCY_KEY_IN_USE")}
    assert {answer.headers["retry-after"] for answer in others} <= {"2"}
    assert left_behind() == ONE_APPLICATION


def test_while_the_first_is_not_answered_the_second_is_told_to_wait(api, database):
    api.post(SUBMIT, content=jpeg(), headers=keyed())
    with database.transaction() as session:
        session.execute(update(IdempotencyKey).values(status=None))
    answer = api.post(SUBMIT, content=jpeg(), headers=keyed())
    assert refusal(answer) == (409, "IDEMPOTENCY_KEY_IN_USE")
    assert answer.headers["retry-after"] == "2"


def test_a_refused_request_frees_its_key(api, database, left_behind):
    refused = api.post(SUBMIT, content=b"no photo", headers=keyed())
    assert refusal(refused) == (415, "FILE_TYPE_UNSUPPORTED")
    first = decided(database, PLACEHOLDER)
    photos = f"/v1/applications/{first.application_id}/photos"
    assert api.post(photos, content=jpeg(), headers=keyed("a")).status_code == 202
    assert refusal(api.post(photos, content=jpeg(), headers=keyed("b"))) == (409, "CONFLICT")
    assert left_behind()["idempotency_keys"] == 1
    assert api.post(SUBMIT, content=jpeg(), headers=keyed("b")).status_code == 202
