import numpy as np
import pytest

from models.detection.candidates import Candidates
from models.detection.refinement import MARGIN, SIDE_PX, Square, Squares

PHOTO = np.zeros((100, 200, 3), np.uint8)


def candidates(*corners):
    count = len(corners)
    return Candidates(np.array(corners, np.float32), np.zeros((count, 5, 2), np.float32), np.ones(count, np.float32))


def test_a_square_lies_about_the_middle_of_its_box_with_a_margin():
    square = Square.around(np.array([40, 20, 80, 60], np.float32))
    assert square == (30, 10, 40 * MARGIN)


@pytest.mark.parametrize("corners", [(-60, -50, 30, 40), (180, 80, 260, 160), (0, 0, 0, 0), (-900, -900, -800, -800)])
def test_beyond_the_picture_a_square_is_grey(corners):
    pixels = Square.around(np.array(corners, np.float32)).cut(PHOTO)
    assert pixels.shape == (SIDE_PX, SIDE_PX, 3)
    if corners[0] < 0:
        assert (pixels[0, 0] == 127).all()


def test_what_the_network_says_is_read_in_pixels_of_the_photo():
    squares = Squares.about(candidates((40, 20, 80, 60)), PHOTO)
    said = np.zeros((1, 15), np.float32)
    said[0, 1:3], said[0, 3:5] = (0.25, 0), np.log([1, 0.5])  # a quarter of the unit, 40 px, to the right
    said[0, 5:7] = (-0.5, 0.5)
    found = squares.read(said)
    assert found.corners[0] == pytest.approx([50, 30, 90, 50], abs=0.1)
    assert found.points[0, 0] == pytest.approx([40, 60], abs=0.1)
    assert found.scores[0] == pytest.approx(0.5)
