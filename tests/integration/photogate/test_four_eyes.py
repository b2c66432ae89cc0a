"""Two people look, neither knows what the other says, and nobody is their own second person."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from photogate.access.tables import Role
from photogate.applications import queries as applications
from photogate.applications.tables import Application
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from photogate.mandates import service as mandates
from photogate.releases.keys import new_key
from photogate.releases.service import NotApproved
from photogate.reviews import queries, service
from photogate.reviews.evidence import EvidenceChanged, tag
from photogate.reviews.service import ClaimLost
from photogate.reviews.tables import ReviewTask, ReviewVerdict, Seat
from photogate.reviews.verdicts import AdjudicatorNeeded, SamePerson
from photogate.screening.four_eyes import FourEyes, Group
from photogate.screening.reasons import ReasonCode
from photogate.screening.risk import Tally
from photogate.screening.verdicts import ApplicationStatus, Verdict
from tests.factories import CLIENT, PLACEHOLDER, PORTRAIT, PROFILE, user
from tests.integration.photogate.four_eyed import NOT_SHARP, measured_again, opened, says, taken
from tests.integration.photogate.mandated import EVERYBODY, GUARANTEE, MODEL, PLACEHOLDER_SEEN, standing
from tests.integration.photogate.releasing import release


@pytest.fixture
def ada(database):
    return user(database)


@pytest.fixture
def ben(database):
    return user(database, email="ben@example.org")


@pytest.fixture
def judge(database):
    return user(database, Role.ADJUDICATOR, "judge@example.org")


@pytest.fixture
def task(database):
    return opened(database)


def now(database, task):
    with database.transaction() as session:
        return session.get_one(ReviewTask, task.id)


def status(database, task):
    with database.transaction() as session:
        return session.get_one(Application, task.application_id).status


def events(database, kind):
    with database.transaction() as session:
        return session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)).all()


def evidence(database, task):
    with database.transaction() as session:
        return tag(session, task)


def test_the_first_verdict_waits_and_the_second_makes_the_decision_in_both_names(database, task, ada, ben):
    assert says(database, task.id, ada) is None
    assert status(database, task) is ApplicationStatus.PENDING_SECOND_REVIEW
    assert now(database, task).awaits is Seat.SECOND
    made = says(database, task.id, ben)
    assert (made.verdict, made.user_id) == (Verdict.APPROVED, ben.id)
    assert status(database, task) is ApplicationStatus.APPROVED
    told = events(database, EventKind.DECISION_MADE)[-1].details["said"]
    assert [(one["by"], one["seat"]) for one in told] == [(f"user:{ada.id}", "first"), (f"user:{ben.id}", "second")]
    with database.transaction() as session:
        assert len(applications.decisions(session, task.application_id)) == 2


def test_two_refusals_give_the_reasons_of_both(database, task, ada, ben):
    says(database, task.id, ada, *NOT_SHARP)
    made = says(database, task.id, ben, Verdict.RESUBMISSION_REQUESTED, (ReasonCode.EYES_CLOSED, ReasonCode.NOT_SHARP))
    assert [reason["code"] for reason in made.reasons] == ["NOT_SHARP", "EYES_CLOSED"]


def test_until_it_is_settled_no_event_and_no_decision_says_what_the_first_person_said(database, task, ada):
    says(database, task.id, ada, *NOT_SHARP, note="blurred all over")
    with database.transaction() as session:
        application = applications.application(session, CLIENT.name, task.application_id)
        (only,) = applications.decisions(session, task.application_id)
        written = [
            str(event.details) for event in session.scalars(select(Event).where(Event.created_at > task.opened_at))
        ]
    assert application.current_decision_id == only.id
    assert not any(word in text for text in written for word in ("NOT_SHARP", "resubmission", "blurred"))


def test_nobody_is_their_own_second_person(database, task, ada):
    says(database, task.id, ada)
    with pytest.raises(SamePerson):
        taken(database, task.id, ada)
    with database.transaction() as session:
        session.execute(update(ReviewTask).values(claimed_by=ada.id, lease_until=ReviewTask.due_at))
    with pytest.raises(SamePerson), database.transaction() as session:
        service.decide(session, task.id, ada, Verdict.APPROVED, ())
    with database.transaction() as session:
        assert queries.next_task_id(session, ada) is None
        assert queries.open_tasks(session, limit=9, of=ada) == []


def test_the_database_refuses_a_person_s_second_verdict_by_itself(database, task, ada):
    says(database, task.id, ada)
    copy = (
        "INSERT INTO review_verdicts (id, task_id, round, seat, user_id, verdict, codes, evidence)"
        " SELECT :id, task_id, round, 'second', user_id, verdict, codes, evidence FROM review_verdicts"
    )
    with pytest.raises(IntegrityError, match="user_id"), database.transaction() as session:
        session.execute(text(copy), {"id": new_id()})


def test_disagreement_goes_to_an_adjudicator_who_has_the_last_word(database, task, ada, ben, judge):
    says(database, task.id, ada)
    assert says(database, task.id, ben, *NOT_SHARP) is None
    assert now(database, task).awaits is Seat.ADJUDICATOR
    carol = user(database, email="carol@example.org")
    with pytest.raises(AdjudicatorNeeded):
        taken(database, task.id, carol)
    with database.transaction() as session:
        assert [queries.next_task_id(session, who) for who in (carol, judge)] == [None, task.id]
    made = says(database, task.id, judge, *PLACEHOLDER_SEEN)
    assert (made.verdict, made.user_id) == (Verdict.REJECTED, judge.id)
    assert [reason["code"] for reason in made.reasons] == ["PLACEHOLDER_IMAGE"]
    seats = [one["seat"] for one in events(database, EventKind.DECISION_MADE)[-1].details["said"]]
    assert seats == ["first", "second", "adjudicator"]


def test_an_adjudicator_who_took_part_is_not_the_one_who_settles_it(database, task, ada, judge):
    says(database, task.id, judge)
    says(database, task.id, ada, *NOT_SHARP)
    with pytest.raises(SamePerson):
        taken(database, task.id, judge)
    root = user(database, Role.ADMIN, "root@example.org")
    assert says(database, task.id, root).user_id == root.id


def test_an_adjudicator_is_given_what_only_they_may_settle_before_older_cases(database, ada, ben, judge):
    opened(database, reference="older", profile=PROFILE)
    disputed = opened(database)
    says(database, disputed.id, ada)
    says(database, disputed.id, ben, *NOT_SHARP)
    with database.transaction() as session:
        assert queries.next_task_id(session, judge) == disputed.id


def test_a_verdict_on_other_evidence_than_there_is_now_is_refused(database, task, ada):
    seen = evidence(database, task)
    measured_again(database, task)
    with pytest.raises(EvidenceChanged) as refused:
        says(database, task.id, ada, seen=seen)
    assert refused.value.status == 412
    assert status(database, task) is ApplicationStatus.IN_REVIEW
    assert says(database, task.id, ada, seen=evidence(database, task)) is None


def test_changed_evidence_voids_a_verdict_that_waits_and_an_event_says_so(database, task, ada, ben):
    says(database, task.id, ada, *NOT_SHARP)
    measured_again(database, task)
    taken(database, task.id, ben)
    (voided,) = events(database, EventKind.VERDICTS_VOIDED)
    assert [one["by"] for one in voided.details["said"]] == [f"user:{ada.id}"]
    assert (now(database, task).awaits, now(database, task).round) == (Seat.FIRST, 1)
    assert status(database, task) is ApplicationStatus.IN_REVIEW
    assert says(database, task.id, ben) is None
    assert says(database, task.id, ada).verdict is Verdict.APPROVED, "ada judges the new evidence for the first time"
    assert len(events(database, EventKind.VERDICTS_VOIDED)) == 1


def test_evidence_that_changes_under_the_second_person_s_hands_makes_theirs_the_first(database, task, ada, ben):
    says(database, task.id, ada)
    taken(database, task.id, ben)
    measured_again(database, task)
    with database.transaction() as session:
        assert service.decide(session, task.id, ben, Verdict.APPROVED, (), seen=tag(session, task)) is None
    assert now(database, task).awaits is Seat.SECOND


def test_nothing_is_printed_on_a_first_verdict(database, task, ada, ben, tmp_path):
    key = tmp_path / "release-key.pem"
    new_key(key)
    says(database, task.id, ada)
    with pytest.raises(NotApproved):
        release(database, key, task.application_id)
    says(database, task.id, ben)
    assert release(database, key, task.application_id).application_id == task.application_id


def test_a_mandate_hears_of_a_sampled_photo_once_and_only_when_it_is_settled(database, ada, ben):
    sampled = replace(EVERYBODY, four_eyes=FourEyes((), (Group.SAMPLED,), 0, "x"))
    with database.transaction() as session:
        mandates.begin(session, sampled, MODEL, GUARANTEE)
    task = opened(database, PORTRAIT, sampled)
    says(database, task.id, ada, *PLACEHOLDER_SEEN)
    assert standing(database, sampled).tally == Tally()
    says(database, task.id, ben, *PLACEHOLDER_SEEN)
    assert standing(database, sampled).tally == Tally(placeholders=1, placeholders_approved=1)


def test_an_approval_against_the_machine_and_a_rejection_need_two_and_the_rest_one(database, ada):
    rule = FourEyes((), (Group.APPROVED_AGAINST_MACHINE, Group.REJECTED), 0, "x")
    profile = replace(EVERYBODY, name="grouped", four_eyes=rule)
    assert says(database, opened(database, PLACEHOLDER, profile).id, ada) is None
    assert says(database, opened(database, PORTRAIT, profile).id, ada, *PLACEHOLDER_SEEN) is None
    assert says(database, opened(database, PORTRAIT, profile).id, ada).verdict is Verdict.APPROVED
    assert says(database, opened(database, PLACEHOLDER, profile).id, ada, *NOT_SHARP) is not None


def test_a_verdict_that_is_given_twice_is_taken_once(database, task, ada):
    says(database, task.id, ada)
    with pytest.raises(ClaimLost), database.transaction() as session:
        service.decide(session, task.id, ada, Verdict.APPROVED, ())
    with database.transaction() as session:
        assert len(session.scalars(select(ReviewVerdict)).all()) == 1


def test_a_case_says_by_when_it_should_be_decided(database, task):
    assert task.due_at - task.opened_at == service.DUE_IN
