import numpy as np
import pytest
import torch

from models.networks.face_detector import STRIDES_PX, VALUES, decoded
from models.training.detector.composing import Scene
from models.training.detector.loss import losses

BOX = [64.0, 64.0, 64.0, 64.0]
POINTS = [[50.0, 56.0], [78.0, 56.0], [64.0, 70.0], [54.0, 84.0], [74.0, 84.0]]


def scene(*boxes, counts=True):
    faces = len(boxes)
    return Scene(
        np.zeros((128, 128, 3), np.uint8),
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array([POINTS] * faces, np.float32).reshape(-1, 5, 2),
        np.full(faces, counts),
    )


def says(*, face_logit=-8.0, elsewhere=-8.0, box=BOX):
    """Maps of a network that is sure of one box with the right points at the cells next to its centre."""
    levels = [torch.zeros(1, VALUES, 128 // s, 128 // s) for s in STRIDES_PX]
    for level in levels:
        level[:, 0] = elsewhere
    for level, s in zip(levels, STRIDES_PX, strict=True):
        for row in range(level.shape[2]):
            for column in range(level.shape[3]):
                middle = torch.tensor([(column + 0.5) * s, (row + 0.5) * s])
                near = (middle - torch.tensor(box[:2])).abs().max() <= 16
                level[0, 0, row, column] = face_logit if near else elsewhere
                level[0, 1:3, row, column] = (torch.tensor(box[:2]) - middle) / s
                level[0, 3:5, row, column] = torch.log(torch.tensor(box[2:]) / (4 * s))
                level[0, 5:, row, column] = ((torch.tensor(POINTS) - middle) / torch.tensor(box[2:])).flatten()
    return levels


def test_the_right_answer_has_no_box_or_point_to_learn():
    cost = losses(says(face_logit=4.0), [scene(BOX)])
    assert cost.box == pytest.approx(0, abs=1e-4)
    assert cost.points == pytest.approx(0, abs=1e-4)


def test_a_missed_face_costs_more_than_a_found_one_and_a_false_alarm_more_than_none():
    assert losses(says(face_logit=-8.0), [scene(BOX)]).score > losses(says(face_logit=4.0), [scene(BOX)]).score
    assert losses(says(elsewhere=2.0), [scene()]).score > losses(says(), [scene()]).score + 1


def test_a_box_that_is_off_costs_more():
    near, far = ([64 + shift, 64.0, 64.0, 64.0] for shift in (4.0, 12.0))
    assert 0 < losses(says(box=near), [scene(BOX)]).box < losses(says(box=far), [scene(BOX)]).box


def test_nothing_is_asked_where_a_face_does_not_count():
    alarmed = says(face_logit=6.0)
    whole = [64.0, 64.0, 128.0, 128.0]
    assert losses(alarmed, [scene(whole, counts=False)]).score < losses(alarmed, [scene()]).score


def test_maps_are_read_back_as_they_were_written():
    logits, boxes, points = decoded(says(face_logit=3.0)[1], 32)
    best = logits[0].argmax()
    assert boxes[0, best].tolist() == pytest.approx(BOX)
    assert points[0, best].flatten().tolist() == pytest.approx([value for point in POINTS for value in point])
