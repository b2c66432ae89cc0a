import pytest
import torch

from models.networks.resnet50 import ResNet50

BLOCKS = {"layer1": 3, "layer2": 4, "layer3": 6, "layer4": 3}
NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


def torchvisions_keys() -> set[str]:
    """Names in a ResNet-50 checkpoint of torchvision, written down from its naming: layerL.B.convN, bnN, downsample."""
    keys = {"conv1.weight", "fc.weight", "fc.bias", *(f"bn1.{part}" for part in NORM)}
    for layer, blocks in BLOCKS.items():
        for block in range(blocks):
            for number in (1, 2, 3):
                keys.add(f"{layer}.{block}.conv{number}.weight")
                keys |= {f"{layer}.{block}.bn{number}.{part}" for part in NORM}
        keys.add(f"{layer}.0.downsample.0.weight")
        keys |= {f"{layer}.0.downsample.1.{part}" for part in NORM}
    return keys


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(3)
    return ResNet50()


def test_the_state_has_torchvisions_320_names(network):
    assert set(network.state_dict()) == torchvisions_keys()
    assert len(torchvisions_keys()) == 320


def test_shapes_are_torchvisions(network):
    state = network.state_dict()
    assert state["conv1.weight"].shape == (64, 3, 7, 7)
    assert state["layer1.0.downsample.0.weight"].shape == (256, 64, 1, 1)
    assert state["layer3.5.conv2.weight"].shape == (256, 256, 3, 3)
    assert state["layer4.0.conv3.weight"].shape == (2048, 512, 1, 1)
    with torch.inference_mode():
        shapes = [tuple(level.shape) for level in network.eval().levels(torch.zeros(1, 3, 64, 64))]
    assert shapes == [(1, 512, 8, 8), (1, 1024, 4, 4), (1, 2048, 2, 2)]


def test_feature_extraction_moves_the_last_layer_only_and_fine_tuning_all(network):
    network.extract_features()
    network.train()
    mean_before = network.bn1.running_mean.clone()
    network(torch.randn(2, 3, 32, 32)).sum().backward()
    assert [name for name, weights in network.named_parameters() if weights.grad is not None] == [
        "fc.weight",
        "fc.bias",
    ]
    assert torch.equal(network.bn1.running_mean, mean_before)

    network.fine_tune()
    network.train()
    network(torch.randn(2, 3, 32, 32)).sum().backward()
    assert all(weights.grad is not None for weights in network.parameters())
    assert not torch.equal(network.bn1.running_mean, mean_before)
