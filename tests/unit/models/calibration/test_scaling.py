import numpy as np
import pytest

from models.calibration.scaling import (
    decision_threshold,
    expected_calibration_error,
    faceless_log_odds,
    fitted,
    probabilities,
    told_faceless,
)


@pytest.fixture
def overconfident() -> tuple[np.ndarray, np.ndarray]:
    """Logits three times as large, and one lower, than the odds that produced the labels."""
    rng = np.random.default_rng(8)
    odds = rng.normal(0, 2, 40_000)
    is_real = rng.random(odds.size) < 1 / (1 + np.exp(-odds))
    return 3 * (odds - 1), is_real


def test_a_fit_recovers_how_far_logits_are_stretched_and_shifted(overconfident):
    logits, is_real = overconfident
    calibration = fitted(logits, is_real)
    assert calibration.temperature == pytest.approx(3, rel=0.05)
    assert calibration.bias == pytest.approx(1, abs=0.1)


def test_calibrated_probabilities_mean_what_they_say(overconfident):
    logits, is_real = overconfident
    before = expected_calibration_error(1 / (1 + np.exp(-logits)), is_real)
    after = expected_calibration_error(probabilities(logits, fitted(logits, is_real)), is_real)
    assert after < 0.02 < before


def test_separated_classes_get_finite_confidence():
    logits = np.array([-9.0, -8, -7, 7, 8, 9])
    p_real = probabilities(logits, fitted(logits, logits > 0))
    assert 0.001 < p_real[0] < 0.3
    assert 0.7 < p_real[-1] < 0.999
    assert 0.7 < p_real[-1] < 0.999


def test_the_one_threshold_lies_halfway_where_the_classes_overlap():
    rng = np.random.default_rng(3)
    p_real = np.concatenate([rng.uniform(0.2, 1, 500), rng.uniform(0, 0.8, 500)])
    assert 0.4 < decision_threshold(p_real, np.arange(1000) < 500) < 0.6


def test_the_one_threshold_refuses_half_a_percent_of_real_faces_where_the_classes_lie_apart():
    rng = np.random.default_rng(3)
    p_real = np.concatenate([1 - rng.random(1000) * 0.4, rng.random(1000) * 0.05])
    is_real = np.arange(2000) < 1000
    threshold = decision_threshold(p_real, is_real)
    assert (p_real[is_real] < threshold).mean() == pytest.approx(0.005, abs=0.001)
    assert not (p_real[~is_real] >= threshold).any()


def test_that_no_face_was_found_speaks_against_a_real_one_as_much_as_it_is_rare_among_them():
    is_real = np.repeat([True, False], [998, 98])
    faceless = np.concatenate([np.arange(998) < 9, np.arange(98) < 98])
    shift = faceless_log_odds(is_real, faceless)
    assert shift == pytest.approx(np.log((10 / 1000) / (99 / 100)))
    told = told_faceless(np.array([0.5, 0.5]), np.array([True, False]), shift)
    assert told == pytest.approx([1 / (1 + 99), 0.5])


def test_a_detector_that_misses_faces_as_often_as_anything_else_says_nothing():
    is_real = np.repeat([True, False], 100)
    assert faceless_log_odds(is_real, np.tile([True, False], 100)) == 0
    assert faceless_log_odds(is_real, is_real) == 0  # never in favour of a face
    untold = np.array([0.0, 0.3, 1.0])
    assert (told_faceless(untold, np.ones(3, bool), 0.0) == untold).all()
