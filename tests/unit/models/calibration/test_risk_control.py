from dataclasses import asdict

import numpy as np
import pytest

from models.calibration.risk_control import (
    Aims,
    CannotPromise,
    Guarantee,
    binomial_tail,
    controlled,
    most_errors,
    threshold_above,
    upper_bound,
)

RUNS = 1_000


def broken_promises(draw, tail, pictures: int, at_most: float, delta: float) -> float:
    """The share of calibration sets whose threshold is reached by more than `at_most` of all such scores."""
    rng = np.random.default_rng(5)
    thresholds = np.array([threshold_above(draw(rng, pictures), at_most, delta) for _ in range(RUNS)])
    return float((tail(thresholds) > at_most).mean())


WORLDS = {
    "uniform": (lambda rng, n: rng.random(n), lambda t: 1 - np.clip(t, 0, 1)),
    "nearly all certain": (lambda rng, n: rng.random(n) ** 20, lambda t: 1 - np.clip(t, 0, 1) ** (1 / 20)),
    "a tenth tied at one half": (
        lambda rng, n: np.where(rng.random(n) < 0.1, 0.5, rng.random(n) * 0.4),
        lambda t: np.where(t > 0.5, 0.0, np.where(t > 0.4, 0.1, 0.1 + 0.9 * (1 - np.clip(t, 0, 0.4) / 0.4))),
    ),
}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("pictures", "at_most", "delta"), [(400, 0.01, 0.025), (500, 0.05, 0.1), (60, 0.2, 0.3)])
def test_the_promise_is_broken_no_more_often_than_it_says(world, pictures, at_most, delta):
    draw, tail = WORLDS[world]
    chance = 3 * (delta * (1 - delta) / RUNS) ** 0.5
    assert broken_promises(draw, tail, pictures, at_most, delta) <= delta + chance


def test_the_promise_is_not_bought_with_needless_strictness():
    draw, tail = WORLDS["uniform"]
    assert broken_promises(draw, tail, 500, 0.05, 0.1) > 0.05  # 0.1 is allowed; a discrete test reaches nearly that


def test_both_promises_hold_together_with_the_confidence_that_is_written():
    rng = np.random.default_rng(6)
    is_real = np.arange(900) < 500
    broken = 0
    for _ in range(300):
        raw = rng.random(900)
        p_real = np.where(is_real, raw**0.02, raw**60)
        found, _ = controlled([p_real], is_real, ["s"] * 900, Aims(0.02, 0.02, 0.9))
        approved = 1 - found["approve_at_or_above"] ** (1 / 60)
        refused = found["refuse_below"] ** (1 / 0.02)
        broken += approved > 0.02 or refused > 0.02
    assert broken / 300 <= 0.1 + 3 * (0.09 / 300) ** 0.5


def test_a_guarantee_counts_pictures_and_sources_and_names_the_worst():
    is_real = np.arange(2_000) < 1_000
    p_real = np.where(is_real, 0.99, 0.01)
    p_real[1_990:1_993] = 0.97
    sources = np.where(np.arange(2_000) % 1_000 < 900, "large", "small").tolist()
    thresholds, guarantee = controlled([p_real], is_real, sources)
    others = guarantee.placeholders_approved
    assert thresholds == {"refuse_below": 0.05, "approve_at_or_above": 0.95}
    assert (others.pictures, others.sources, others.errors) == (1_000, 2, 3)
    assert (others.worst_source.source, others.worst_source.errors, others.worst_source.pictures) == ("small", 3, 100)
    assert 0.03 < others.worst_source.upper < 0.1
    assert "3 of 1000" in guarantee.sentence
    assert "exchangeable" in guarantee.sentence


def test_more_errors_than_are_allowed_move_the_thresholds():
    is_real = np.arange(2_000) < 1_000
    p_real = np.where(is_real, 0.999, 0.001)
    p_real[:10], p_real[1_990:] = 0.002, 0.98
    thresholds, guarantee = controlled([p_real], is_real, ["s"] * 2_000)
    assert thresholds == {"refuse_below": 0.001999, "approve_at_or_above": 0.980001}
    assert (guarantee.placeholders_approved.errors, guarantee.reals_refused.errors) == (0, 0)


def test_too_few_pictures_for_a_promise_say_how_many_are_needed():
    with pytest.raises(CannotPromise, match=r"20 pictures cannot show .* at most 1\.00% .* at least 368 are needed"):
        threshold_above(np.zeros(20), 0.01, 0.025)


def test_tails_and_bounds_are_the_textbooks():
    assert binomial_tail(0, 10, 0.1) == pytest.approx(0.9**10)
    assert binomial_tail(10, 10, 0.1) == pytest.approx(1)
    assert upper_bound(0, 100, 0.05) == pytest.approx(1 - 0.05**0.01, abs=1e-9)  # the rule of three, exactly
    assert upper_bound(5, 100, 0.025) == pytest.approx(0.11283, abs=1e-5)  # R: binom.test(5, 100)
    assert upper_bound(7, 7, 0.05) == 1
    assert most_errors(300, 0.01, 0.05) == 0
    assert most_errors(100, 0.01, 0.05) == -1


def test_a_guarantee_reads_back_as_it_was_written():
    is_real = np.arange(2_000) < 1_000
    _, guarantee = controlled([np.where(is_real, 0.99, 0.01)], is_real, ["s"] * 2_000)
    assert Guarantee.read(**asdict(guarantee)) == guarantee


def test_a_promise_holds_for_every_form_in_which_a_network_may_serve():
    is_real = np.arange(2_000) < 1_000
    full = np.where(is_real, 0.999, 0.001)
    eight_bits = np.where(is_real, 0.999, 0.97)
    thresholds, guarantee = controlled([full, eight_bits], is_real, ["s"] * 2_000)
    assert thresholds["approve_at_or_above"] > 0.97
    assert guarantee.placeholders_approved.errors == 0
