import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from models.networks.real_vs_ai import INPUT_PX, RealVsAI, Spectrum
from models.training.generated.graph import onnx_of


@pytest.fixture(scope="module")
def network() -> RealVsAI:
    torch.manual_seed(3)
    network = RealVsAI()
    for norm in network.modules():
        if isinstance(norm, nn.BatchNorm1d):
            nn.init.normal_(norm.running_mean, std=0.3)
            nn.init.uniform_(norm.running_var, 0.5, 2)
            nn.init.normal_(norm.bias, std=0.2)
    return network.eval()


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    torch.manual_seed(5)
    return torch.randn(2, 3, INPUT_PX, INPUT_PX)


def test_the_cosines_are_orthonormal_so_that_no_frequency_counts_twice():
    luma = Spectrum().cosines.weight[:63, 1].flatten(1) / 0.587
    torch.testing.assert_close(luma @ luma.T, torch.eye(63), atol=1e-5, rtol=0)


def test_flat_pictures_look_alike_whatever_their_colour():
    colours = torch.tensor([[0.9, 0.9, 0.9], [-1.0, 0.0, 1.0]])
    grey, tinted = Spectrum()(colours[:, :, None, None].expand(2, 3, 224, 224))
    torch.testing.assert_close(grey, tinted, atol=1e-3, rtol=0)


def test_the_cosines_stay_as_they_are_while_the_rest_learns(network):
    fixed = [name for name, weight in network.named_parameters() if not weight.requires_grad]
    assert fixed == ["spectrum.cosines.weight"]


def test_the_served_graph_gives_the_logits_of_the_trained_network(network, pictures):
    session = onnxruntime.InferenceSession(onnx_of(network))
    (served,) = session.run(["logits"], {"pictures": pictures.numpy()})
    with torch.inference_mode():
        np.testing.assert_allclose(served, network(pictures).numpy(), atol=1e-4)


def test_the_network_stays_small(network):
    assert sum(weight.numel() for weight in network.parameters()) == 73_241
    assert len(onnx_of(network)) < 2_000_000
