"""What holds for every classifier network, and what each one's source says of it."""

import pytest
import torch
from torch import nn

from models.networks.build import BUILDERS, UnknownNetwork, build
from models.networks.inception_style import InceptionStyle
from models.networks.real_vs_placeholder import RealVsPlaceholder
from models.networks.resnet_style import ResNetStyle

PARAMETERS = {
    "real_vs_placeholder": 30_796_417,
    "inception_style": 25_462_081,
    "resnet_style": 11_177_025,
    "inception_resnet_v1": 23_483_137,
    "resnet50": 23_508_032 + 2_049,  # torchvision's without its last layer, and one logit
}
SMALL_INPUT_PX = {"inception_resnet_v1": 80}


def pictures(name: str, count: int = 2) -> torch.Tensor:
    side = SMALL_INPUT_PX.get(name, 64)
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("name", "parameters"), PARAMETERS.items())
def test_a_network_has_as_many_parameters_as_its_card_says(name, parameters):
    assert sum(weights.numel() for weights in build(name).parameters()) == parameters


@pytest.mark.parametrize("name", BUILDERS)
def test_every_picture_gets_one_finite_logit_and_every_parameter_a_gradient(name):
    torch.manual_seed(5)
    network = build(name)
    logits = network(pictures(name))
    assert logits.shape == (2,)
    assert torch.isfinite(logits).all()
    logits.sum().backward()
    assert [weights for weights, tensor in network.named_parameters() if tensor.grad is None] == []


@pytest.mark.parametrize("name", BUILDERS)
def test_one_picture_alone_scores_as_it_does_among_others(name):
    torch.manual_seed(5)
    network = build(name).eval()
    both = pictures(name)
    with torch.inference_mode():
        assert network(both[:1]).item() == pytest.approx(network(both)[0].item(), abs=1e-4)


def test_a_network_that_nobody_wrote_is_named_with_those_there_are():
    with pytest.raises(UnknownNetwork, match=r"no network called 'vgg'.*resnet50"):
        build("vgg")


@pytest.mark.parametrize("network", [RealVsPlaceholder, InceptionStyle, ResNetStyle])
def test_convolutions_start_with_kaimings_spread(network):
    torch.manual_seed(7)
    wide = [layer for layer in network().modules() if isinstance(layer, nn.Conv2d) and layer.weight.numel() > 100_000]
    for layer in wide:
        receives = layer.weight[0].numel()
        gives = layer.out_channels * layer.weight[0, 0].numel()
        spread = layer.weight.std().item()
        assert min(abs(spread / (2 / fan) ** 0.5 - 1) for fan in (receives, gives)) < 0.02
    assert len(wide) > 2


def test_dense_layers_of_real_vs_placeholder_start_with_xaviers_bounds():
    torch.manual_seed(7)
    for layer in RealVsPlaceholder().head.modules():
        if isinstance(layer, nn.Linear):
            bound = (6 / (layer.in_features + layer.out_features)) ** 0.5
            assert layer.weight.abs().max().item() == pytest.approx(bound, rel=0.02)
            assert layer.bias.abs().max().item() == 0


def test_an_inception_module_lays_four_paths_side_by_side():
    network = InceptionStyle().eval()
    with torch.inference_mode():
        features = network.features(network.stem(torch.zeros(1, 3, 224, 224)))
    assert features.shape == (1, 4 * 512, 7, 7)
    assert [module.p for module in network.head if isinstance(module, nn.Dropout)] == [0.5]
