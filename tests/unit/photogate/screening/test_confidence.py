"""The running estimate is right whenever one looks, and the test of a bound is wrong as rarely as it says."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photogate.screening.confidence import ErrorBound, Trials, detection, fewest_trials

RUNS, TRIALS_A_YEAR = 400, 1_000

rates = st.floats(0.0005, 0.4)
bounds = st.builds(ErrorBound, at_most=rates, delta=st.floats(0.001, 0.3))
trials = st.integers(0, 5_000).flatmap(lambda judged: st.builds(Trials, st.integers(0, judged), st.just(judged)))


def trials_until_refuted(bound, rate, draw, most):
    errors = 0
    for judged in range(1, most + 1):
        if draw.random() < rate:
            errors += 1
            if bound.is_refuted(Trials(errors, judged)):
                return judged
    return None


@given(bounds, trials)
def test_what_was_seen_lies_between_the_limits(bound, seen):
    low, high = bound.interval(seen)
    assert 0 <= low <= (seen.errors / seen.judged if seen.judged else 0.5) <= high <= 1


@given(bounds, trials)
def test_a_bound_is_refuted_exactly_when_the_whole_interval_lies_above_it(bound, seen):
    low, _ = bound.interval(seen)
    if not math.isclose(low, bound.at_most, rel_tol=1e-6):
        assert bound.is_refuted(seen) is (low > bound.at_most)


@given(bounds, trials)
def test_an_error_that_is_heard_of_late_only_delays_a_refutation(bound, seen):
    if bound.is_refuted(seen):
        assert bound.is_refuted(Trials(seen.errors + 1, seen.judged + 1))
        assert seen.errors == seen.judged or bound.is_refuted(Trials(seen.errors, seen.judged - 1))


@given(bounds, trials.filter(lambda seen: seen.judged <= 1_000), rates)
def test_a_bet_on_the_next_verdict_is_fair(bound, seen, rate):
    """The wealth is a martingale: what it is expected to be after the next verdict is what it is now."""
    now = bound.log_wealth(seen, rate)
    wrong = bound.log_wealth(Trials(seen.errors + 1, seen.judged + 1), rate) - now
    right = bound.log_wealth(Trials(seen.errors, seen.judged + 1), rate) - now
    assert rate * math.exp(wrong) + (1 - rate) * math.exp(right) == pytest.approx(1, rel=1e-6)


def test_nothing_is_known_before_the_first_verdict():
    assert ErrorBound(0.01, 0.05).interval(Trials()) == (0.0, 1.0)
    assert not ErrorBound(0.01, 0.05).is_refuted(Trials())


@pytest.mark.parametrize("rate", [0.01, 0.005])
def test_a_good_model_is_ever_stopped_with_probability_delta_at_most(rate):
    bound, draw = ErrorBound(0.01, 0.05), random.Random(5)
    stopped = sum(trials_until_refuted(bound, rate, draw, TRIALS_A_YEAR) is not None for _ in range(RUNS))
    assert stopped <= 0.05 * RUNS


def test_the_true_rate_lies_within_the_limits_at_every_moment():
    bound, draw, left_out = ErrorBound(0.02, 0.1), random.Random(6), 0
    for _ in range(RUNS):
        errors, rate = 0, draw.uniform(0.001, 0.3)
        ever = False
        for judged in range(1, 301):
            errors += draw.random() < rate
            seen = Trials(errors, judged)
            ever = ever or bound.log_wealth(seen, rate) >= -math.log(bound.delta)
        left_out += ever
    assert left_out <= 0.1 * RUNS


@pytest.mark.parametrize("at_most", [0.01, 0.005, 0.03])
def test_a_model_ten_times_as_bad_is_stopped_when_theory_says(at_most):
    bound, draw = ErrorBound(at_most, 0.025), random.Random(7)
    theory = detection(bound, 10 * at_most)
    stopped = [trials_until_refuted(bound, 10 * at_most, draw, theory.at_latest) for _ in range(RUNS)]
    assert None not in stopped
    assert sum(stopped) / RUNS == pytest.approx(theory.mean, rel=0.1)
    assert fewest_trials(bound, 10 * at_most) < theory.mean < 2 * fewest_trials(bound, 10 * at_most)
