"""Statistics: whatever is counted already, the numbers are those that counting every decision again gives."""

import math
import random
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import joinedload

from photogate.applications.tables import ActorKind, DecisionRecord
from photogate.database import Database, new_id
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.searches import aggregates, tallies
from photogate.searches.aggregates import NONE, Kind, Made, Spread
from photogate.searches.tables import TalliedDay
from tests.copies import copy
from tests.factories import LEASE, PLACEHOLDER, PORTRAIT, PROFILE, TWO_PEOPLE, decided, user
from worker.tallying import Tallying

TODAY, DAY = datetime.now(UTC).date(), timedelta(days=1)
THREE_DAYS = [TODAY - 2 * DAY, TODAY, TODAY + 2 * DAY]
YEAR = [TODAY - 10 * DAY - step * 12 * DAY for step in reversed(range(32))]
PHOTOS = 150


@pytest.fixture
def year(database):
    """A year of decisions by policies and people, some of them over again."""
    patterns = [decided(database, found, reference=f"A-{n}") for n, found in enumerate((PORTRAIT, PLACEHOLDER))]
    flagged = decided(database, TWO_PEOPLE, reference="A-2")
    people = [user(database, email=f"{name}@example.org") for name in ("ada", "ben")]
    draw = random.Random(8)
    with database.transaction() as session:
        for _ in range(PHOTOS):
            pattern = draw.choice([*patterns, flagged, flagged])
            at = datetime.combine(YEAR[0], time(), UTC) + draw.random() * (YEAR[-1] - YEAR[0])
            made, at = by_policy(session, pattern, at, draw)
            for _ in range(draw.choice((1, 2)) if pattern is flagged else 0):
                at += timedelta(hours=draw.expovariate(1 / 5))
                made = by_person(session, made, at, draw, people)


def by_policy(session, pattern, at, draw):
    application, photo, made = new_id(), new_id(), new_id()
    decided_at = at + timedelta(seconds=draw.uniform(0.01, 20))
    copy(session, "applications", pattern.application_id, id=application)
    copy(session, "photos", pattern.photo_id, id=photo, application_id=application, created_at=at)
    copy(session, "decisions", pattern.id, id=made, application_id=application, photo_id=photo, created_at=decided_at)
    return made, decided_at


def by_person(session, before, at, draw, people):
    made = new_id()
    said = {"verdict": draw.choice(["approved", "rejected"]), "user_id": draw.choice(people).id, "actor_kind": "person"}
    copy(session, "decisions", before, id=made, supersedes_id=before, created_at=at, **said)
    return made


def counted(database, edges):
    with database.transaction() as session:
        return aggregates.counts(session, edges), aggregates.times(session, edges)


def all_decisions(database):
    with database.transaction() as session:
        return session.scalars(select(DecisionRecord).options(joinedload(DecisionRecord.photo))).all()


def words_of(made):
    yield Kind.OUTCOME, made.verdict.value
    yield Kind.POLICY, made.policy
    yield from {(Kind.REASON, reason["code"]) for reason in made.reasons}
    yield from ((Kind.MODEL, model) for model in made.models)
    if made.user_id:
        yield Kind.REVIEWER, str(made.user_id)


def counted_one_by_one(database, edges):
    decisions = all_decisions(database)
    found = {kind: defaultdict(lambda: [0] * (len(edges) - 1)) for kind in Kind}
    for number, within in enumerate(stretches(decisions, edges)):
        for kind, word in (pair for made in within for pair in words_of(made)):
            found[kind][word][number] += 1
    return found


def timed_one_by_one(database, edges):
    decisions = all_decisions(database)
    verdicts = {made.id: made.verdict for made in decisions}
    return {
        kind: [
            summed_up([made for made in within if made.actor_kind is kind], verdicts)
            for within in stretches(decisions, edges)
        ]
        for kind in ActorKind
    }


def stretches(decisions, edges):
    for begins, ends in pairwise(edges):
        yield [made for made in decisions if begins <= made.created_at.astimezone(UTC).date() < ends]


def summed_up(within, verdicts):
    if not within:
        return NONE
    taken = sorted(made.created_at - made.photo.created_at for made in within)
    median, ninetieth = (three_digits(taken[math.ceil(len(taken) * part) - 1]) for part in (0.5, 0.9))
    return Made(sum(overrides(made, verdicts) for made in within), len(within), Spread(median, ninetieth))


def overrides(made, verdicts):
    before = verdicts.get(made.supersedes_id)
    if made.user_id is None or before is None:
        return False
    return made.verdict is Verdict.APPROVED if before is Verdict.IN_REVIEW else made.verdict is not before


