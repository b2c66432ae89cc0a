"""Submitting, submitting again, and asking how things stand."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from photogate.access.keys import Client
from photogate.applications import idempotency, queries, service
from photogate.applications.attempts import ResubmissionLimit
from photogate.applications.idempotency import KeptAnswer, KeyReused, StillRunning
from photogate.applications.photo_keys import SealedPhotos
from photogate.applications.tables import IdempotencyKey
from photogate.database import new_id
from photogate.errors import Conflict, NotFound
from photogate.screening.verdicts import ApplicationStatus
from tests.factories import CLIENT, PLACEHOLDER, PORTRAIT, PROFILE, claim, decided, finish, intake, photo_file, submit

OTHER = Client("other", frozenset())
DIGEST = "d" * 64


def resubmit(database, application_id, client=CLIENT):
    with database.transaction() as session:
        return service.resubmit(session, intake(client, "again"), application_id, PROFILE).photo


def test_the_original_goes_again_when_its_row_cannot_be_written(store):
    application_id = new_id()
    with pytest.raises(RuntimeError), service.kept_original(store, application_id, photo_file()) as kept:  # noqa: PT012 - the block itself is what fails
        assert SealedPhotos(store, kept.key).get(kept.name) == photo_file().content
        assert photo_file().content not in store.get(kept.name)
        raise RuntimeError
    assert list(store.keys(str(application_id))) == []


def test_the_original_stays_when_nobody_knows_whether_its_row_was_written(store):
    application_id = new_id()
    gone = OperationalError("COMMIT", {}, Exception(), connection_invalidated=True)
    with pytest.raises(OperationalError), service.kept_original(store, application_id, photo_file()) as kept:
        raise gone
    assert store.exists(kept.name)


def test_another_photo_is_taken_when_one_was_asked_for_and_decided_anew(database):
    record = decided(database, PLACEHOLDER)
    second = resubmit(database, record.application_id)
    assert second.attempt == 2
    assert finish(database, claim(database, second.id), PORTRAIT).supersedes_id == record.id
    with database.transaction() as session:
        application = queries.application(session, CLIENT.name, record.application_id)
    assert application.status is ApplicationStatus.APPROVED


def test_no_other_photo_is_taken_unasked_or_from_a_stranger(database):
    with pytest.raises(Conflict, match="approved"):
        resubmit(database, decided(database, PORTRAIT).application_id)
    with pytest.raises(NotFound):
        resubmit(database, decided(database, PLACEHOLDER).application_id, OTHER)


def test_of_ten_resubmissions_at_once_one_is_taken(database):
    application_id = decided(database, PLACEHOLDER).application_id

    def attempt(_):
        try:
            return resubmit(database, application_id)
        except Conflict:
            return None

    with ThreadPoolExecutor(10) as clients:
        assert sum(taken is not None for taken in clients.map(attempt, range(10))) == 1


def test_the_number_of_photos_has_a_limit(database):
    record = decided(database, PLACEHOLDER)
    for _ in range(PROFILE.max_resubmissions):
        finish(database, claim(database, resubmit(database, record.application_id).id), PLACEHOLDER)
    with pytest.raises(ResubmissionLimit, match="all 6 photos"):
        resubmit(database, record.application_id)


def test_a_client_sees_its_own_applications_page_by_page(database):
    mine = [submit(database, reference=f"A-{number}").application_id for number in range(5)]
    submit(database, OTHER)
    with database.transaction() as session:
        first = queries.applications(session, CLIENT.name, status=None, after=None, limit=3)
        rest = queries.applications(session, CLIENT.name, status=None, after=first[-1].id, limit=3)
        approved = queries.applications(session, CLIENT.name, status=ApplicationStatus.APPROVED, after=None, limit=3)
    assert [found.id for found in [*first, *rest]] == sorted(mine)
    assert approved == []
    with database.transaction() as session, pytest.raises(NotFound):
        queries.application(session, OTHER.name, mine[0])


def begin(database, digest=DIGEST):
    with database.transaction() as session:
        return idempotency.begin(session, CLIENT.name, "key-1", digest)


def test_a_request_that_comes_again_gets_its_first_answer(database):
    kept = KeptAnswer(202, {"Location": "/x"}, {"id": "x"})
    assert begin(database) is None
    with pytest.raises(StillRunning):
        begin(database)
    with database.transaction() as session:
        idempotency.answer(session, CLIENT.name, "key-1", kept)
    assert begin(database) == kept
    with pytest.raises(KeyReused):
        begin(database, "e" * 64)


def test_a_request_that_failed_on_our_side_can_be_tried_again(database):
    begin(database)
    with database.transaction() as session:
        idempotency.forget(session, CLIENT.name, "key-1")
    assert begin(database) is None


def test_keys_are_forgotten_after_a_day_and_abandoned_ones_after_a_minute(database):
    for age, status in ((idempotency.LIVES, 202), (idempotency.ABANDONED_AFTER, None)):
        begin(database)
        with database.transaction() as session:
            row = session.scalars(select(IdempotencyKey)).one()
            row.created_at, row.status = func.now() - age * 1.01, status
        assert begin(database) is None
        with database.transaction() as session:
            idempotency.forget(session, CLIENT.name, "key-1")
