import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from models.networks.build import build
from models.training.network_onnx import EvenOrUnevenPool, onnx_bytes


@pytest.mark.parametrize(
    ("name", "size_px"),
    [("real_vs_placeholder", 32), ("inception_resnet_v1", 80), ("resnet50", 32), ("resnet_style", 32)],
)
def test_the_graph_gives_the_networks_logits_for_any_number_of_pictures(name, size_px):
    torch.manual_seed(2)
    network = build(name).eval()
    session = onnxruntime.InferenceSession(onnx_bytes(network, size_px), providers=["CPUExecutionProvider"])
    for number in (1, 3):
        pictures = torch.randn(number, 3, size_px, size_px)
        with torch.inference_mode():
            wanted = network(pictures).numpy()
        (logits,) = session.run(["logits"], {"pictures": pictures.numpy()})
        assert logits.shape == (number,)
        assert np.abs(logits - wanted).max() < 1e-3 * max(1, np.abs(wanted).max())


@pytest.mark.parametrize("side", [4, 7, 8, 10, 28])
def test_the_pool_as_products_is_torchs_adaptive_pool(side):
    features = torch.randn(2, 3, side, side + 1)
    assert torch.allclose(EvenOrUnevenPool(7)(features), nn.AdaptiveAvgPool2d(7)(features), atol=1e-5)
