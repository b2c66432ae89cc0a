"""The formulas, held to the textbooks."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photogate.quality.agreement import Agreement, Rate


def pairs(table):
    return [(str(row), str(column)) for (row, column), times in table.items() for _ in range(times)]


def test_two_readers_of_grant_proposals():
    """The example of every introduction: 20 and 15 alike of 50, kappa 0.4."""
    found = Agreement.of(pairs({(1, 1): 20, (1, 0): 5, (0, 1): 10, (0, 0): 15}))
    assert (found.pairs, found.alike) == (50, 35)
    assert found.kappa == pytest.approx(0.4)


def test_two_psychiatrists_and_three_diagnoses():
    """Fleiss, Statistical Methods for Rates and Proportions (1981), table 13.1: kappa 0.68, standard error 0.088."""
    table = {(0, 0): 75, (0, 1): 1, (0, 2): 4, (1, 0): 5, (1, 1): 4, (1, 2): 1, (2, 2): 10}
    found = Agreement.of(pairs(table))
    assert found.kappa == pytest.approx(0.676, abs=0.001)
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(0.088, abs=0.001)


def test_kappa_is_one_for_who_always_agree_and_nothing_where_there_is_nothing_to_agree_on():
    assert Agreement.of(pairs({(0, 0): 3, (1, 1): 4})).kappa == 1
    assert Agreement.of(pairs({(0, 1): 5, (1, 0): 5})).kappa == -1
    for empty in ({}, {(0, 0): 9}):
        assert Agreement.of(pairs(empty)).kappa is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=60))
def test_kappa_does_not_care_who_is_first_and_lies_in_its_interval(said):
    one, other = Agreement.of(said), Agreement.of([(b, a) for a, b in said])
    assert (one.kappa is None) is (other.kappa is None)
    if one.kappa is not None:
        assert one.kappa == pytest.approx(other.kappa)
        assert -1 <= one.low <= one.kappa + 1e-12
        assert one.kappa - 1e-12 <= one.high <= 1


@pytest.mark.parametrize(
    ("errors", "judged", "low", "high"),
    [
        (0, 10, 0, 0.3084971),
        (1, 10, 0.0025286, 0.4450161),
        (5, 10, 0.1870860, 0.8129140),
        (10, 10, 0.6915029, 1),
        (3, 100, 0.0062299, 0.0851761),
        (0, 0, 0, 1),
    ],
)
def test_an_exact_interval_is_that_of_the_tables(errors, judged, low, high):
    found = Rate.of(errors, judged)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


@settings(max_examples=50)
@given(st.integers(1, 400).flatmap(lambda judged: st.tuples(st.integers(0, judged), st.just(judged))))
def test_at_the_ends_of_the_interval_what_was_seen_has_a_probability_of_one_in_forty(seen):
    errors, judged = seen
    found = Rate.of(errors, judged)
    assert found.low <= found.seen <= found.high
    if errors:
        assert at_least(errors, judged, found.low) == pytest.approx(0.025, rel=1e-6)
    if errors < judged:
        assert 1 - at_least(errors + 1, judged, found.high) == pytest.approx(0.025, rel=1e-6)


def at_least(errors, judged, rate):
    return math.fsum(math.comb(judged, k) * rate**k * (1 - rate) ** (judged - k) for k in range(errors, judged + 1))


def test_a_long_history_is_no_problem():
    found = Rate.of(500, 1_000_000)
    assert found.low == pytest.approx(0.000457, abs=1e-6)
    assert found.high == pytest.approx(0.000546, abs=1e-6)
