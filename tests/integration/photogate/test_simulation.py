"""Deciding the past again by other rules: what comes out is what `decide` says, and nothing is written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from photogate.access.tables import Role
from photogate.applications.tables import DecisionRecord
from photogate.audit.tables import Event
from photogate.database import new_id
from photogate.screening.decision import decide
from photogate.screening.measurements import QualityMeasure
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.simulation import service
from photogate.simulation.cases import cases
from photogate.simulation.changes import changes, days_of_changes
from photogate.simulation.service import Archive, Question, of_day, simulate
from photogate.simulation.summary import Shift, Summary
from tests.copies import copy
from tests.factories import PLACEHOLDER, PORTRAIT, PROFILE, TWO_PEOPLE, decided, user
from tests.integration.photogate.mandated import judged_by

TODAY = datetime.now(UTC).date()
STRICT = replace(PROFILE, name="strict", real_photo=replace(PROFILE.real_photo, approve_at=0.9999))
MEASURED = replace(PORTRAIT, quality={"sharpness": QualityMeasure(0.4, 70.0)}, ms={"decode": 21.4})


@pytest.fixture
def past(database):
    """Three photos of today, one of which people looked at, and two copies of the first from days before."""
    first = decided(database, MEASURED)
    decided(database, PLACEHOLDER, reference="A-2")
    flagged = decided(database, TWO_PEOPLE, reference="A-3")
    judged_by(database, user(database, Role.REVIEWER), flagged, Verdict.REJECTED, (ReasonCode.PLACEHOLDER_IMAGE,))
    for days in (1, 3):
        copied(database, first, datetime.now(UTC) - timedelta(days=days))
    return first


def copied(database, pattern, at):
    application, photo, assessment = (new_id() for _ in range(3))
    with database.transaction() as session:
        copy(session, "applications", pattern.application_id, id=application, client="embassies")
        copy(session, "photos", pattern.photo_id, id=photo, application_id=application)
        copy(session, "assessments", pattern.assessment_id, id=assessment, photo_id=photo)
        ids = {"application_id": application, "photo_id": photo, "assessment_id": assessment}
        copy(session, "decisions", pattern.id, id=new_id(), created_at=at, **ids)


def archive(settings):
    return Archive(settings.database_url, settings.master_keys)


def found(settings, profile=STRICT, days=4, processes=0):
    counts = simulate(archive(settings), Question.last(days, profile, TODAY), processes=processes)
    return counts, Summary.of(counts, profile, days)


def asked(model=None):
    return Question.last(4, STRICT, TODAY, model)


def written(database):
    with database.transaction() as session:
        return [session.scalars(select(func.count()).select_from(table)).one() for table in (Event, DecisionRecord)]


def test_stricter_rules_send_to_people_what_was_approved_and_write_nothing(settings, database, past):
    before = written(database)
    _, summary = found(settings)
    assert summary.photos == 5
    assert summary.moved[Verdict.APPROVED, Verdict.IN_REVIEW] == summary.changed == 3
    assert summary.verdicts[Verdict.RESUBMISSION_REQUESTED] == Shift(1, 1)
    assert summary.clients["embassies"][Verdict.APPROVED] == Shift(2, 0)
    assert summary.days[TODAY][Verdict.IN_REVIEW] == Shift(1, 2)
    assert summary.judged == 1
    assert written(database) == before


def test_a_person_s_last_word_is_what_counts(settings, database, past):
    lax = replace(PROFILE, single_face=replace(PROFILE.single_face, sure_from=0.0))
    with database.transaction() as session:
        [said] = [case.said for case in cases(session, of_day(TODAY)) if case.said]
    assert (said.verdict, said.codes) == (Verdict.REJECTED, {ReasonCode.PLACEHOLDER_IMAGE})
    _, summary = found(settings, lax)
    assert summary.approved_refused == Shift(0, 0)


def test_the_rules_on_record_change_nothing(settings, database, past):
    counts, summary = found(settings, PROFILE)
    assert summary.changed == 0
    assert days_of_changes(counts) == []


def test_days_outside_are_left_out_and_progress_is_told(settings, database, past):
    told = []
    counts = simulate(
        archive(settings),
        Question(PROFILE, TODAY - timedelta(days=3), TODAY - timedelta(days=2)),
        lambda *done: told.append(done),
        processes=0,
    )
    assert sum(counts.days.values()) == 1
    assert told == [(1, 2), (2, 2)]


def test_several_processes_count_what_one_does(settings, database, past, monkeypatch):
    alone, _ = found(settings)
    monkeypatch.setattr(service, "FEW", 1)
    assert found(settings, processes=2)[0] == alone


def test_the_cases_that_change_come_page_by_page_in_the_order_of_time(settings, database, past):
    counts, _ = found(settings)
    seen, after = [], None
    with database.transaction() as session:
        for _ in range(3):
            page = changes(session, asked(), days_of_changes(counts), after=after, limit=1)
            seen += page.changes
            after = page.next
    assert after is None
    assert [one.case.was for one in seen] == [Verdict.APPROVED] * 3
    assert [one.place for one in seen] == sorted({one.place for one in seen})
    assert seen[-1].place[1] == past.id
    assert seen[-1].now == decide(MEASURED, STRICT)


def test_all_changes_on_one_page_have_none_behind_them(settings, database, past):
    counts, _ = found(settings)
    with database.transaction() as session:
        page = changes(session, asked(), days_of_changes(counts), after=None, limit=3)
    assert (len(page.changes), page.next) == (3, None)
