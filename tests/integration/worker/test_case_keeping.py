"""The keeper of open cases: what somebody breaks at the database is repaired, or reported where it is not certain."""

import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from photogate.access.users import disable_user
from photogate.actors.breakages import Rule, broken
from photogate.actors.queries import Actor, waiting
from photogate.applications.tables import Application, Photo
from photogate.audit.tables import Event, EventKind
from photogate.jobs import service as jobs
from photogate.releases.keys import new_key
from photogate.releases.tables import EndReason, PrintRelease, ReleaseState
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.verdicts import ApplicationStatus, Verdict
from tests.factories import LEASE, PLACEHOLDER, PORTRAIT, TWO_PEOPLE, claim, decided, finish, submit, user
from tests.integration.photogate.breaking import superuser
from tests.integration.photogate.mandated import judged_by
from tests.integration.photogate.releasing import mark, release
from worker.case_keeping import CaseKeeping


@pytest.fixture
def keeper(database) -> CaseKeeping:
    return CaseKeeping(database)


@pytest.fixture
def breaks(services, database_urls):
    """Runs a statement as somebody whom nothing stops."""

    def run(statement, **values):
        with superuser(services, database_urls) as cursor:
            cursor.execute(statement, values)
            assert cursor.rowcount == 1

    return run


@pytest.fixture
def key(tmp_path):
    new_key(tmp_path / "release.pem")
    return tmp_path / "release.pem"


def told(database):
    kinds = EventKind.CASE_REPAIRED, EventKind.CASE_REPORTED
    with database.transaction() as session:
        found = session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.created_at, Event.id)).all()
        return [(event.kind, event.details["found"], event.application_id) for event in found]


def only(database, kind):
    with database.transaction() as session:
        return session.scalars(select(kind)).one()


def repaired(database, keeper, rule, application_id):
    """Let the keeper look: it repairs this and nothing else, says so, and leaves nothing to repair."""
    with database.transaction() as session:
        assert [(found.rule, found.application_id) for found in broken(session, most=9)] == [(rule, application_id)]
    assert keeper.turn() == 1
    assert told(database) == [(EventKind.CASE_REPAIRED, rule.value, application_id)]
    assert keeper.turn() == 0
    assert len(told(database)) == 1


def next_of(database, application_id):
    with database.transaction() as session:
        return [case.actor for case in waiting(session, [application_id])]


def test_where_nothing_is_broken_nothing_is_done(database, keeper, key):
    submit(database, reference="A-1")
    claim(database, submit(database, reference="A-2").id)
    for reference, found in (("A-3", PORTRAIT), ("A-4", TWO_PEOPLE), ("A-5", PLACEHOLDER)):
        decided(database, found, reference=reference)
    release(database, key, decided(database, PORTRAIT, reference="A-6").application_id)
    assert keeper.turn() == 0
    assert told(database) == []


def test_a_case_that_was_closed_without_a_decision_is_opened_again(database, keeper, breaks):
    made = decided(database, TWO_PEOPLE)
    breaks("UPDATE review_tasks SET closed_at = now()")
    repaired(database, keeper, Rule.NO_CASE_FOR_PEOPLE, made.application_id)
    assert next_of(database, made.application_id) == [Actor.REVIEWER]
    assert judged_by(database, user(database), made).verdict is Verdict.APPROVED


def test_a_case_that_is_gone_is_opened_anew(database, keeper, breaks):
    made = decided(database, TWO_PEOPLE)
    breaks("DELETE FROM review_tasks")
    repaired(database, keeper, Rule.NO_CASE_FOR_PEOPLE, made.application_id)
    assert judged_by(database, user(database), made).verdict is Verdict.APPROVED


def test_a_case_on_a_superseded_decision_is_closed(database, keeper, breaks):
    made = decided(database, TWO_PEOPLE)
    judged_by(database, user(database), made)
    breaks("UPDATE review_tasks SET closed_at = NULL")
    repaired(database, keeper, Rule.CASE_ON_ANOTHER_DECISION, made.application_id)
    assert only(database, ReviewTask).closed_at is not None


