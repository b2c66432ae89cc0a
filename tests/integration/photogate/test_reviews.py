"""People decide what the machine left to them: one reviewer a case, each refusal with a reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.applications import queries as applications
from photogate.applications.notes import Note, read_note
from photogate.audit import queries as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.errors import NotFound, Unprocessable
from photogate.reviews import queries, service
from photogate.reviews.service import ClaimLost
from photogate.reviews.tables import ReviewTask
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import CLIENT, TWO_PEOPLE, decided, user
from tests.keys import KMS

LEASE = timedelta(seconds=90)


@pytest.fixture
def ada(database):
    return user(database)


@pytest.fixture
def ben(database):
    return user(database, Role.REVIEWER, "ben@example.org")


@pytest.fixture
def task(database):
    record = decided(database, TWO_PEOPLE)
    with database.transaction() as session:
        return session.scalar(select(ReviewTask).where(ReviewTask.decision_id == record.id))


def claim(database, task, reviewer, lease=LEASE):
    with database.transaction() as session:
        service.claim(session, task.id, reviewer, lease)


def decide(database, task, reviewer, verdict=Verdict.APPROVED, codes=(), note=None):
    with database.transaction() as session:
        return service.decide(session, task.id, reviewer, verdict, codes, note and Note(note, KMS))


def test_a_person_approves_and_the_history_tells_both_decisions(database, task, ada):
    claim(database, task, ada)
    decide(database, task, ada, note="twins, one card")
    with database.transaction() as session:
        application = applications.application(session, CLIENT.name, task.application_id)
        first, second = applications.decisions(session, task.application_id)
        kinds = [event.kind for event in audit.history(session, task.application_id)]
    assert application.status == Verdict.APPROVED
    assert (first.verdict, second.verdict, second.supersedes_id) == (Verdict.IN_REVIEW, Verdict.APPROVED, first.id)
    assert (second.user_id, second.models) == (ada.id, first.models)
    assert read_note(KMS, application.applicant, second) == "twins, one card"
    assert b"twins" not in second.sealed_note
    assert kinds[-2:] == [EventKind.REVIEW_CLAIMED, EventKind.DECISION_MADE]


def test_two_reviewers_never_hold_the_same_case(database, task, ada, ben):
    claim(database, task, ada)
    with pytest.raises(ClaimLost):
        claim(database, task, ben)
    with pytest.raises(ClaimLost):
        decide(database, task, ben)


def test_a_case_is_free_again_when_the_lease_runs_out(database, task, ada, ben):
    claim(database, task, ada, timedelta(0))
    claim(database, task, ben)
    with pytest.raises(ClaimLost):
        decide(database, task, ada)
    assert decide(database, task, ben).user_id == ben.id


def test_a_case_given_back_is_the_next_reviewers(database, task, ada, ben):
    claim(database, task, ada)
    with database.transaction() as session:
        assert queries.next_task_id(session, ben) is None
        service.give_back(session, task.id, ada)
        assert queries.next_task_id(session, ben) == task.id


def test_a_reviewer_who_comes_back_finds_their_own_case_first(database, task, ada):
    decided(database, TWO_PEOPLE, reference="later")
    with database.transaction() as session:
        later = session.scalar(select(ReviewTask.id).where(ReviewTask.id != task.id))
        service.claim(session, later, ada, LEASE)
        assert queries.next_task_id(session, ada) == later


def test_a_decided_case_is_closed_for_everybody(database, task, ada):
    claim(database, task, ada)
    decide(database, task, ada)
    for again in (claim, decide):
        with pytest.raises(ClaimLost):
            again(database, task, ada)
    with database.transaction() as session:
        assert queries.open_tasks(session, limit=10) == []
        assert queries.count_open(session) == 0


@pytest.mark.parametrize(
    ("verdict", "codes"),
    [
        (Verdict.REJECTED, ()),
        (Verdict.RESUBMISSION_REQUESTED, ()),
        (Verdict.REJECTED, (ReasonCode.LOW_CONFIDENCE,)),
        (Verdict.IN_REVIEW, (ReasonCode.NOT_SHARP,)),
    ],
)
def test_a_refusal_needs_a_reason_that_people_may_give(database, task, ada, verdict, codes):
    claim(database, task, ada)
    with pytest.raises(Unprocessable):
        decide(database, task, ada, verdict, codes)
    with database.transaction() as session:
        assert queries.count_open(session) == 1


def test_a_photo_that_nobody_could_look_at_is_not_approved(database, ada):
    decided(database, Measurements())
    with database.transaction() as session:
        blind = session.scalar(select(ReviewTask))
    claim(database, blind, ada)
    with pytest.raises(Unprocessable, match="nobody could look at"):
        decide(database, blind, ada)
    assert decide(database, blind, ada, Verdict.RESUBMISSION_REQUESTED, (ReasonCode.FILE_UNREADABLE,)).user_id == ada.id


def test_a_case_that_never_was_is_not_found(database, ada):
    with database.transaction() as session, pytest.raises(NotFound):
        service.claim(session, new_id(), ada, LEASE)
    with database.transaction() as session, pytest.raises(NotFound):
        queries.task(session, new_id())