def three_digits(span):
    ms = span // timedelta(milliseconds=1)
    step = 10 ** max(0, len(str(ms)) - 3)
    return timedelta(milliseconds=(ms + step // 2) // step * step)


def assert_exact(database):
    words, times = counted(database, YEAR)
    assert words == counted_one_by_one(database, YEAR)
    assert times == timed_one_by_one(database, YEAR)
    return words, times


def test_the_numbers_are_those_of_every_decision_whatever_is_counted_already(year, database):
    words, times = assert_exact(database)
    assert sum(map(sum, words[Kind.OUTCOME].values())) > 1.5 * PHOTOS
    assert sum(stretch.overriding for stretch in times[ActorKind.PERSON]) > 0
    counting = Tallying(database)
    assert counting.turn() == 60
    assert assert_exact(database) == (words, times)
    assert [counting.turn() for _ in range(7)][-1] == 0
    assert assert_exact(database) == (words, times)


def test_a_decision_that_comes_late_is_counted(year, database):
    while Tallying(database).turn():
        pass
    [before, _], day = counted(database, YEAR), YEAR[3] + 2 * DAY
    with database.transaction() as session:
        whole = select(func.count()).select_from(TalliedDay)
        tallied = session.scalar(whole)
        add_late(session, day)
        assert session.scalar(whole) == tallied - 1
    words, _ = assert_exact(database)
    assert sum(map(sum, words[Kind.OUTCOME].values())) == sum(map(sum, before[Kind.OUTCOME].values())) + 1
    with database.transaction() as session:
        assert tallies.uncounted(session, most=5)[0] == day


def add_late(session, day):
    by_people = select(DecisionRecord.id).where(DecisionRecord.user_id.is_not(None))
    last = session.scalars(by_people.order_by(DecisionRecord.created_at.desc())).first()
    copy(session, "decisions", last, id=new_id(), supersedes_id=last, created_at=datetime.combine(day, time(1), UTC))


def test_only_the_day_waits_that_somebody_is_adding_to(year, database, database_urls):
    other = Database(database_urls.app)
    day = YEAR[3] + 2 * DAY
    with database.transaction() as adding:
        add_late(adding, day)
        with pytest.raises(DBAPIError, match="lock timeout"):
            count_without_waiting(other, day)
        count_without_waiting(other, day + DAY)
    other.close()


def count_without_waiting(database, day):
    with database.transaction() as session:
        session.execute(text("SET LOCAL lock_timeout = 50"))
        tallies.count(session, day)


@pytest.mark.parametrize("later", [0, 1])
def test_a_day_that_is_not_over_is_not_counted(database, later):
    with pytest.raises(DBAPIError, match="is not over"), database.transaction() as session:
        tallies.count(session, TODAY + later * DAY)


def test_decisions_are_counted_by_stretch_and_word(database):
    decided(database, PORTRAIT)
    decided(database, PLACEHOLDER, reference="A-2")
    words, times = counted(database, THREE_DAYS)
    assert words == {
        Kind.OUTCOME: {"approved": [0, 1], "resubmission_requested": [0, 1]},
        Kind.REASON: {reason: [0, 1] for reason in words[Kind.REASON]},
        Kind.REVIEWER: {},
        Kind.POLICY: {PROFILE.reference: [0, 2]},
        Kind.MODEL: {"student@1": [0, 2]},
    }
    assert times[ActorKind.PERSON] == [NONE, NONE]
    with database.transaction() as session:
        assert aggregates.words(session, Kind.OUTCOME) == ["approved", "resubmission_requested"]


def test_nothing_was_ever_decided(database):
    assert counted(database, THREE_DAYS) == ({kind: {} for kind in Kind}, {kind: [NONE, NONE] for kind in ActorKind})
    assert Tallying(database).turn() == 0


def test_who_approves_what_was_flagged_goes_against_it_and_who_refuses_it_does_not(database):
    ada = user(database)
    for number, (verdict, codes) in enumerate(
        [(Verdict.APPROVED, []), (Verdict.REJECTED, [ReasonCode.EYES_CLOSED]), (Verdict.APPROVED, [])]
    ):
        decided(database, TWO_PEOPLE, reference=f"A-{number}")
        decide_by(database, ada, verdict, codes)
    _, times = counted(database, THREE_DAYS)
    (_, people), (_, policy) = times[ActorKind.PERSON], times[ActorKind.POLICY]
    assert (people.overriding, people.made) == (2, 3)
    assert (policy.overriding, policy.made) == (0, 3)
    assert policy.taken.median < people.taken.median <= people.taken.ninetieth


def decide_by(database, person, verdict, codes):
    with database.transaction() as session:
        task_id = session.scalars(select(ReviewTask.id).where(ReviewTask.closed_at.is_(None))).first()
        reviews.claim(session, task_id, person, LEASE)
        return reviews.decide(session, task_id, person, verdict, codes).id