@pytest.mark.parametrize("lease", ["infinity", "2999-01-01"])
def test_a_claim_that_never_ends_is_given_back(database, keeper, breaks, lease):
    made, ada = decided(database, TWO_PEOPLE), user(database)
    breaks("UPDATE review_tasks SET claimed_by = %(who)s, lease_until = %(until)s", who=str(ada.id), until=lease)
    repaired(database, keeper, Rule.CLAIM_WITHOUT_END, made.application_id)
    assert only(database, ReviewTask).claimed_by is None


def test_whoever_is_shut_out_keeps_no_case(database, keeper):
    made, ada = decided(database, TWO_PEOPLE), user(database)
    with database.transaction() as session:
        reviews.claim(session, session.scalars(select(ReviewTask.id)).one(), ada, LEASE)
    with database.transaction() as session:
        disable_user(session, ada.email, actor="user:test")
    repaired(database, keeper, Rule.CLAIM_WITHOUT_END, made.application_id)


def test_a_photo_that_is_never_due_is_due_now(database, keeper, breaks):
    photo = submit(database)
    breaks("UPDATE photos SET due_at = 'infinity', lease_until = 'infinity'")
    repaired(database, keeper, Rule.PHOTO_NEVER_DUE, photo.application_id)
    assert claim(database, photo.id) is not None


def test_a_photo_without_a_due_time_gets_one(database, services, database_urls, keeper):
    photo = submit(database)
    with without_the_constraint(services, database_urls) as cursor:
        cursor.execute("UPDATE photos SET due_at = NULL")
        repaired(database, keeper, Rule.PHOTO_NEVER_DUE, photo.application_id)
    assert only(database, Photo).due_at is not None


@contextmanager
def without_the_constraint(services, database_urls):
    """As long as the block runs, photos may be due never; the constraint, whatever its name, is put back."""
    with superuser(services, database_urls) as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = 'photos'::regclass AND conname LIKE '%due_until_decided'"
        )
        [(name, definition)] = cursor.fetchall()
        cursor.execute(f"ALTER TABLE photos DROP CONSTRAINT {name}")
        try:
            yield cursor
        finally:
            cursor.execute(f"ALTER TABLE photos ADD CONSTRAINT {name} {definition}")


def test_a_photo_that_nobody_decided_goes_back_to_the_workers(database, keeper, breaks):
    photo = submit(database)
    job = claim(database, photo.id)
    breaks("UPDATE photos SET stage = 'decided', due_at = NULL")
    repaired(database, keeper, Rule.PHOTO_WITHOUT_A_JOB, photo.application_id)
    with pytest.raises(jobs.LeaseLost):
        finish(database, job, PORTRAIT)
    assert finish(database, claim(database, photo.id), PORTRAIT).verdict is Verdict.APPROVED


def test_a_photo_whose_file_is_gone_is_reported_once_and_not_repaired(database, keeper, breaks):
    photo = submit(database)
    breaks("UPDATE photos SET stage = 'decided', due_at = NULL, original_key = NULL")
    for _ in range(3):
        assert keeper.turn() == 0
    assert told(database) == [(EventKind.CASE_REPORTED, Rule.PHOTO_WITHOUT_A_JOB.value, photo.application_id)]
    assert next_of(database, photo.application_id) == [None]


@pytest.mark.parametrize("status", ["received", "processing", "in_review", "approved", "resubmission_requested"])
@pytest.mark.parametrize("found", [PORTRAIT, TWO_PEOPLE, PLACEHOLDER], ids=["approved", "in review", "asked again"])
def test_a_status_follows_the_decision_in_force(database, keeper, breaks, status, found):
    made = decided(database, found)
    if status == made.verdict:
        return
    breaks("UPDATE applications SET status = %(status)s", status=status)
    repaired(database, keeper, Rule.STATUS_NOT_AS_DECIDED, made.application_id)
    assert only(database, Application).status == ApplicationStatus(made.verdict)


@pytest.mark.parametrize("points_to", ["NULL", "(SELECT id FROM decisions WHERE supersedes_id IS NULL)"])
def test_the_last_decision_of_the_chain_is_in_force(database, keeper, breaks, points_to):
    judged = judged_by(database, user(database), decided(database, TWO_PEOPLE))
    breaks(f"UPDATE applications SET current_decision_id = {points_to}")
    repaired(database, keeper, Rule.DECISION_NOT_THE_LAST, judged.application_id)
    assert only(database, Application).current_decision_id == judged.id


