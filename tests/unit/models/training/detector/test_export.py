import numpy as np
import pytest

from models.training.detector.export import chosen


def test_the_threshold_leaves_two_faces_in_a_thousand_to_the_second_look_within_bounds():
    scores = np.linspace(0.4, 0.9, 1001)
    assert chosen(scores) == pytest.approx(0.40)
    assert chosen(np.concatenate([np.full(40, 0.1), scores])) == 0.3
    assert chosen(np.full(100, 0.95)) == 0.9
