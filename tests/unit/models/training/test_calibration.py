import numpy as np
import pytest

from models.training.calibration import expected_calibration_error, fitted, operating_points, probabilities


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


def test_the_single_threshold_lies_between_the_classes_and_the_band_around_it():
    rng = np.random.default_rng(3)
    p_real = np.concatenate([rng.uniform(0.8, 1, 500), rng.uniform(0, 0.3, 500)])
    points = operating_points(p_real, np.arange(1000) < 500)
    assert 0.3 < points["real_at_or_above"] < 0.8
    assert points["refuse_below"] == 0.05
    assert points["approve_at_or_above"] == 0.95


def test_the_band_is_wider_where_calibration_sources_err():
    is_real = np.arange(1000) < 500
    p_real = np.where(is_real, 0.999, 0.001)
    p_real[:3], p_real[500:503] = 0.01, 0.99
    points = operating_points(p_real, is_real)
    assert points["refuse_below"] <= 0.01
    assert points["approve_at_or_above"] >= 0.99
