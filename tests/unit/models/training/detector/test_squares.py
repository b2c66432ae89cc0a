import numpy as np
import pytest

from models.detection.refinement import MARGIN, SIDE_PX
from models.training.detector.pictures import Entry, Pictures
from models.training.detector.squares import Cutter

EYE = (70.0, 45.0)


@pytest.fixture(scope="module")
def pictures():
    """A grey square with a white dot for an eye, its face about it, and an empty black picture."""
    portrait, empty = np.full((160, 160, 3), 90, np.uint8), np.zeros((120, 120, 3), np.uint8)
    portrait[41:50, 66:75] = 255
    face = [50.0, 30.0, 60.0, 70.0, *EYE, 90, 45, 80, 60, 72, 80, 88, 80]
    entries = [Entry("portrait", 0, 160, 160, face), Entry("empty", portrait.size, 120, 120, None)]
    return Pictures(entries, np.concatenate([portrait.ravel(), empty.ravel()]))


@pytest.fixture
def cutter(pictures):
    suspected = np.array([[10, 10, 60, 60]], np.float32)
    return Cutter(pictures, [np.empty((0, 4), np.float32), suspected], np.random.default_rng(3))


def test_half_of_a_batch_are_faces_and_all_of_it_has_the_networks_size(cutter):
    squares = cutter.batch(40)
    assert squares.pixels.shape == (40, SIDE_PX, SIDE_PX, 3)
    assert squares.is_face.sum() == 20
    assert (squares.places[~squares.is_face] == 0).all()


def test_the_eye_is_where_the_square_shows_it(cutter):
    squares = cutter.batch(60)
    hits = []
    for pixels, places in zip(squares.pixels[squares.is_face], squares.places[squares.is_face], strict=True):
        eyes = SIDE_PX / 2 + places[4:8].reshape(2, 2) * SIDE_PX / MARGIN  # mirrored, it is the other one
        brightest = [
            pixels[round(float(y)), round(float(x))].mean() for x, y in eyes if min(x, y) >= 0 and max(x, y) < 63
        ]
        hits.append(max(brightest, default=0) > np.median(pixels) + 20)
    assert np.mean(hits) > 0.8  # some are covered, some are in the dark


def test_the_same_seed_cuts_the_same_squares(pictures):
    def batch():
        return Cutter(pictures, [np.empty((0, 4), np.float32)] * 2, np.random.default_rng(5)).batch(8)

    assert (batch().pixels == batch().pixels).all()
