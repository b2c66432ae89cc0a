import cv2
import numpy as np
import pytest

from models.pixels import resized


@pytest.mark.parametrize("size", [(800, 630), (801, 631), (64, 64), (10, 900), (1, 1), (127, 130), (5, 3)])
def test_any_picture_gets_the_size_asked_for(size):
    assert resized(np.zeros((*size, 3), np.uint8), 64, 48).shape == (48, 64, 3)


def test_what_is_far_larger_is_averaged_not_skipped():
    lines = np.zeros((640, 640, 3), np.uint8)
    lines[:, ::2] = 255
    assert np.abs(resized(lines, 80, 80).astype(int) - 127).max() <= 1


def test_it_shows_the_same_as_averaging_over_areas():
    y, x = np.indices((601, 433), np.float32)
    smooth = np.stack([x / 433, y / 601, np.sin(x / 40) / 2 + 0.5], axis=2)
    picture = (smooth * 255).astype(np.uint8)
    wanted = cv2.resize(picture, (90, 120), interpolation=cv2.INTER_AREA)
    assert np.abs(resized(picture, 90, 120).astype(int) - wanted).mean() < 2
