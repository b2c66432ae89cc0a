"""Scenes say where their faces are, however they were turned, scaled, mirrored and cut."""

import numpy as np
import pytest

from models.training.detector.composing import Composer
from models.training.detector.pictures import Entry, Pictures

SIDE = 64
BOX = [16.0, 12.0, 32.0, 40.0]
POINTS = [24.0, 26.0, 40.0, 26.0, 32.0, 34.0, 26.0, 44.0, 38.0, 44.0]


@pytest.fixture(scope="module")
def pictures():
    face = np.full((SIDE, SIDE, 3), 40, np.uint8)
    face[12:52, 16:48] = 220
    other = np.full((SIDE, SIDE, 3), 90, np.uint8)
    entries = [Entry("face", 0, SIDE, SIDE, BOX + POINTS), Entry("other", face.size, SIDE, SIDE, None)]
    return Pictures(entries, np.concatenate([face.ravel(), other.ravel()]))


def scenes(pictures, count=60, seed=3):
    composer = Composer(pictures, np.random.default_rng(seed))
    return [composer.scene(128) for _ in range(count)]


def test_the_same_seed_composes_the_same_scenes(pictures):
    for one, again in zip(scenes(pictures, 5), scenes(pictures, 5), strict=True):
        assert np.array_equal(one.pixels, again.pixels)
        assert np.array_equal(one.boxes, again.boxes)


def test_some_scenes_have_no_face_some_one_and_some_several(pictures):
    counts = {len(scene.boxes) for scene in scenes(pictures)}
    assert {0, 1, 2} <= counts


def test_landmarks_lie_in_their_box_and_the_left_eye_stays_at_the_left(pictures):
    for scene in scenes(pictures):
        for box, points in zip(scene.boxes, scene.points, strict=True):
            assert (np.abs(points - box[:2]) <= box[2:] / 2 + 1).all()
            assert points[0, 0] < points[1, 0]
            assert points[3, 0] < points[4, 0]


def test_what_is_too_small_or_mostly_cut_off_is_not_asked_for(pictures):
    for scene in scenes(pictures):
        for box, counts in zip(scene.boxes, scene.counts, strict=True):
            low, high = np.clip([box[:2] - box[2:] / 2, box[:2] + box[2:] / 2], 0, 128)
            seen = (high - low).prod() / box[2:].prod()
            assert counts == (seen >= 0.55 and np.sqrt(box[2:].prod()) >= 11)


def test_a_box_is_where_the_bright_face_is(pictures):
    plain = [scene for scene in scenes(pictures, 200) if len(scene.boxes) == 1 and scene.counts.all()]
    inside = []
    for scene in plain:
        x, y = scene.boxes[0, :2].astype(int).clip(0, 127)
        inside.append(scene.pixels[y, x].mean() > scene.pixels.mean())
    assert np.mean(inside) > 0.75  # some are covered, and some stand on a bright ground
