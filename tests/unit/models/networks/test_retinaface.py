import re
from collections import Counter

import pytest
import torch

from models.networks.retinaface import RetinaFace, anchors


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(7)
    return RetinaFace().eval()


def test_it_has_the_456_entries_of_the_package_s_checkpoint(network):
    parts = Counter(name.split(".")[0] for name in network.state_dict())
    assert parts == {
        "body": 318,
        "fpn": 30,
        "ssh1": 30,
        "ssh2": 30,
        "ssh3": 30,
        "ClassHead": 6,
        "BboxHead": 6,
        "LandmarkHead": 6,
    }
    assert parts.total() == 456


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("body.conv1.weight", (64, 3, 7, 7)),
        ("body.layer1.0.downsample.0.weight", (256, 64, 1, 1)),
        ("body.layer2.0.conv2.weight", (128, 128, 3, 3)),
        ("body.layer3.5.bn3.running_var", (1024,)),
        ("body.layer4.2.conv3.weight", (2048, 512, 1, 1)),
        ("fpn.output1.0.weight", (256, 512, 1, 1)),
        ("fpn.output3.0.weight", (256, 2048, 1, 1)),
        ("fpn.merge2.1.num_batches_tracked", ()),
        ("ssh1.conv3X3.0.weight", (128, 256, 3, 3)),
        ("ssh2.conv5X5_1.0.weight", (64, 256, 3, 3)),
        ("ssh3.conv7x7_3.1.bias", (64,)),
        ("ClassHead.0.conv1x1.weight", (4, 256, 1, 1)),
        ("BboxHead.1.conv1x1.weight", (8, 256, 1, 1)),
        ("LandmarkHead.2.conv1x1.bias", (20,)),
    ],
)
def test_an_entry_has_the_package_s_name_and_shape(network, name, shape):
    assert network.state_dict()[name].shape == shape


def test_no_entry_belongs_to_a_second_network(network):
    strange = [name for name in network.state_dict() if re.search(r"body\.(fc|layer5)", name)]
    assert strange == []


def test_every_anchor_gets_a_box_a_class_and_five_landmarks(network):
    with torch.inference_mode():
        boxes, classes, landmarks = network(torch.zeros(1, 3, 96, 64))
    count = 2 * (12 * 8 + 6 * 4 + 3 * 2)
    assert boxes.shape == (1, count, 4)
    assert classes.shape == (1, count, 2)
    assert landmarks.shape == (1, count, 10)
    assert len(anchors(96, 64)) == count


def test_anchors_go_row_by_row_with_both_sizes_in_each_cell():
    assert anchors(32, 64)[:4].tolist() == [[4, 4, 16, 16], [4, 4, 32, 32], [12, 4, 16, 16], [12, 4, 32, 32]]
    assert anchors(32, 64)[-1].tolist() == [48, 16, 512, 512]


def test_a_side_that_no_stride_divides_has_as_many_anchors_as_predictions(network):
    with torch.inference_mode():
        boxes, _, _ = network(torch.zeros(1, 3, 50, 70))
    assert boxes.shape[1] == len(anchors(50, 70))
