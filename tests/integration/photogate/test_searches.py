"""Searching decisions: each filter finds what it should, pages join without a gap, and every question is on record."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from photogate.access.keys import Client
from photogate.access.tables import Role
from photogate.applications.tables import Photo
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from photogate.errors import NotFound, Unprocessable
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.searches import service
from photogate.searches.filters import Filters, Place
from tests.factories import CLIENT, LEASE, PLACEHOLDER, PORTRAIT, PROFILE, TWO_PEOPLE, decided, user
from tests.keys import KMS

WHO = "client:auditors"
LONG_AGO, LONG_AFTER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)


def found(database, limit=50, before=None, **filters):
    with database.transaction() as session:
        return service.search(session, WHO, Filters(**filters), before=before, limit=limit)


def ids(database, **filters):
    return [decision.id for decision in found(database, **filters).decisions]


def questions(database):
    with database.transaction() as session:
        asked = select(Event).where(Event.kind == EventKind.AUDIT_QUERIED).order_by(Event.created_at)
        return [(event.actor, event.details) for event in session.scalars(asked)]


def decide_by(database, person, verdict=Verdict.APPROVED, codes=()):
    with database.transaction() as session:
        task_id = session.scalars(select(ReviewTask.id).where(ReviewTask.closed_at.is_(None))).first()
        reviews.claim(session, task_id, person, LEASE)
        return reviews.decide(session, task_id, person, verdict, codes).id


def test_each_filter_finds_its_decisions_and_no_others(database):
    portrait, pets = decided(database, PORTRAIT), decided(database, PLACEHOLDER, Client("licences", frozenset()), "B-2")
    ada = user(database)
    flagged = decided(database, TWO_PEOPLE, reference="C-3")
    refused = decide_by(database, ada, Verdict.REJECTED, [ReasonCode.EYES_CLOSED])
    with database.transaction() as session:
        sha256 = session.get_one(Photo, portrait.photo_id).sha256
        named = service.applicants_called(session, KMS, WHO, "B-2")
    policy = f"policy:{PROFILE.reference}"
    assert ids(database) == [refused, flagged.id, pets.id, portrait.id]
    assert ids(database, outcome=Verdict.APPROVED) == [portrait.id]
    assert ids(database, reason=ReasonCode.EYES_CLOSED) == [refused]
    assert ids(database, reason=ReasonCode.MULTIPLE_FACES) == [flagged.id]
    assert ids(database, actor=f"user:{ada.id}") == [refused]
    assert ids(database, actor=policy) == [flagged.id, pets.id, portrait.id]
    assert ids(database, policy=PROFILE.reference) == [refused, flagged.id, pets.id, portrait.id]
    assert ids(database, model="student@1", outcome=Verdict.REJECTED) == [refused]
    assert ids(database, model="student@2") == []
    assert ids(database, photo_sha256=sha256, outcome=Verdict.APPROVED) == [portrait.id]
    assert ids(database, application=flagged.application_id) == [refused, flagged.id]
    assert ids(database, applicants=named) == [pets.id]
    assert ids(database, applicants=frozenset()) == []


def test_a_time_is_searched_from_its_first_moment_to_just_before_its_last(database):
    first, second = decided(database, PORTRAIT), decided(database, PORTRAIT, reference="A-2")
    at = {decision.id: decision.decided_at for decision in found(database).decisions}
    assert ids(database, since=at[second.id]) == [second.id]
    assert ids(database, until=at[second.id]) == [first.id]
    assert ids(database, since=at[first.id], until=at[second.id], outcome=Verdict.APPROVED) == [first.id]


@pytest.mark.parametrize(
    "filters", [{}, {"outcome": Verdict.APPROVED}, {"model": "student@1", "outcome": Verdict.APPROVED}]
)
def test_pages_join_without_a_gap_or_a_double(database, filters):
    for number in range(7):
        decided(database, PORTRAIT, reference=f"A-{number}")
    whole = ids(database, **filters)
    paged, page = [], found(database, limit=3, **filters)
    while True:
        paged += [decision.id for decision in page.decisions]
        if page.next is None:
            break
        page = found(database, limit=3, before=page.next, **filters)
    assert len(whole) == 7
    assert paged == whole


def test_an_answer_tells_everything_but_who_the_applicant_is(database):
    decided(database, TWO_PEOPLE, reference="SECRET-1")
    [decision] = found(database).decisions
    assert decision.client == CLIENT.name
    assert decision.actor == f"policy:{PROFILE.reference}"
    assert [reason["code"] for reason in decision.reasons] == ["MULTIPLE_FACES"]
    assert "SECRET-1" not in repr(decision)


def test_every_question_is_on_record_with_its_filters_and_no_data(database):
    made = decided(database, PORTRAIT, reference="SECRET-1")
    found(database, outcome=Verdict.APPROVED, since=LONG_AGO)
    with database.transaction() as session:
        [applicant] = service.applicants_called(session, KMS, WHO, "SECRET-1")
        assert service.applicants_called(session, KMS, WHO, "NOBODY-1") == frozenset()
    asked = questions(database)
    assert asked[0] == (WHO, {"filters": {"outcome": "approved", "since": LONG_AGO.isoformat()}, "found": 1})
    assert [details["filters"] for _, details in asked[1:]] == [{"applicants": [str(applicant)]}, {"applicants": []}]
    assert "SECRET" not in str(asked)
    assert str(made.id) not in str(asked)


def test_the_application_can_neither_forget_a_decision_in_the_index_nor_invent_one(database):
    decided(database, PORTRAIT)
    for statement in (
        "DELETE FROM decision_terms",
        "UPDATE decision_terms SET term = 'outcome:rejected'",
        "INSERT INTO decision_terms VALUES ('outcome:approved', now(), gen_random_uuid())",
        "SELECT index_decisions()",
    ):
        refusal = r"permission denied|can only be called as triggers"
        with pytest.raises(ProgrammingError, match=refusal), database.transaction() as session:
            session.execute(text(statement))


def test_a_search_is_kept_for_the_one_who_asked_it(database):
    ada, ben = user(database, Role.AUDITOR), user(database, Role.AUDITOR, "ben@example.org")
    filters = Filters(applicants=frozenset([new_id()]), reason=ReasonCode.NOT_SHARP, until=LONG_AFTER)
    with database.transaction() as session:
        kept = service.save(session, ada.id, "  Not   sharp ", filters)
    with database.transaction() as session:
        [mine] = service.saved(session, ada.id)
        assert (mine.name, Filters.from_json(mine.filters)) == ("Not sharp", filters)
        assert service.saved(session, ben.id) == []
        with pytest.raises(NotFound):
            service.remove(session, ben.id, kept.id)
        service.remove(session, ada.id, kept.id)
        assert service.saved(session, ada.id) == []
        with pytest.raises(NotFound):
            service.remove(session, ada.id, kept.id)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x07bell"])
def test_a_search_needs_a_name_that_can_be_read(database, name):
    ada = user(database, Role.AUDITOR)
    with pytest.raises(Unprocessable), database.transaction() as session:
        service.save(session, ada.id, name, Filters())


moments = st.datetimes(LONG_AGO.replace(tzinfo=None), LONG_AFTER.replace(tzinfo=None), timezones=st.just(UTC))


@settings(deadline=None)
@given(at=moments, decision=st.uuids())
def test_a_place_survives_its_word(at, decision):
    assert Place.from_word(Place(at, decision).to_word()) == Place(at, decision)


@settings(deadline=None)
@given(word=st.text(max_size=64))
def test_any_other_word_is_no_place(word):
    try:
        place = Place.from_word(word)
    except ValueError:
        return
    assert place.to_word() == word


def test_decisions_are_found_in_the_order_of_time(database):
    for number in range(5):
        decided(database, PORTRAIT, reference=f"A-{number}")
    places = [decision.place for decision in found(database).decisions]
    assert all(later > earlier for later, earlier in pairwise(places))
