import numpy as np
import onnxruntime
import pytest
import torch

from models.detection.compact import read
from models.networks.face_detector import STRIDES_PX, FaceDetectorNet, decoded
from models.training.detector.graph import onnx_of


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(5)
    network = FaceDetectorNet()
    network(torch.randn(4, 3, 128, 128))  # the norms see something that is not zero
    torch.nn.init.normal_(network.head[1].weight, std=0.1)
    return network.eval()


@pytest.mark.parametrize("size", [(128, 128), (320, 256), (64, 192)])
def test_the_graph_says_what_the_network_says(network, size):
    pictures = torch.rand(1, 3, *size) * 2 - 1
    session = onnxruntime.InferenceSession(onnx_of(network))
    found = session.run(None, {"pictures": pictures.numpy()})
    with torch.inference_mode():
        for mine, theirs in zip(network(pictures), found, strict=True):
            assert np.abs(mine.numpy() - theirs).max() < 0.02  # weights are kept in sixteen bits


def test_serving_reads_the_maps_as_training_does(network):
    with torch.inference_mode():
        levels = network(torch.rand(1, 3, 128, 192) * 2 - 1)
    candidates = read([level.numpy() for level in levels])
    logits, boxes, points = (
        torch.cat(parts, dim=1)[0].numpy()
        for parts in zip(*(decoded(level, s) for level, s in zip(levels, STRIDES_PX, strict=True)), strict=True)
    )
    assert np.allclose(candidates.scores, 1 / (1 + np.exp(-logits)), atol=1e-5)
    assert np.allclose(candidates.corners[:, 2:] - candidates.corners[:, :2], boxes[:, 2:], rtol=1e-4)
    assert np.allclose((candidates.corners[:, 2:] + candidates.corners[:, :2]) / 2, boxes[:, :2], atol=1e-3)
    assert np.allclose(candidates.points, points, atol=1e-3)


def test_the_graph_is_small_and_the_same_every_time(network):
    assert len(onnx_of(network)) <= 400_000
    assert onnx_of(network) == onnx_of(network)
