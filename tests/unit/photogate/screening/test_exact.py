"""Exact intervals and tests, held to published numbers and to the laws that define them."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photogate.screening.exact import differ, holm, interval, worsens

counted = st.integers(1, 60).flatmap(lambda judged: st.tuples(st.integers(0, judged), st.just(judged)))


def binomial_tail(least, trials, rate):
    return math.fsum(math.comb(trials, k) * rate**k * (1 - rate) ** (trials - k) for k in range(least, trials + 1))


@pytest.mark.parametrize(
    ("errors", "judged", "low", "high"),
    [(0, 10, 0, 0.30850), (3, 10, 0.06674, 0.65245), (10, 10, 0.69150, 1), (682, 925, 0.7076683, 0.7654066)],
)
def test_intervals_are_those_that_clopper_and_pearson_give(errors, judged, low, high):
    assert interval(errors, judged) == pytest.approx((low, high), abs=5e-6)


@settings(deadline=None)
@given(counted)
def test_at_the_ends_of_an_interval_what_was_seen_is_as_rare_as_it_may_be(trials):
    errors, judged = trials
    low, high = interval(errors, judged)
    assert low <= errors / judged <= high
    if errors > 0:
        assert binomial_tail(errors, judged, low) == pytest.approx(0.025, rel=1e-6)
    if errors < judged:
        assert 1 - binomial_tail(errors + 1, judged, high) == pytest.approx(0.025, rel=1e-6)


def test_many_photos_are_no_trouble():
    low, high = interval(5_000, 1_000_000)
    assert (low, high) == pytest.approx((0.0048627, 0.0051401), abs=2e-6)
    assert 0 < differ(50_000, 1_000_000, 40_000, 900_000) < 1e-9


@pytest.mark.parametrize(
    ("mine", "others", "probability"),
    [((3, 4), (1, 4), 34 / 70), ((1, 12), (9, 12), 0.002759456), ((0, 5), (0, 7), 1), ((2, 2), (5, 5), 1)],
)
def test_differences_are_those_that_fisher_gives(mine, others, probability):
    assert differ(*mine, *others) == pytest.approx(probability, rel=1e-6)


@settings(deadline=None)
@given(counted, counted)
def test_a_difference_is_the_same_from_both_sides(mine, others):
    assert differ(*mine, *others) == pytest.approx(differ(*others, *mine))
    assert 0 < differ(*mine, *others) <= 1


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 40))
def test_a_change_for_the_worse_is_weighed_by_what_changed(wrong, right):
    assert worsens(wrong, right) == pytest.approx(binomial_tail(wrong, wrong + right, 0.5))


def test_without_any_change_nothing_worsens():
    assert worsens(0, 0) == worsens(0, 9) == 1


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_raises_every_probability_and_keeps_their_order(values):
    raised = holm(values)
    assert all(value <= more <= 1 for value, more in zip(values, raised, strict=True))
    in_order = sorted(range(len(values)), key=values.__getitem__)
    assert [raised[place] for place in in_order] == sorted(raised)


def test_holm_as_in_every_textbook():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
