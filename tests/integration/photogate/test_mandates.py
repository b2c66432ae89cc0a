"""The machine decides alone for as long as people's verdicts on the sample support the bound, and no longer."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from photogate.access.tables import Role
from photogate.applications import queries as applications
from photogate.applications.tables import Application
from photogate.audit.tables import Event, EventKind
from photogate.errors import Forbidden
from photogate.mandates import queries, service
from photogate.mandates.tables import Standing
from photogate.releases.keys import new_key
from photogate.releases.service import ApprovalSuspended
from photogate.releases.tables import ReleaseState
from photogate.reviews import service as reviews
from photogate.screening.risk import Tally, Truth
from photogate.screening.verdicts import ApplicationStatus, Verdict
from tests.factories import PLACEHOLDER, PORTRAIT, TWO_PEOPLE, user
from tests.integration.photogate.mandated import (
    EVERYBODY,
    GUARANTEE,
    MODEL,
    NOBODY,
    PLACEHOLDER_SEEN,
    begin,
    judged_by,
    judged_by_machine,
    standing,
    turn_bad,
)
from tests.integration.photogate.releasing import release


@pytest.fixture
def ada(database):
    return user(database)


@pytest.fixture
def admin(database):
    return user(database, Role.ADMIN, "root@example.org")


@pytest.fixture(autouse=True)
def mandates(database):
    begin(database)


def events(database, kind):
    with database.transaction() as session:
        return session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)).all()


def test_a_sampled_approval_waits_for_a_person_who_does_away_with_the_wait(database, ada):
    made = judged_by_machine(database, PORTRAIT)
    assert made.verdict is Verdict.IN_REVIEW
    assert [reason["code"] for reason in made.reasons] == ["QUALITY_SAMPLE"]
    judged_by(database, ada, made)
    assert standing(database).tally == Tally(reals=1)
    with database.transaction() as session:
        assert session.get_one(Application, made.application_id).status is ApplicationStatus.APPROVED


def test_every_combination_of_machine_and_person_is_counted_as_what_it_is(database, ada):
    for found in (PORTRAIT, PLACEHOLDER, TWO_PEOPLE):
        for said in ((Verdict.APPROVED, ()), PLACEHOLDER_SEEN):
            judged_by(database, ada, judged_by_machine(database, found), *said)
    assert standing(database).tally == Tally(placeholders=3, placeholders_approved=1, reals=3, reals_refused=1)


def test_what_the_sample_does_not_draw_is_decided_alone_and_counts_for_nothing(database, ada):
    assert judged_by_machine(database, PORTRAIT, NOBODY).verdict is Verdict.APPROVED
    judged_by(database, ada, judged_by_machine(database, TWO_PEOPLE, NOBODY), *PLACEHOLDER_SEEN)
    assert standing(database, NOBODY).version == 0


def test_when_the_bound_is_refuted_approvals_go_to_people_by_themselves_and_an_event_says_so(database, ada):
    turn_bad(database, ada)
    fallen = standing(database)
    assert (fallen.approvals_suspended, fallen.refusals_suspended) == (True, False)
    (told,) = events(database, EventKind.MANDATE_SUSPENDED)
    assert told.actor == "system"
    assert told.details["suspended"] == "approvals"
    assert (told.details["placeholders"], told.details["placeholders_approved"]) == (2, 2)
    unsampled = replace(EVERYBODY, risk=replace(EVERYBODY.risk, sample_share=0))
    made = judged_by_machine(database, PORTRAIT, unsampled)
    assert made.verdict is Verdict.IN_REVIEW
    assert [reason["code"] for reason in made.reasons] == ["AUTOMATION_SUSPENDED"]
    assert judged_by_machine(database, PLACEHOLDER, unsampled).verdict is Verdict.RESUBMISSION_REQUESTED
    assert judged_by_machine(database, PORTRAIT, NOBODY).verdict is Verdict.APPROVED  # another mandate


def test_refusals_fall_back_by_a_test_of_their_own(database, ada):
    for _ in range(3):
        judged_by(database, ada, judged_by_machine(database, PLACEHOLDER))
    fallen = standing(database)
    assert (fallen.approvals_suspended, fallen.refusals_suspended) == (False, True)
    unsampled = replace(EVERYBODY, risk=replace(EVERYBODY.risk, sample_share=0))
    assert judged_by_machine(database, PLACEHOLDER, unsampled).verdict is Verdict.IN_REVIEW
    assert judged_by_machine(database, PORTRAIT, unsampled).verdict is Verdict.APPROVED


def test_once_suspended_it_stays_so_until_somebody_with_the_right_resumes_it(database, ada, admin):
    turn_bad(database, ada)
    for _ in range(30):
        judged_by(database, ada, judged_by_machine(database, PLACEHOLDER), *PLACEHOLDER_SEEN)
    assert standing(database).approvals_suspended
    with pytest.raises(Forbidden), database.transaction() as session:
        service.resume(session, EVERYBODY.reference, MODEL, ada, "I say so")
    with database.transaction() as session:
        service.resume(session, EVERYBODY.reference, MODEL, admin, "retrained")
    resumed = standing(database)
    assert (resumed.is_suspended, resumed.tally, resumed.round) == (False, Tally(), 1)
    (told,) = events(database, EventKind.MANDATE_RESUMED)
    assert (told.actor, told.details["because"]) == (f"user:{admin.id}", "retrained")
    assert told.details["placeholders"] == 33
    turn_bad(database, ada)
    assert standing(database).approvals_suspended


def test_an_approval_that_is_taken_back_is_heard_once_as_what_it_turned_out_to_be(database, ada):
    made = judged_by_machine(database, PORTRAIT)
    judged_by(database, ada, made)
    with database.transaction() as session:
        reviews.take_back(session, made.application_id, ada, *PLACEHOLDER_SEEN)
    assert standing(database).tally == Tally(placeholders=1, placeholders_approved=1)
    assert standing(database).shows is Truth.PLACEHOLDER


def test_a_word_about_an_earlier_round_takes_nothing_from_this_one(database, ada, admin):
    early = judged_by_machine(database, PORTRAIT)
    judged_by(database, ada, early)
    turn_bad(database, ada)
    with database.transaction() as session:
        service.resume(session, EVERYBODY.reference, MODEL, admin, "looked into it")
    with database.transaction() as session:
        reviews.take_back(session, early.application_id, ada, *PLACEHOLDER_SEEN)
    assert standing(database).tally == Tally(placeholders=1, placeholders_approved=1)


def test_twenty_people_at_once_are_all_heard(database):
    made = [judged_by_machine(database, PORTRAIT) for _ in range(20)]
    people = [user(database, email=f"p{number}@example.org") for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: judged_by(database, *pair), zip(people, made, strict=True)))
    assert standing(database).tally == Tally(reals=20)
    assert standing(database).version == 20


def test_a_decision_shows_how_the_mandate_stood_when_it_was_made(database, ada):
    first = judged_by_machine(database, PORTRAIT)
    judged_by(database, ada, first)
    second = judged_by_machine(database, PORTRAIT)
    judged_by(database, ada, second)
    with database.transaction() as session:
        made = [*applications.decisions(session, first.application_id)]
        made += applications.decisions(session, second.application_id)
        stood = queries.as_they_stood(session, made)
    assert {stood[one.id].reals for one in made if one.id == first.id} == {0}
    assert stood[second.id].reals == 1
    assert stood[second.id].mandate.guarantee == GUARANTEE
    assert len(stood) == 2


def test_a_mandate_that_began_goes_on_when_the_worker_starts_again(database, ada):
    judged_by(database, ada, judged_by_machine(database, PORTRAIT))
    with database.transaction() as session:
        service.begin(session, EVERYBODY, MODEL, GUARANTEE)
        service.begin(session, replace(EVERYBODY, risk=None, name="unbound"), MODEL, GUARANTEE)
    assert standing(database).tally == Tally(reals=1)
    assert len(events(database, EventKind.MANDATE_BEGUN)) == 2


def test_the_database_refuses_a_standing_that_cannot_be(database, ada):
    judged_by(database, ada, judged_by_machine(database, PORTRAIT))
    columns = "policy, model, round, change, photo_id, shows, machine, approvals_suspended, refusals_suspended"
    forged = (
        f"INSERT INTO mandate_standings ({columns}, version, decision_id, user_id, placeholders, placeholders_approved,"
        f" reals, reals_refused) SELECT {columns}, 9, :decision, NULL, 0, :errors, 0, 0 FROM mandate_standings"
        " WHERE version = 1"
    )
    with database.transaction() as session:
        said = session.scalars(select(Standing.decision_id).where(Standing.version == 1)).one()
    for decision, errors in ((said, 0), (None, 0), (said, 1)):
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.execute(text(forged), {"decision": decision, "errors": errors})


def test_what_a_suspended_model_approved_alone_is_not_released_until_it_is_resumed(database, ada, admin, tmp_path):
    key = tmp_path / "release-key.pem"
    new_key(key)
    unsampled = replace(EVERYBODY, risk=replace(EVERYBODY.risk, sample_share=0))
    alone, checked = judged_by_machine(database, PORTRAIT, unsampled), judged_by_machine(database, PORTRAIT)
    judged_by(database, ada, checked)
    turn_bad(database, ada)
    with pytest.raises(ApprovalSuspended):
        release(database, key, alone.application_id)
    assert release(database, key, checked.application_id).state is ReleaseState.RELEASED
    assert (
        release(database, key, judged_by_machine(database, PORTRAIT, NOBODY).application_id).state
        is ReleaseState.RELEASED
    )
    with database.transaction() as session:
        service.resume(session, EVERYBODY.reference, MODEL, admin, "looked into it")
    assert release(database, key, alone.application_id).state is ReleaseState.RELEASED
