"""The first look's network, read back from an artifact: for going on with it, and for publishing it anew."""

from collections.abc import Iterator

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from models.networks.face_detector import FaceDetectorNet
from models.training.detector.graph import FIRST_LOOK


def network_of(model: bytes) -> FaceDetectorNet:
    """The network that `graph.onnx_of` wrote; its batch norms, folded then, do nothing now."""
    halves = {half.name: half.g for half in onnx.load_model_from_string(model).graph.node[0].attribute}
    kept = {tensor.name: numpy_helper.to_array(tensor) for tensor in halves[FIRST_LOOK].initializer}
    network = FaceDetectorNet().eval()
    for number, (convolution, norm) in enumerate(_in_graph_order(network)):
        weight, bias = _values(kept, f"weight{number}"), _values(kept, f"bias{number}")
        convolution.weight = nn.Parameter(weight)
        if norm is None:
            convolution.bias = nn.Parameter(bias)
        else:
            nn.init.constant_(norm.weight, (1 + norm.eps) ** 0.5)
            norm.bias = nn.Parameter(bias)
    return network


def _in_graph_order(network: FaceDetectorNet) -> Iterator[tuple[nn.Conv2d, nn.BatchNorm2d | None]]:
    blocks = [*network.stride8, *network.stride16, *network.stride32, network.context, network.narrow32]
    blocks += [network.merge32, network.narrow16, network.merge16, *network.head]
    for block in blocks:
        yield (block, None) if isinstance(block, nn.Conv2d) else (block[0], block[1])


def _values(kept: dict[str, np.ndarray], name: str) -> Tensor:
    if f"{name}_half" in kept:
        return torch.from_numpy(kept[f"{name}_half"].astype(np.float32))
    return torch.from_numpy(kept[f"{name}_byte"].astype(np.float32) * kept[f"{name}_scale"])
