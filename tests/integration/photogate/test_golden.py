"""Golden cases come into people's queues like others, measure the person, and change nothing else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from photogate.access.tables import Role
from photogate.applications.tables import Application, DecisionRecord
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.quality import figures, golden
from photogate.quality.golden import Mixing
from photogate.reviews import queries
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.four_eyes import Said
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import ApplicationStatus, Verdict
from tests.factories import PLACEHOLDER, PORTRAIT, TWO_PEOPLE, decided, user
from tests.integration.photogate.four_eyed import NOT_SHARP, opened, says
from tests.integration.photogate.mandated import EVERYBODY, begin, judged_by, judged_by_machine, standing

ALWAYS, NEVER = Mixing(1.0, "x"), Mixing(0.0, "x")
REFUSE = Said(Verdict.REJECTED, (ReasonCode.PLACEHOLDER_IMAGE,))
APPROVE = Said(Verdict.APPROVED)


@pytest.fixture
def ada(database):
    return user(database)


@pytest.fixture
def admin(database):
    return user(database, Role.ADMIN, "root@example.org")


def add(database, admin, found=PORTRAIT, answer=APPROVE, provenance="Photographed by us."):
    made = decided(database, found)
    with database.transaction() as session:
        return golden.add(session, made.application_id, answer, provenance, admin)


def next_of(database, person, mixing=ALWAYS):
    """What the person is shown next, claimed."""
    with database.transaction() as session:
        task_id = queries.next_task_id(session, person)
        shown = golden.in_place_of(session, task_id, person, mixing) or task_id
        reviews.claim(session, shown, person, timedelta(seconds=90))
        return session.get_one(ReviewTask, shown)


def measured(database, days=1, of=None):
    today = datetime.now(UTC).date()
    with database.transaction() as session:
        return figures.quality(session, [today, today + timedelta(days=days)], of)


def test_a_golden_case_stands_before_the_next_one_and_looks_as_old(database, ada, admin):
    case = add(database, admin)
    real = decided(database, TWO_PEOPLE)
    shown = next_of(database, ada)
    assert (shown.golden_for, shown.photo_id) == (ada.id, case.photo_id)
    with database.transaction() as session:
        following = session.scalars(select(ReviewTask).where(ReviewTask.decision_id == real.id)).one()
    assert (shown.opened_at, shown.due_at) == (following.opened_at, following.due_at)
    milliseconds = int.from_bytes(shown.id.bytes[:6])
    assert milliseconds == int(following.opened_at.timestamp() * 1000)
    assert shown.id.version == following.id.version == 7


def test_what_is_said_of_it_is_kept_and_nothing_is_decided(database, ada, admin):
    case = add(database, admin)
    decided(database, TWO_PEOPLE)
    begin(database)
    shown = next_of(database, ada)
    with database.transaction() as session:
        before = session.scalar(select(func.count()).select_from(DecisionRecord))
        assert reviews.decide(session, shown.id, ada, REFUSE.verdict, REFUSE.codes) is None
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(DecisionRecord)) == before
        assert session.get_one(Application, shown.application_id).status is ApplicationStatus.APPROVED
        of_this = select(Event.kind).where(Event.application_id == shown.application_id)
        kinds = session.scalars(of_this.order_by(Event.created_at)).all()
    assert kinds[-1] is EventKind.GOLDEN_JUDGED
    assert standing(database).version == 0
    assert case.answer is Verdict.APPROVED


def test_the_same_person_is_shown_it_once_and_another_person_too(database, ada, admin):
    add(database, admin)
    decided(database, TWO_PEOPLE)
    shown = next_of(database, ada)
    with database.transaction() as session:
        reviews.decide(session, shown.id, ada, Verdict.APPROVED, ())
    assert next_of(database, ada).golden_for is None
    ben = user(database, email="ben@example.org")
    decided(database, TWO_PEOPLE)
    assert next_of(database, ben).golden_for == ben.id
    copy = (
        "INSERT INTO review_tasks (id, application_id, photo_id, decision_id, golden_for) SELECT :id, application_id,"
        " photo_id, decision_id, golden_for FROM review_tasks WHERE golden_for IS NOT NULL LIMIT 1"
    )
    with pytest.raises(IntegrityError, match="uq_review_tasks_golden"), database.transaction() as session:
        session.execute(text(copy), {"id": new_id()})


def test_who_judged_the_photo_when_it_was_real_is_not_shown_it_be_it_as_the_first_of_two(database, ada, admin):
    task = opened(database)
    ben = user(database, email="ben@example.org")
    says(database, task.id, ada)
    says(database, task.id, ben)
    with database.transaction() as session:
        golden.add(session, task.application_id, APPROVE, "Two people agreed.", admin)
    for who in (ada, ben):
        decided(database, TWO_PEOPLE)
        assert next_of(database, who).golden_for is None


def test_asked_again_the_answer_is_the_same(database, ada, admin):
    for _ in range(3):
        add(database, admin)
    decided(database, TWO_PEOPLE)
    shown = next_of(database, ada)
    with database.transaction() as session:
        reviews.give_back(session, shown.id, ada)
    assert next_of(database, ada).id == shown.id


def test_others_neither_see_nor_get_it_and_the_queue_counts_it_for_nobody_else(database, ada, admin):
    add(database, admin)
    decided(database, TWO_PEOPLE)
    shown = next_of(database, ada)
    ben = user(database, email="ben@example.org")
    with database.transaction() as session:
        assert [queries.count_open(session, of=who) for who in (ada, ben, None)] == [2, 1, 1]
    with pytest.raises(NotFound), database.transaction() as session:
        reviews.claim(session, shown.id, ben, timedelta(seconds=90))


def test_without_a_share_or_without_cases_the_queue_is_what_it_is(database, ada, admin):
    decided(database, TWO_PEOPLE)
    assert next_of(database, ada).golden_for is None
    add(database, admin)
    ben = user(database, email="ben@example.org")
    decided(database, TWO_PEOPLE)
    assert next_of(database, ben, NEVER).golden_for is None


def test_the_share_is_about_what_was_asked_for(database, ada, admin):
    shown = []
    for _ in range(40):
        add(database, admin)
    for _ in range(40):
        decided(database, TWO_PEOPLE)
        task = next_of(database, ada, Mixing(0.3, "a seed"))
        shown.append(task.golden_for is not None)
        with database.transaction() as session:
            reviews.decide(session, task.id, ada, Verdict.APPROVED, ())
    assert 5 <= sum(shown) <= 20


@pytest.mark.parametrize(
    ("found", "answer", "provenance", "refusal"),
    [
        (TWO_PEOPLE, APPROVE, "known", Conflict),
        (PORTRAIT, APPROVE, " ", Unprocessable),
        (PORTRAIT, APPROVE, "x" * 501, Unprocessable),
        (PORTRAIT, Said(Verdict.REJECTED), "known", Unprocessable),
        (PORTRAIT, Said(Verdict.IN_REVIEW), "known", Unprocessable),
    ],
)
def test_a_golden_case_that_makes_no_sense_is_refused(database, admin, found, answer, provenance, refusal):
    with pytest.raises(refusal) as refused:
        add(database, admin, found, answer, provenance)
    assert refused.value.detail.count(". ") == 0


def test_only_admins_say_what_is_golden_and_only_of_what_there_is(database, ada, admin):
    with pytest.raises(Forbidden):
        add(database, ada)
    with pytest.raises(NotFound), database.transaction() as session:
        golden.add(session, UUID(int=0), APPROVE, "known", admin)


def test_a_better_answer_counts_instead_of_the_first(database, ada, admin):
    case = add(database, admin)
    decided(database, TWO_PEOPLE)
    shown = next_of(database, ada)
    with database.transaction() as session:
        reviews.decide(session, shown.id, ada, REFUSE.verdict, REFUSE.codes)
    assert measured(database).reviewers[0].refused_wrongly.errors == 1
    with database.transaction() as session:
        golden.add(session, shown.application_id, REFUSE, "Found to be a drawing.", admin)
    (ada_s,) = measured(database).reviewers
    assert (ada_s.refused_wrongly.judged, ada_s.approved_wrongly.judged, ada_s.approved_wrongly.errors) == (0, 1, 0)
    with database.transaction() as session:
        assert [one.photo_id for one in golden.current(session)] == [case.photo_id]


def test_the_figures_count_golden_answers_pairs_and_who_was_overruled(database, ada, admin):
    ben, judge = (user(database, role, f"{role}@example.org") for role in (Role.REVIEWER, Role.ADJUDICATOR))
    add(database, admin, PLACEHOLDER, REFUSE)
    decided(database, TWO_PEOPLE)
    shown = next_of(database, ada)
    with database.transaction() as session:
        reviews.decide(session, shown.id, ada, Verdict.APPROVED, ())
    agreed, disputed, pending = (opened(database) for _ in range(3))
    for task in (agreed, disputed, pending):
        says(database, task.id, ada)
    says(database, agreed.id, ben)
    says(database, disputed.id, ben, *NOT_SHARP)
    says(database, disputed.id, judge, *NOT_SHARP)
    found = measured(database)
    assert (found.agreement.pairs, found.agreement.alike) == (2, 1)
    by = {one.id: one for one in found.reviewers}
    assert (by[ada.id].approved_wrongly.errors, by[ada.id].approved_wrongly.judged) == (1, 1)
    assert (by[ada.id].overruled.errors, by[ada.id].overruled.judged) == (1, 2)
    assert (by[ben.id].overruled.errors, by[ben.id].overruled.judged) == (0, 2)
    assert [rate and rate.errors for rate in found.drift[ada.id].golden] == [1]
    assert {one.id for one in measured(database, of=ben.id).reviewers} == {ben.id}


def test_a_model_s_errors_are_those_that_people_saw_in_the_sample(database, ada):
    begin(database)
    judged_by(database, ada, judged_by_machine(database, PORTRAIT), *(REFUSE.verdict, REFUSE.codes))
    judged_by(database, ada, judged_by_machine(database, PORTRAIT))
    (found,) = measured(database).models
    assert found.policy == EVERYBODY.reference
    assert (found.placeholders_approved.errors, found.placeholders_approved.judged) == (1, 1)
    assert (found.reals_refused.errors, found.reals_refused.judged) == (0, 1)
