import numpy as np
import pytest
import torch
from torch import nn

from models.detection.refinement import SIDE_PX
from models.networks.face_refiner import FaceRefinerNet
from models.training.detector.following import follow, rate
from models.training.detector.pictures import Entry, Pictures
from models.training.detector.refine import losses, proposed, train
from models.training.detector.squares import Cutter, Squares


@pytest.fixture(scope="module")
def pictures():
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, 2 * 96 * 96 * 3).astype(np.uint8)
    face = [20.0, 20.0, 50.0, 60.0, 35, 40, 55, 40, 45, 52, 37, 65, 53, 65]
    return Pictures([Entry("face", 0, 96, 96, face), Entry("none", 96 * 96 * 3, 96, 96, None)], pixels)


def test_saying_where_the_face_is_costs_nothing_but_the_doubt():
    places = np.zeros((2, 14), np.float32)
    squares = Squares(np.zeros((2, SIDE_PX, SIDE_PX, 3), np.uint8), np.array([True, False]), places)
    right = torch.zeros(2, 15)
    right[:, 0] = torch.tensor([20.0, -20.0])
    wrong = right.clone()
    wrong[0, 5:] = 0.5
    assert losses(right, squares)[0] == pytest.approx(0, abs=1e-4)
    assert losses(wrong, squares)[0] == pytest.approx(12 * 0.5, rel=1e-3)


def test_a_moment_of_training_changes_the_weights_and_the_average_follows(pictures, tmp_path):
    torch.manual_seed(0)
    network = FaceRefinerNet()
    before = network.head.weight.detach().clone()
    cutter = Cutter(pictures, proposed(pictures, tmp_path / "seen.npz"), np.random.default_rng(2))
    average = train(cutter, network, minutes=0.02)
    assert not torch.equal(before, network.head.weight)
    assert isinstance(average, FaceRefinerNet)


def test_the_rate_rises_shortly_and_falls_to_its_floor():
    rates = [rate(share, warm_up=0.1, floor=0.01) for share in (0.0, 0.05, 0.1, 0.55, 1.0)]
    assert rates == pytest.approx([0.02, 0.5, 1.01, 0.51, 0.01])


def test_the_average_keeps_up_at_first_and_is_slow_later():
    average, network = nn.Linear(1, 1), nn.Linear(1, 1)
    nn.init.zeros_(average.weight)
    nn.init.ones_(network.weight)
    follow(average, network, step=0)
    assert average.weight.item() == pytest.approx(1)
    nn.init.zeros_(average.weight)
    follow(average, network, step=10_000)
    assert average.weight.item() == pytest.approx(1 / 300)
