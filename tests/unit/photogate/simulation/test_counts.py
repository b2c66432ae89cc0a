"""What is counted while cases are decided again, and what it comes to."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photogate.applications.profiles import load_profile
from photogate.database import new_id
from photogate.errors import Unprocessable
from photogate.screening.decision import decide
from photogate.screening.measurements import QualityMeasure
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.simulation.cases import Case, Said, found_of
from photogate.simulation.counts import Counts
from photogate.simulation.service import Question
from photogate.simulation.summary import Shift, Summary
from tests.factories import FACE, PLACEHOLDER, PORTRAIT, TWO_PEOPLE

DEMO, DEFAULT = load_profile("demo"), load_profile("default")
LAX = replace(DEMO, name="lax", real_photo=replace(DEMO.real_photo, refuse_at=0.0001, refuse_faceless_at=None))
DAY = date(2026, 11, 1)
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
REFUSED = Said(Verdict.REJECTED, frozenset({ReasonCode.PLACEHOLDER_IMAGE}))
APPROVED = Said(Verdict.APPROVED, frozenset())


def case(found, said=None, client="ministry"):
    made = decide(found, DEMO)
    return Case(str(new_id()), new_id(), AT, client, made.verdict, made.reasons, said, found)


scores = st.floats(0, 1)
measured = st.builds(
    replace,
    st.sampled_from([PORTRAIT, TWO_PEOPLE, PLACEHOLDER]),
    p_real=st.none() | scores,
    p_ai_generated=st.none() | scores,
    strangeness=st.none() | st.floats(0, 3),
    faces=st.none() | st.lists(st.builds(replace, st.just(FACE), score=scores), max_size=2).map(tuple),
    quality=st.dictionaries(st.sampled_from(["sharpness", "eyes_open"]), st.builds(QualityMeasure, scores, scores)),
    ms=st.just({"decode": 20.0}),
)
cases = st.builds(
    case,
    measured,
    st.sampled_from([None, REFUSED, APPROVED]),
    st.sampled_from(["ministry", "embassies"]),
)


def counted(some, profile=DEMO, day=DAY):
    counts = Counts()
    for one in some:
        counts.add(day, one, decide(one.found, profile, one.application_id))
    return counts


def summed_up(some, profile=DEMO):
    return Summary.of(counted(some, profile), profile, 1)


@settings(deadline=None)
@given(measured)
def test_what_is_read_of_an_assessment_suffices_for_every_check_of_the_default_profile(found):
    kept = json.loads(json.dumps(found.to_json()))
    read = {name: value for name, value in kept.items() if name not in {"quality", "ms"}}
    for face in (read["faces"] or ())[:1]:
        del face["landmarks"]
    assert decide(found_of(json.dumps(read)), DEFAULT) == decide(found, DEFAULT)


@settings(deadline=None)
@given(st.lists(cases, max_size=8), st.lists(cases, max_size=8))
def test_counts_add_up_and_come_back_as_they_were_kept(some, others):
    together = counted(some, LAX)
    together += counted(others, LAX)
    assert replace(together, expected=None) == replace(counted([*some, *others], LAX), expected=None)
    assert Counts.from_json(json.loads(json.dumps(together.to_json()))) == together


@settings(deadline=None)
@given(st.lists(cases, max_size=12))
def test_the_same_rules_change_nothing_and_every_table_has_every_photo(some):
    found = summed_up(some)
    assert found.changed == 0
    assert all(shift.was == shift.becomes for shift in (*found.verdicts.values(), *found.reasons.values()))
    for table in (found.clients, found.days):
        assert sum(shift.becomes for group in table.values() for shift in group.values()) == found.photos == len(some)


def test_photos_that_change_are_told_apart_by_what_they_were_and_become():
    found = summed_up([case(PLACEHOLDER), case(PLACEHOLDER, client="embassies"), case(PORTRAIT)], LAX)
    assert found.moved == {
        (Verdict.RESUBMISSION_REQUESTED, Verdict.IN_REVIEW): 2,
        (Verdict.APPROVED, Verdict.APPROVED): 1,
    }
    assert (found.photos, found.changed, found.reviews_a_day) == (3, 2, Shift(0, 2))
    assert found.clients["embassies"][Verdict.IN_REVIEW] == Shift(0, 1)
    assert found.reasons["PLACEHOLDER_IMAGE"] == Shift(2, 0)


def test_a_verdict_against_a_person_s_is_counted_even_of_photos_that_wait_for_one():
    everybody = replace(DEMO, risk=replace(DEMO.risk, sample_share=1))
    found = summed_up([case(PORTRAIT, REFUSED), case(PLACEHOLDER, APPROVED), case(PORTRAIT, APPROVED)], everybody)
    assert found.verdicts[Verdict.IN_REVIEW] == Shift(0, 3)
    assert (found.judged, found.approved_refused, found.refused_approved) == (3, Shift(1, 1), Shift(1, 1))


def test_expected_errors_follow_the_calibrated_probabilities_and_stand_beside_what_the_bound_allows():
    found = summed_up([case(replace(PORTRAIT, p_real=0.99)) for _ in range(100)])
    assert found.placeholders_approved.among == pytest.approx(1)
    assert found.placeholders_approved.errors.becomes == pytest.approx(1)
    assert found.placeholders_approved.allowed == pytest.approx(0.01)
    assert found.reals_refused.errors.becomes == 0
    unbounded = summed_up([case(PORTRAIT)], replace(DEMO, risk=None))
    assert unbounded.placeholders_approved.allowed is None


def test_a_summary_is_plain_json():
    told = json.loads(json.dumps(summed_up([case(PLACEHOLDER)], LAX).to_json()))
    assert told["verdicts"]["in_review"] == {"was": 0, "becomes": 1}
    assert told["moved"] == [{"was": "resubmission_requested", "becomes": "in_review", "photos": 1}]


def test_a_period_has_its_days_and_none_is_endless_or_runs_backwards():
    assert Question.last(2, DEMO, DAY).days == [DAY - timedelta(days=1), DAY]
    for days in (0, -1, 3_661):
        with pytest.raises(Unprocessable, match="Choose between"):
            Question.last(days, DEMO, DAY)
    with pytest.raises(Unprocessable, match="does not end before it begins"):
        Question(DEMO, DAY, DAY - timedelta(days=1))
