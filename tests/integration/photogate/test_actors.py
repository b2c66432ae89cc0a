"""Every open case has somebody who is next and a deadline; closed ones have neither, and some expire."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from photogate.actors import service
from photogate.actors.queries import Actor, Matter, counts, waiting, waiting_for
from photogate.applications import policies
from photogate.applications import service as applications
from photogate.applications.tables import Application
from photogate.audit.tables import Event, EventKind
from photogate.errors import Conflict
from photogate.privacy import erasure, holds
from photogate.releases.keys import new_key
from photogate.releases.tables import ReleaseState
from photogate.reviews import service as reviews
from photogate.screening.deadlines import Deadlines
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import ApplicationStatus, Verdict
from tests.factories import PLACEHOLDER, PORTRAIT, PROFILE, TWO_PEOPLE, claim, decided, intake, submit, user
from tests.integration.photogate.applicant import applicant
from tests.integration.photogate.breaking import superuser
from tests.integration.photogate.four_eyed import NOT_SHARP, opened, says
from tests.integration.photogate.mandated import EVERYBODY, begin, judged_by, judged_by_machine, turn_bad
from tests.integration.photogate.releasing import let_go, mark, release
from tests.keys import KMS

PATIENT = replace(PROFILE, name="patient", deadlines=Deadlines(applicant_days=10, issuer_days=20, hold_days=30))

ENDLESS = replace(PROFILE, name="endless", deadlines=None)


@pytest.fixture
def key(tmp_path):
    new_key(tmp_path / "release.pem")
    return tmp_path / "release.pem"


def next_of(database, application_id):
    with database.transaction() as session:
        return [(case.actor, case.deadline - case.since) for case in waiting(session, [application_id])]


def about(days):
    return pytest.approx(timedelta(days=days), abs=timedelta(seconds=5))


def test_a_photo_waits_for_a_worker_until_the_relay_speaks_up(database):
    photo = submit(database)
    assert next_of(database, photo.application_id) == [(Actor.WORKER, applications.FIRST_REMINDER)]
    claim(database, photo.id)
    assert [actor for actor, _ in next_of(database, photo.application_id)] == [Actor.WORKER]


def test_a_case_waits_for_a_reviewer_also_while_one_has_it(database):
    made = decided(database, TWO_PEOPLE)
    assert [actor for actor, _ in next_of(database, made.application_id)] == [Actor.REVIEWER]


def test_a_photo_that_was_asked_for_is_the_applicants_turn_and_an_approved_one_the_issuers(database):
    for found, actor, days in ((PLACEHOLDER, Actor.APPLICANT, 60), (PORTRAIT, Actor.ISSUER, 90)):
        made = decided(database, found, reference=actor)
        assert next_of(database, made.application_id) == [(actor, timedelta(days=days))]


def test_the_deadlines_are_those_of_the_policy_that_decided(database):
    with database.transaction() as session:
        policies.record(session, PATIENT)
    for found, days in ((PLACEHOLDER, 10), (PORTRAIT, 20)):
        made = judged_by_machine(database, found, PATIENT)
        assert next_of(database, made.application_id)[0][1] == timedelta(days=days)


def test_a_release_is_the_issuers_until_it_is_signed_and_the_printers_until_a_card_is_issued(database, key):
    made = decided(database, PORTRAIT)
    held = release(database, key, made.application_id, hold=True)
    assert next_of(database, made.application_id) == [(Actor.ISSUER, about(1 / 24))]
    let_go(database, key, held)
    assert next_of(database, made.application_id) == [(Actor.PRINTER, about(1 / 24))]
    mark(database, held, ReleaseState.FAILED)
    assert next_of(database, made.application_id) == [(Actor.ISSUER, timedelta(days=90))]
    mark(database, release(database, key, made.application_id), ReleaseState.ISSUED)
    assert next_of(database, made.application_id) == []


def test_a_card_that_was_issued_does_not_shift_when_everything_runs_out(database, key):
    made = decided(database, PORTRAIT)
    before = application(database, made.application_id).updated_at
    mark(database, release(database, key, made.application_id), ReleaseState.ISSUED)
    after = application(database, made.application_id)
    assert (after.updated_at, after.issued_at is not None) == (before, True)


def test_after_its_card_a_photo_that_is_taken_back_is_open_again(database, key):
    made = decided(database, PORTRAIT)
    mark(database, release(database, key, made.application_id), ReleaseState.ISSUED)
    with database.transaction() as session:
        asked = Verdict.RESUBMISSION_REQUESTED, (ReasonCode.EYES_CLOSED,)
        reviews.take_back(session, made.application_id, user(database), *asked)
    assert [actor for actor, _ in next_of(database, made.application_id)] == [Actor.APPLICANT]


def test_what_a_suspended_model_approved_alone_waits_for_an_admin_until_its_case_is_open(database):
    begin(database)
    alone = judged_by_machine(database, PORTRAIT, replace(EVERYBODY, risk=replace(EVERYBODY.risk, sample_share=0)))
    assert [actor for actor, _ in next_of(database, alone.application_id)] == [Actor.ISSUER]
    turn_bad(database, user(database))
    assert [actor for actor, _ in next_of(database, alone.application_id)] == [Actor.ADMIN]
    with database.transaction() as session:
        reviews.open_held(session, alone.application_id)
    assert next_of(database, alone.application_id) == [(Actor.REVIEWER, reviews.DUE_IN)]


def test_closed_applications_have_nobody(database):
    rejected = decided(database, TWO_PEOPLE, reference="A-1")
    judged_by(database, user(database), rejected, Verdict.REJECTED, (ReasonCode.MULTIPLE_FACES,))
    erased = submit(database, reference="A-2")
    with database.transaction() as session:
        erasure.erase(session, applicant(session, "A-2"), "system")
    for application_id in (rejected.application_id, erased.application_id):
        assert next_of(database, application_id) == []


def test_a_legal_hold_is_an_open_matter_of_its_own(database):
    with database.transaction() as session:
        policies.record(session, PATIENT)
    made = judged_by_machine(database, PORTRAIT, PATIENT)
    with database.transaction() as session:
        holds.hold(session, KMS, applicant(session, "A-1"), "court order", "client:ministry")
    with database.transaction() as session:
        found = {case.matter: case for case in waiting(session, [made.application_id])}
    assert {matter: case.actor for matter, case in found.items()} == {
        Matter.PHOTO: Actor.ISSUER,
        Matter.LEGAL_HOLD: Actor.ADMIN,
    }
    hold = found[Matter.LEGAL_HOLD]
    assert hold.deadline - hold.since == timedelta(days=30)


def test_counts_say_how_many_wait_for_whom_and_how_many_too_long(database, services, database_urls):
    for number in range(3):
        decided(database, TWO_PEOPLE, reference=f"A-{number}")
    submit(database, reference="A-9")
    with superuser(services, database_urls) as cursor:
        cursor.execute(
            "UPDATE review_tasks SET opened_at = opened_at - interval '2 days', due_at = now() - interval '1 day' "
            "WHERE id = (SELECT id FROM review_tasks ORDER BY id LIMIT 1)"
        )
    with database.transaction() as session:
        found = {count.actor: count for count in counts(session)}
        urgent, *rest = waiting_for(session, Actor.REVIEWER, most=2)
    assert {actor: (count.open, count.overdue) for actor, count in found.items()} == {
        Actor.REVIEWER: (3, 1),
        Actor.WORKER: (1, 0),
    }
    assert found[Actor.REVIEWER].oldest < datetime.now(UTC) - timedelta(days=1)
    assert (urgent.is_overdue, len(rest)) == (True, 1)


def application(database, application_id) -> Application:
    with database.transaction() as session:
        return session.get_one(Application, application_id)


def expired(database):
    with database.transaction() as session:
        return list(service.expire(session, service.run_out(session, most=10)))


@pytest.fixture
def asked(database):
    """An application of which another photo was asked for, under a policy with deadlines."""
    with database.transaction() as session:
        policies.record(session, PATIENT)
    return judged_by_machine(database, PLACEHOLDER, PATIENT)


@pytest.fixture
def let_days_pass(services, database_urls):
    def pass_by(days):
        with superuser(services, database_urls) as cursor:
            cursor.execute("UPDATE decisions SET created_at = created_at - make_interval(days => %s)", (days,))

    return pass_by


def test_an_application_expires_when_no_other_photo_comes_in_time(database, asked, let_days_pass):
    assert expired(database) == []
    let_days_pass(11)
    assert expired(database) == [asked.application_id]
    assert expired(database) == []
    assert application(database, asked.application_id).status is ApplicationStatus.EXPIRED
    assert next_of(database, asked.application_id) == []
    with database.transaction() as session:
        assert session.scalars(select(Event.kind).where(Event.kind == EventKind.APPLICATION_EXPIRED)).one()
    with pytest.raises(Conflict, match="The application is expired"), database.transaction() as session:
        applications.resubmit(session, intake(), asked.application_id, PATIENT)


def test_nothing_expires_without_deadlines_in_the_policy(database, let_days_pass):
    with database.transaction() as session:
        policies.record(session, ENDLESS)
    endless = judged_by_machine(database, PLACEHOLDER, ENDLESS)
    let_days_pass(100)
    assert expired(database) == []
    assert [actor for actor, _ in next_of(database, endless.application_id)] == [Actor.APPLICANT]


def test_nothing_expires_under_a_legal_hold(database, asked, let_days_pass):
    with database.transaction() as session:
        holds.hold(session, KMS, applicant(session, "A-1"), "court order", "client:ministry")
    let_days_pass(100)
    assert expired(database) == []


def test_a_first_verdict_makes_it_a_second_reviewers_turn_and_a_disagreement_an_adjudicators(database):
    task = opened(database)
    assert [actor for actor, _ in next_of(database, task.application_id)] == [Actor.REVIEWER]
    says(database, task.id, user(database, email="ada@example.org"))
    assert [actor for actor, _ in next_of(database, task.application_id)] == [Actor.SECOND_REVIEWER]
    says(database, task.id, user(database, email="ben@example.org"), *NOT_SHARP)
    assert [actor for actor, _ in next_of(database, task.application_id)] == [Actor.ADJUDICATOR]
