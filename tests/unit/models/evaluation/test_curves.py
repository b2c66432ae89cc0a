import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.curves import auc, coverage_at_risk, precision_recall, risk_coverage, roc
from tests.unit.models.evaluation.made import few_examples

few_scores = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=25)


def both(real, other):
    return np.array([*real, *other], float), np.array([True] * len(real) + [False] * len(other))


def mann_whitney(real, other):
    return np.mean([(r > o) + (r == o) / 2 for r in real for o in other])


@few_examples
@given(few_scores, few_scores)
def test_the_area_is_the_mann_whitney_statistic_with_ties_counted_half(real, other):
    assert auc(*both(real, other)) == pytest.approx(mann_whitney(real, other))


@few_examples
@given(few_scores, few_scores)
def test_a_monotone_transform_leaves_the_area_alone(real, other):
    p_real, is_real = both(real, other)
    assert auc(1 / (1 + np.exp(3 - 9 * p_real)), is_real) == pytest.approx(auc(p_real, is_real))


@few_examples
@given(few_scores, few_scores)
def test_scores_and_classes_turned_round_give_the_same_area(real, other):
    p_real, is_real = both(real, other)
    assert auc(1 - p_real, ~is_real) == pytest.approx(auc(p_real, is_real))


@few_examples
@given(few_scores, few_scores)
def test_a_roc_curve_rises_from_nothing_to_everything(real, other):
    curve = roc(*both(real, other))
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)
    assert np.all(np.diff(curve.x) >= 0)
    assert np.all(np.diff(curve.y) >= 0)


def test_average_precision_is_that_of_a_case_reckoned_by_hand():
    curve = precision_recall(*both(real=[0.9, 0.7], other=[0.8, 0.1]))
    assert curve.x.tolist() == [0.5, 0.5, 1, 1]
    assert curve.y == pytest.approx([1, 1 / 2, 2 / 3, 1 / 2])
    assert curve.area == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_scores_that_separate_have_full_areas():
    scores = both(real=[0.9, 0.8], other=[0.2, 0.1])
    assert roc(*scores).area == precision_recall(*scores).area == 1


def test_risk_grows_with_coverage_where_the_unsure_are_wrong():
    p_real, is_real = both(real=[0.99, 0.4], other=[0.02, 0.1])
    curve = risk_coverage(p_real, is_real, threshold=0.5)
    assert curve.x.tolist() == [0.25, 0.5, 0.75, 1]
    assert curve.y.tolist() == [0, 0, 0, 0.25]
    assert coverage_at_risk(curve, 0.001) == 0.75
    assert coverage_at_risk(curve, 0.25) == 1


def test_nothing_can_be_answered_at_no_risk_when_the_surest_is_wrong():
    curve = risk_coverage(*both(real=[0.9], other=[1.0]), threshold=0.5)
    assert coverage_at_risk(curve, 0.1) == 0


@few_examples
@given(few_scores, few_scores)
def test_all_answered_the_risk_is_the_error(real, other):
    p_real, is_real = both(real, other)
    curve = risk_coverage(p_real, is_real, threshold=0.5)
    assert curve.x[-1] == 1
    assert curve.y[-1] == pytest.approx(np.mean((p_real >= 0.5) != is_real))
