"""Nothing else decides before a second person agreed, and every change of rules is on record."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from photogate.audit.tables import Event, EventKind
from photogate.jobs import service as jobs
from photogate.jobs.service import RulesChanged
from photogate.mandates import queries as mandates
from photogate.promotions import models, queries, service
from photogate.promotions.queries import Rules
from photogate.promotions.refusals import ModelChanged, ProposalStale
from photogate.promotions.service import Change
from photogate.promotions.tables import SYSTEM, Slot
from photogate.screening.decision import decide
from tests.factories import PORTRAIT, PROFILE, claim, submit
from tests.integration.photogate.promoted import (
    BETTER,
    STRICTER,
    STUDENT,
    adopted,
    approved,
    on_record,
    proposed,
    two_admins,
)


def live(database):
    with database.transaction() as session:
        return service.live(session)


def events(database, kind):
    with database.transaction() as session:
        return session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)).all()


@pytest.fixture
def admins(database):
    adopted(database)
    on_record(database)
    return two_admins(database)


def test_what_the_settings_name_is_adopted_once(database):
    assert live(database) is None
    first = adopted(database)
    assert (first.number, first.rules) == (1, Rules(PROFILE.reference, STUDENT.reference))
    with database.transaction() as session:
        again = service.adopt(session, STRICTER, BETTER, None)
    assert (again.number, again.rules) == (1, first.rules)
    [told] = events(database, EventKind.RULES_PROMOTED)
    assert (told.actor, told.details["model_sha256"]) == (SYSTEM, STUDENT.sha256)


def test_two_workers_that_start_at_once_adopt_once(database):
    starts = [threading.Thread(target=adopted, args=[database]) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert live(database).number == 1
    assert len(events(database, EventKind.RULES_PROMOTED)) == 1


def test_a_policy_decides_when_a_second_admin_agrees_and_its_mandate_begins(database, admins):
    ann, bob = admins
    wanted = proposed(database, ann, Change(policy=STRICTER.reference))
    assert live(database).rules.policy == PROFILE.reference
    approved(database, bob, wanted)
    assert (live(database).number, live(database).rules) == (2, Rules(STRICTER.reference, STUDENT.reference))
    with database.transaction() as session:
        newest = mandates.current(session)[0]
    assert (newest.policy, newest.model) == (STRICTER.reference, STUDENT.reference)


def test_a_model_changes_and_the_policy_stays(database, admins):
    ann, bob = admins
    approved(database, bob, proposed(database, ann, Change(model=BETTER.reference)))
    assert live(database).rules == Rules(PROFILE.reference, BETTER.reference)


def test_every_step_is_an_event_with_its_author_and_the_exact_versions(database, admins):
    ann, bob = admins
    wanted = proposed(database, ann, Change(policy=STRICTER.reference))
    approved(database, bob, wanted)
    other = proposed(database, bob, Change(policy=PROFILE.reference))
    with database.transaction() as session:
        service.withdraw(session, bob, other.id, "Not now.")
    kinds = (EventKind.RULES_PROPOSED, EventKind.RULES_PROMOTED, EventKind.RULES_WITHDRAWN)
    told = {kind: events(database, kind)[-1] for kind in kinds}
    assert [told[kind].actor for kind in kinds] == [f"user:{bob.id}"] * 3
    promoted = told[EventKind.RULES_PROMOTED].details
    assert (promoted["promotion"], promoted["number"], promoted["policy"]) == (str(wanted.id), 2, STRICTER.reference)
    assert len(promoted["policy_sha256"]) == len(promoted["model_sha256"]) == 64


def test_rolling_back_is_a_promotion_too(database, admins):
    ann, bob = admins
    approved(database, bob, proposed(database, ann, Change(policy=STRICTER.reference)))
    with database.transaction() as session:
        back = service.roll_back(session, bob, 1, "Too many go to people.")
    assert live(database).number == 2
    assert approved(database, ann, back).rules == Rules(PROFILE.reference, STUDENT.reference)
    assert live(database).number == 3


def test_a_photo_that_was_judged_under_other_rules_is_judged_anew(database, admins):
    ann, bob = admins
    job = claim(database, submit(database).id)
    approved(database, bob, proposed(database, ann, Change(policy=STRICTER.reference)))
    with pytest.raises(RulesChanged), database.transaction() as session:
        jobs.finish(session, job, PORTRAIT, decide(PORTRAIT, PROFILE), under=1)
    with database.transaction() as session:
        made = jobs.finish(session, job, PORTRAIT, decide(PORTRAIT, STRICTER), under=2)
    assert made.policy == STRICTER.reference


def test_of_two_who_approve_at_once_the_second_is_told_that_the_rules_changed(database, admins):
    ann, bob = admins
    one = proposed(database, ann, Change(policy=STRICTER.reference))
    other = proposed(database, ann, Change(model=BETTER.reference))
    outcomes = []

    def approve(wanted):
        try:
            outcomes.append(approved(database, bob, wanted).number)
        except ProposalStale as refusal:
            outcomes.append(type(refusal))

    both = [threading.Thread(target=approve, args=[wanted]) for wanted in (one, other)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert set(outcomes) == {2, ProposalStale}


def test_a_shadow_is_proposed_approved_and_ended(database, admins):
    ann, bob = admins
    approved(database, bob, proposed(database, ann, Change(policy=STRICTER.reference), Slot.SHADOW))
    with database.transaction() as session:
        beside = queries.in_force(session, Slot.SHADOW)
        end = service.propose_no_shadow(session, ann, "Seen enough.")
    assert (beside.number, beside.rules.policy, live(database).rules.policy) == (
        1,
        STRICTER.reference,
        PROFILE.reference,
    )
    assert approved(database, bob, end) is None
    with database.transaction() as session:
        assert queries.in_force(session, Slot.SHADOW) is None


def test_a_version_of_a_model_is_one_content_for_ever(database, admins):
    with database.transaction() as session:
        models.record(session, BETTER)
    with pytest.raises(ModelChanged, match="give it a new version"), database.transaction() as session:
        models.record(session, replace(BETTER, sha256="00" * 32))


SETTLE = (
    "INSERT INTO promotion_settlements (promotion_id, slot, after, proposed_by, number, settled_by, because) "
    "SELECT id, slot, after, {proposed_by}, {number}, {settled_by}, 'by hand' FROM promotions WHERE id = :id"
)
AROUND = {
    "its author": ({"settled_by": "proposed_by"}, "approved_by_a_second_person"),
    "the system": ({"settled_by": "'system'"}, "approved_by_a_second_person"),
    "its author under another name": (
        {"proposed_by": "'user:' || gen_random_uuid()", "settled_by": "proposed_by"},
        "fk_promotion_settlements_proposal",
    ),
    "nobody": ({"settled_by": "''"}, "settled_by_somebody"),
    "a number further on": ({"number": "after + 2"}, "nothing_between"),
}


@pytest.mark.parametrize("way", AROUND)
def test_the_database_itself_refuses_what_goes_around_the_second_person(database, admins, way):
    wanted = proposed(database, admins[0], Change(policy=STRICTER.reference))
    changed, constraint = AROUND[way]
    usual = {"proposed_by": "proposed_by", "number": "after + 1", "settled_by": f"'user:{admins[1].id}'"}
    statement = text(SETTLE.format(**{**usual, **changed}))
    with pytest.raises(IntegrityError, match=constraint), database.transaction() as session:
        session.execute(statement, {"id": wanted.id})


def test_the_database_itself_refuses_a_second_promotion_on_the_same_ground(database, admins):
    ann, bob = admins
    stale = proposed(database, ann, Change(model=BETTER.reference))
    approved(database, bob, proposed(database, ann, Change(policy=STRICTER.reference)))
    usual = {"proposed_by": "proposed_by", "number": "after + 1", "settled_by": f"'user:{bob.id}'"}
    with pytest.raises(IntegrityError, match="uq_promotion_settlements_number"), database.transaction() as session:
        session.execute(text(SETTLE.format(**usual)), {"id": stale.id})
