import math

import numpy as np
import pytest

from models.quality.pose import _AVERAGE_FACE, pose_of


def seen(yaw=0.0, pitch=0.0, roll=0.0, *, eyes_px=60.0):
    """The average face from far away: first rolled, then its chin lifted, then turned to the viewer's right."""
    y, p, r = (math.radians(degrees) for degrees in (yaw, pitch, roll))
    lean = np.array([[math.cos(r), -math.sin(r), 0], [math.sin(r), math.cos(r), 0], [0, 0, 1]])
    lift = np.array([[1, 0, 0], [0, math.cos(p), math.sin(p)], [0, -math.sin(p), math.cos(p)]])
    turn = np.array([[math.cos(y), 0, -math.sin(y)], [0, 1, 0], [math.sin(y), 0, math.cos(y)]])
    points = _AVERAGE_FACE @ (turn @ lift @ lean).T * eyes_px + (300, 200, 0)
    return tuple((float(x), float(y)) for x, y, _ in points)


@pytest.mark.parametrize("yaw", [-45, 0, 20])
@pytest.mark.parametrize("pitch", [-25, 0, 25])
@pytest.mark.parametrize("roll", [-30, 0, 10])
def test_the_average_face_has_the_pose_that_it_was_given(yaw, pitch, roll):
    found = pose_of(seen(yaw, pitch, roll))
    assert (found.yaw, found.pitch, found.roll) == pytest.approx((yaw, pitch, roll), abs=0.01)


def test_a_nose_towards_the_viewers_right_is_a_face_turned_there():
    assert pose_of(((0, 0), (100, 0), (65, 55), (10, 100), (90, 100))).yaw > 5


def test_a_nose_near_the_eyes_is_a_lifted_chin():
    high, low = (pose_of(((0, 0), (100, 0), (50, nose), (10, 100), (90, 100))).pitch for nose in (40, 70))
    assert high > 5 > low


def test_a_face_seen_in_a_mirror_is_turned_to_the_other_side():
    face = seen(20, 5, 10)
    left_eye, right_eye, nose, left_mouth, right_mouth = ((600 - x, y) for x, y in face)
    mirrored = pose_of((right_eye, left_eye, nose, right_mouth, left_mouth))
    assert (mirrored.yaw, mirrored.pitch, mirrored.roll) == pytest.approx((-20, 5, -10), abs=0.01)


def test_the_size_of_the_face_does_not_matter():
    assert pose_of(seen(15, -10, 3, eyes_px=4)).yaw == pytest.approx(15, abs=0.01)
