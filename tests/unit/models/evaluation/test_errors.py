import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.errors import Confusion, Rate, by_kind, by_source, operating_points, threshold_at_bpcer
from tests.unit.models.evaluation.made import example, few_examples, measured, of_examples


def test_wilsons_interval_is_that_of_the_tables():
    rate = Rate.counted(5, 100)
    assert (rate.low, rate.high) == pytest.approx((0.02154, 0.11175), abs=1e-5)
    assert Rate.counted(0, 100).high == pytest.approx(0.03699, abs=1e-5)


@few_examples
@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_rate_and_stays_between_nothing_and_everything(counts):
    rate = Rate.counted(*counts)
    assert 0 <= rate.low <= rate.value <= rate.high <= 1
    assert rate.low < rate.high


def test_a_rate_of_nothing_is_not_known():
    assert math.isnan(Rate.counted(0, 0).value)


def test_a_confusion_counts_each_case_and_a_real_face_is_positive():
    accepted = np.array([True, True, True, False, True, False, False, False])
    is_real = np.array([True, True, True, True, False, False, False, False])
    confusion = Confusion.of(accepted, is_real)
    assert confusion == Confusion(real_accepted=3, real_refused=1, other_accepted=1, other_refused=3)
    assert (confusion.accuracy, confusion.precision, confusion.recall, confusion.f1) == (0.75, 0.75, 0.75, 0.75)


def test_nothing_accepted_has_no_precision():
    confusion = Confusion.of(np.zeros(2, bool), np.array([True, False]))
    assert math.isnan(confusion.precision)
    assert confusion.f1 == 0


def test_apcer_and_bpcer_are_shares_of_their_own_class():
    (shipped,) = operating_points(measured(real=[0.9, 0.8, 0.7, 0.4], other=[0.6, 0.1]), wanted=())
    assert (shipped.bpcer.value, shipped.apcer.value) == (0.25, 0.5)


def test_a_fixed_operating_point_refuses_as_many_real_faces_as_it_may_and_no_more():
    found = measured(real=np.linspace(0.1, 1, 10).round(1), other=[0.15, 0.25, 0.35])
    tenth = operating_points(found, wanted=(0.1,))[1]
    assert tenth.threshold == 0.2
    assert (tenth.bpcer.wrong, tenth.apcer.wrong) == (1, 2)


@few_examples
@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.sampled_from([0.0, 0.001, 0.01, 0.1, 0.5]))
def test_no_fixed_operating_point_costs_more_than_was_wanted(scores, wanted):
    p_real = np.array(scores)
    threshold = threshold_at_bpcer(p_real, np.ones(len(scores), bool), wanted)
    assert (p_real < threshold).mean() <= wanted + 1e-9


def test_sources_are_told_worst_first_and_large_ones_before_small_ones_of_the_same_error():
    pictures = [example(real=False, source=source, number=n) for source in ("good", "bad", "large") for n in range(2)]
    pictures += [example(real=False, source="large", number=9), example(real=True)]
    found = of_examples(pictures, [0.1, 0.1, 0.9, 0.1, 0.2, 0.2, 0.2, 0.9])
    parts = by_source(found, operating_points(found, wanted=()))
    assert [(part.name, part.at[0].wrong, part.at[0].of) for part in parts] == [
        ("bad", 1, 2),
        ("large", 0, 3),
        ("good", 0, 2),
        ("reals/one", 0, 1),
    ]


def test_a_kind_is_what_the_manifest_calls_it_or_else_the_label():
    pictures = [example(real=False, kind="robot"), example(real=False), example(real=True)]
    found = of_examples(pictures, [0.9, 0.1, 0.9])
    parts = by_kind(found, operating_points(found))
    assert [(part.name, part.at[0].wrong) for part in parts] == [("robot", 1), ("placeholder", 0)]
    assert len(parts[0].at) == 4
