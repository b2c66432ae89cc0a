import numpy as np
import pytest

from models.detection.candidates import Candidates, letterboxed, overlap

POINTS = np.arange(10, dtype=np.float32).reshape(1, 5, 2)


def candidates(corners, scores):
    return Candidates(
        np.array(corners, np.float32).reshape(-1, 4), POINTS.repeat(len(scores), axis=0), np.array(scores, np.float32)
    )


def test_suppression_compares_with_boxes_that_stay_only():
    # The second goes because of the first; the third overlaps the second alone and therefore stays.
    three = candidates([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]], [0.9, 0.8, 0.7])
    assert three.without_overlaps(0.4).scores.tolist() == pytest.approx([0.9, 0.7])
    assert len(candidates([], []).without_overlaps(0.4).scores) == 0


def test_only_the_sure_ones_stay_surest_first():
    found = candidates([[0, 0, 1, 1]] * 3, [0.2, 0.6, 0.9]).sure(0.5)
    assert found.scores.tolist() == pytest.approx([0.9, 0.6])


def test_the_first_are_the_surest_and_no_more_than_there_are():
    found = candidates([[0, 0, 1, 1]] * 3, [0.9, 0.6, 0.5])
    assert found.first(2).scores.tolist() == pytest.approx([0.9, 0.6])
    assert len(found.first(9).scores) == 3


def test_faces_are_in_pixels_of_the_picture_clipped_to_it_and_largest_first():
    pixels = np.zeros((100, 200, 3), np.uint8)
    found = candidates([[10, 10, 20, 20], [-5, 10, 45, 60], [200, 200, 220, 220]], [0.9, 0.8, 0.7])
    large, small = found.times(2).faces(pixels)
    assert (large.x, large.y, large.width, large.height) == (0, 20, 90, 80)
    assert (small.x, small.y, small.width, small.height) == (20, 20, 20, 20)
    assert small.landmarks == ((0, 2), (4, 6), (8, 10), (12, 14), (16, 18))


def test_overlap_is_the_shared_area_by_the_joint_one():
    box = np.array([0, 0, 10, 10], np.float32)
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30], [0, 0, 0, 0]], np.float32)
    assert overlap(box, others).tolist() == pytest.approx([1, 1 / 3, 0, 0])


@pytest.mark.parametrize(("size", "shape", "scale"), [((400, 200), (320, 192), 0.8), ((10, 100), (64, 320), 3.2)])
def test_a_picture_is_letterboxed_to_multiples_at_the_top_left(size, shape, scale):
    canvas, found = letterboxed(np.full((*size, 3), 200, np.uint8), 320, 64, ground=7)
    assert canvas.shape[:2] == shape
    assert found == scale
    assert (canvas[0, 0] == 200).all()
    assert (canvas[-1, -1] == 7).all()
