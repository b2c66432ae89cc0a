import numpy as np
import pytest

from models.evaluation.reliability import bins, expected_calibration_error


def test_a_bin_sets_what_was_claimed_beside_what_is_true():
    low, high = bins(np.array([0.1, 0.3, 0.9, 0.9]), np.array([False, False, True, False]), number=2)
    assert (low.pictures, low.mean_p_real, low.share_real) == (2, pytest.approx(0.2), 0)
    assert (high.pictures, high.mean_p_real, high.share_real) == (2, pytest.approx(0.9), 0.5)
    assert expected_calibration_error((low, high)) == pytest.approx((0.2 + 0.4) / 2)


def test_probabilities_that_are_kept_have_no_error():
    p_real = np.repeat([0.25, 0.75], 400)
    is_real = np.tile([True, False, False, False], 100).tolist() + np.tile([True, True, True, False], 100).tolist()
    assert expected_calibration_error(bins(p_real, np.array(is_real))) == 0


def test_certainty_falls_into_the_last_bin_and_empty_bins_are_left_out():
    (only,) = bins(np.ones(3), np.ones(3, bool))
    assert (only.low, only.high) == (14 / 15, 1)
