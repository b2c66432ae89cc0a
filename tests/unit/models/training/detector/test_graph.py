import numpy as np
import onnxruntime
import pytest
import torch

from models.detection.compact import read
from models.networks.face_detector import STRIDES_PX, FaceDetectorNet, decoded
from models.networks.face_refiner import FaceRefinerNet
from models.training.detector.graph import onnx_of
from models.training.detector.reading import network_of


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(5)
    network = FaceDetectorNet()
    network(torch.randn(4, 3, 128, 128))  # the norms see something that is not zero
    torch.nn.init.normal_(network.head[1].weight, std=0.1)
    return network.eval()


@pytest.fixture(scope="module")
def refiner():
    torch.manual_seed(6)
    refiner = FaceRefinerNet()
    refiner(torch.randn(4, 3, 64, 64))
    return refiner.eval()


@pytest.fixture(scope="module")
def session(network, refiner):
    return onnxruntime.InferenceSession(onnx_of(network, refiner))


@pytest.mark.parametrize("size", [(128, 128), (320, 256), (64, 192)])
def test_not_closely_the_graph_says_what_the_first_network_says(network, session, size):
    pictures = torch.rand(1, 3, *size) * 2 - 1
    small, large, refined = session.run(None, {"pictures": pictures.numpy(), "closely": np.array(0, bool)})
    assert refined.shape == (0, 15)
    with torch.inference_mode():
        for mine, theirs in zip(network(pictures), (small, large), strict=True):
            assert np.abs(mine.numpy() - theirs).max() < 0.05 * mine.abs().max()  # kernels are kept in eight bits


def test_closely_it_says_what_the_second_network_says(refiner, session):
    squares = torch.rand(5, 3, 64, 64) * 2 - 1
    small, large, refined = session.run(None, {"pictures": squares.numpy(), "closely": np.array(1, bool)})
    assert len(small) == len(large) == 0
    with torch.inference_mode():
        mine = refiner(squares).numpy()
    assert np.abs(mine - refined).max() < 0.05 * np.abs(mine).max()


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


def test_the_graph_is_small_and_the_same_every_time(network, refiner):
    assert len(onnx_of(network, refiner)) <= 400_000
    assert onnx_of(network, refiner) == onnx_of(network, refiner)


def test_a_network_that_was_read_back_says_the_same(network, refiner):
    pictures = torch.rand(1, 3, 128, 128) * 2 - 1
    read_back = network_of(onnx_of(network, refiner))
    with torch.inference_mode():
        for mine, theirs in zip(network(pictures), read_back(pictures), strict=True):
            assert (mine - theirs).abs().max() < 0.05 * mine.abs().max()
