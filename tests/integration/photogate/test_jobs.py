"""A photo is claimed by one worker at a time, decided once, and never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from photogate.applications.tables import Application, DecisionRecord, Photo, Stage
from photogate.jobs import service as jobs
from photogate.jobs.service import LeaseLost
from photogate.reviews.tables import ReviewTask
from photogate.screening.measurements import Measurements
from photogate.screening.verdicts import ApplicationStatus, Verdict
from tests.factories import PLACEHOLDER, PORTRAIT, TWO_PEOPLE, claim, decided, finish, submit

NO_TIME = timedelta(0)


def statuses(database):
    with database.transaction() as session:
        return session.scalars(select(Application.status)).all()


def make_due(database):
    with database.transaction() as session:
        session.execute(update(Photo).where(Photo.due_at.is_not(None)).values(due_at=func.now() - timedelta(seconds=1)))


def test_a_portrait_is_approved_and_its_application_says_so(database):
    assert decided(database, PORTRAIT).verdict is Verdict.APPROVED
    assert statuses(database) == [ApplicationStatus.APPROVED]


def test_a_placeholder_asks_the_applicant_and_no_reviewer(database):
    decided(database, PLACEHOLDER)
    assert statuses(database) == [ApplicationStatus.RESUBMISSION_REQUESTED]
    with database.transaction() as session:
        assert session.scalars(select(func.count()).select_from(ReviewTask)).one() == 0


def test_a_doubtful_photo_opens_one_case_in_the_deciding_transaction(database):
    record = decided(database, TWO_PEOPLE)
    with database.transaction() as session:
        (task,) = session.scalars(select(ReviewTask)).all()
    assert (task.decision_id, task.application_id) == (record.id, record.application_id)


def test_of_twenty_workers_that_hear_of_a_photo_one_gets_it(database):
    photo = submit(database)
    with ThreadPoolExecutor(20) as workers:
        claims = list(workers.map(lambda _: claim(database, photo.id), range(20)))
    assert sum(job is not None for job in claims) == 1


def test_a_claim_shows_that_the_photo_is_being_processed(database):
    claim(database, submit(database).id)
    assert statuses(database) == [ApplicationStatus.PROCESSING]


def test_an_overtaken_claim_writes_nothing(database):
    photo = submit(database)
    slow = claim(database, photo.id, lease=NO_TIME)
    quick = claim(database, photo.id)
    with pytest.raises(LeaseLost):
        finish(database, slow, PLACEHOLDER)
    with database.transaction() as session, pytest.raises(LeaseLost):
        jobs.hand_back(session, slow, after=NO_TIME, counted=True)
    finish(database, quick, PORTRAIT)
    with database.transaction() as session:
        assert session.scalars(select(DecisionRecord.verdict)).all() == [Verdict.APPROVED]


def test_who_handed_back_writes_nothing_more(database):
    job = claim(database, submit(database).id)
    with database.transaction() as session:
        jobs.hand_back(session, job, after=NO_TIME, counted=False)
    with database.transaction() as session, pytest.raises(LeaseLost):
        jobs.hand_back(session, job, after=NO_TIME, counted=False)
    with pytest.raises(LeaseLost):
        finish(database, job, PORTRAIT)
    assert claim(database, job.photo_id).attempts == 1


def test_a_late_worker_may_finish_what_nobody_took_over(database):
    job = claim(database, submit(database).id, lease=NO_TIME)
    assert finish(database, job, PORTRAIT).verdict is Verdict.APPROVED


def test_a_decided_photo_cannot_be_claimed_or_finished_again(database):
    photo = submit(database)
    job = claim(database, photo.id)
    finish(database, job, PORTRAIT)
    assert claim(database, photo.id) is None
    with pytest.raises(LeaseLost):
        finish(database, job, PORTRAIT)


def test_a_lost_message_is_spoken_again_until_somebody_listens(database):
    photo = submit(database)
    make_due(database)
    with database.transaction() as session:
        assert jobs.take_due(session, Stage.PREPARE, limit=10, again_after=NO_TIME, max_attempts=3) == [photo.id]
        assert jobs.take_due(session, Stage.PREPARE, limit=10, again_after=timedelta(minutes=1), max_attempts=3) == [
            photo.id
        ]
        assert jobs.take_due(session, Stage.PREPARE, limit=10, again_after=NO_TIME, max_attempts=3) == []


def test_two_relays_do_not_speak_of_the_same_photo(database):
    for _ in range(10):
        submit(database)
    make_due(database)
    with database.transaction() as one, database.transaction() as other:
        first = jobs.take_due(one, Stage.PREPARE, limit=5, again_after=timedelta(minutes=1), max_attempts=3)
        second = jobs.take_due(other, Stage.PREPARE, limit=10, again_after=timedelta(minutes=1), max_attempts=3)
    assert len(first) == len(second) == 5
    assert not set(first) & set(second)


def test_after_three_attempts_the_photo_is_nobodys_but_the_relays(database):
    photo = submit(database)
    for _ in range(3):
        assert claim(database, photo.id, lease=NO_TIME)
    assert claim(database, photo.id) is None
    with database.transaction() as session:
        assert jobs.take_due(session, Stage.PREPARE, limit=10, again_after=NO_TIME, max_attempts=3) == []
        job = jobs.claim_exhausted(session, lease=timedelta(seconds=5), max_attempts=3)
    assert job.photo_id == photo.id
    assert finish(database, job, Measurements()).verdict is Verdict.IN_REVIEW


def test_an_attempt_that_was_not_the_photos_fault_is_not_counted(database):
    photo = submit(database)
    for _ in range(5):
        job = claim(database, photo.id)
        with database.transaction() as session:
            jobs.hand_back(session, job, after=NO_TIME, counted=False)
    assert claim(database, photo.id).attempts == 1


def test_a_prepared_photo_waits_for_the_classifier_with_what_was_measured(database):
    photo = submit(database)
    with database.transaction() as session:
        jobs.advance(session, claim(database, photo.id), crop_key="c", review_key="r", prepared=PORTRAIT)
    with database.transaction() as session:
        job = jobs.claim(session, photo.id, Stage.CLASSIFY, lease=timedelta(seconds=9), max_attempts=3)
    assert (job.crop_key, Measurements.from_json(job.prepared)) == ("c", PORTRAIT)