def test_several_faults_of_one_case_are_repaired_one_after_the_other(database, keeper, breaks):
    made = decided(database, TWO_PEOPLE)
    breaks("DELETE FROM review_tasks")
    breaks("UPDATE applications SET current_decision_id = NULL, status = 'approved'")
    assert keeper.turn() == 3
    assert next_of(database, made.application_id) == [Actor.REVIEWER]
    assert [found for _, found, _ in told(database)] == [
        Rule.DECISION_NOT_THE_LAST.value,
        Rule.STATUS_NOT_AS_DECIDED.value,
        Rule.NO_CASE_FOR_PEOPLE.value,
    ]


def test_a_release_that_outlived_its_approval_is_withdrawn(database, keeper, breaks, key):
    made = judged_by(database, user(database), decided(database, TWO_PEOPLE))
    release(database, key, made.application_id)
    breaks("UPDATE print_releases SET decision_id = (SELECT id FROM decisions WHERE supersedes_id IS NULL)")
    repaired(database, keeper, Rule.RELEASE_WITHOUT_ITS_APPROVAL, made.application_id)
    ended = only(database, PrintRelease)
    assert (ended.state, ended.ended_because) == (ReleaseState.CANCELLED, EndReason.SUPERSEDED)


def test_a_release_that_outlived_its_time_is_ended(database, keeper, breaks, key):
    made = decided(database, PORTRAIT)
    release(database, key, made.application_id)
    breaks("UPDATE print_releases SET expires_at = now() - interval '2 minutes'")
    repaired(database, keeper, Rule.RELEASE_PAST_ITS_TIME, made.application_id)
    assert only(database, PrintRelease).ended_because is EndReason.EXPIRED


def test_an_application_whose_card_was_issued_is_closed(database, keeper, breaks, key):
    made = decided(database, PORTRAIT)
    mark(database, release(database, key, made.application_id), ReleaseState.ISSUED)
    breaks("UPDATE applications SET issued_at = NULL")
    repaired(database, keeper, Rule.ISSUED_AND_STILL_OPEN, made.application_id)
    assert next_of(database, made.application_id) == []


def test_an_application_that_went_on_without_its_photo_is_reported(database, keeper, breaks):
    photo = submit(database)
    breaks("UPDATE applications SET status = 'rejected'")
    assert keeper.turn() == 0
    assert told(database) == [(EventKind.CASE_REPORTED, Rule.PHOTO_BESIDE_THE_CASE.value, photo.application_id)]


def test_a_case_that_nobody_decided_and_nobody_can_is_reported(database, keeper, breaks):
    made = decided(database, TWO_PEOPLE)
    breaks("UPDATE applications SET current_decision_id = NULL")
    breaks("DELETE FROM decisions")
    keeper.turn()
    assert (EventKind.CASE_REPORTED, Rule.NOBODY_IS_NEXT.value, made.application_id) in told(database)


def test_a_case_that_somebody_works_on_is_left_to_them(database, keeper, breaks):
    decided(database, TWO_PEOPLE)
    breaks("UPDATE review_tasks SET lease_until = 'infinity', claimed_by = gen_random_uuid()")
    with database.transaction() as session:
        session.scalars(select(ReviewTask).with_for_update()).one()
        assert keeper.turn() == 0
    assert told(database) == []
    assert keeper.turn() == 1


def test_two_keepers_at_once_repair_a_case_once(database, keeper, breaks):
    decided(database, TWO_PEOPLE)
    breaks("DELETE FROM review_tasks")
    at_once = [threading.Thread(target=CaseKeeping(database).turn) for _ in range(4)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    assert len(told(database)) == 1
    assert only(database, ReviewTask).closed_at is None


def test_every_rule_is_broken_in_one_of_these_tests():
    tried = Path(__file__).read_text()
    assert [rule for rule in Rule if f"Rule.{rule.name}" not in tried] == []
