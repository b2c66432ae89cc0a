import pytest
from torch import nn

from models.networks.build import build
from models.networks.counting import Count, count


def test_a_layer_is_counted_by_hand():
    network = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 4 * 4, 5))
    assert count(network, 8) == Count(
        parameters=8 * 3 * 9 + 8 + 5 * 128 + 5,
        macs=16 * 8 * 27 + 5 * 128,
    )
    assert network.training


@pytest.mark.parametrize(
    ("name", "size_px", "gmac"),
    [
        ("resnet50", 224, 4.09),  # He et al. give 3.8 with the stride in the first 1×1; torchvision's has it in the 3×3
        ("inception_resnet_v1", 160, 1.42),
    ],
)
def test_published_networks_cost_what_is_published(name, size_px, gmac):
    assert count(build(name), size_px).gmac == pytest.approx(gmac, rel=0.01)
