import numpy as np
import pytest

from models.training.coverings import partly_covered

FACE = (60.0, 40.0, 80.0, 120.0)


def flat() -> np.ndarray:
    return np.full((220, 200, 3), 150, np.uint8)


def changed_rows(seed: int) -> np.ndarray:
    covered = partly_covered(flat(), FACE, np.random.default_rng(seed))
    return np.flatnonzero((covered != flat()).any(axis=(1, 2)))


@pytest.mark.parametrize("seed", range(12))
def test_either_the_eyes_or_mouth_and_nose_are_covered_and_nothing_far_from_the_face(seed):
    rows = changed_rows(seed)
    eyes, mouth = 40 + 0.4 * 120, 40 + 0.8 * 120
    assert (rows.min() < eyes < rows.max()) != (rows.min() < mouth < rows.max())
    assert rows.max() <= 40 + 1.2 * 120


def test_the_photo_itself_stays_as_it_is():
    photo = flat()
    partly_covered(photo, FACE, np.random.default_rng(1))
    assert (photo == 150).all()


def test_a_face_at_the_picture_s_edge_is_covered_as_far_as_it_is_seen():
    assert partly_covered(flat(), (-30, 150, 100, 120), np.random.default_rng(2)).shape == (220, 200, 3)
