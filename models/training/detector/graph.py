"""The detector as an ONNX graph: batch norms folded, weights stored in sixteen bits and run in thirty-two."""

from typing import cast

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from models.networks.face_detector import VALUES, FaceDetectorNet

_OPSET = 17
_IR_VERSION = 8


def onnx_of(network: FaceDetectorNet) -> bytes:
    """Serialise a trained network: `pictures` (n, 3, h, w) float32 -> `small` (n, 15, h/16, w/16), `large` at h/32.

    The same weights give the same bytes.
    """
    graph = _Graph()
    middle = graph.blocks(graph.blocks("pictures", network.stride8), network.stride16)
    coarse = graph.blocks(middle, network.stride32)
    context = graph.doubled(graph.blocks(coarse, nn.Sequential(network.context)))
    merged = graph.sum_relu(graph.conv(coarse, network.narrow32), context)
    large = graph.blocks(merged, nn.Sequential(network.merge32))
    merged = graph.sum_relu(graph.conv(middle, network.narrow16), graph.doubled(large))
    small = graph.blocks(merged, nn.Sequential(network.merge16))
    for name, features in (("small", small), ("large", large)):
        narrow, last = network.head
        graph.conv(graph.blocks(features, nn.Sequential(narrow)), cast("nn.Conv2d", last), name=name)
    return graph.model().SerializeToString(deterministic=True)


def folded(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weight (C, Ci, 3, 3) and bias (C,) of the one convolution that does what both do in evaluation."""
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None  # noqa: S101 - a norm without statistics cannot be folded, and ours all keep them
    assert variance is not None  # noqa: S101
    gain = norm.weight / (variance + norm.eps).sqrt()
    return convolution.weight * gain[:, None, None, None], norm.bias - mean * gain


class _Graph:
    """Collects nodes and weights; each method returns the name of what it computes."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []
        self._made = 0
        self._kept: dict[int, str] = {}

    def blocks(self, below: str, blocks: nn.Sequential) -> str:
        """Convolution, norm and ReLU, as often as there are blocks."""
        for block in blocks:
            convolution, norm, _ = cast("nn.Sequential", block)
            weight, bias = folded(cast("nn.Conv2d", convolution), cast("nn.BatchNorm2d", norm))
            convolved = self._convolved(below, cast("nn.Conv2d", convolution), weight, bias, self._name())
            below = self._node("Relu", [convolved])
        return below

    def conv(self, below: str, convolution: nn.Conv2d, name: str | None = None) -> str:
        """A convolution alone."""
        bias = cast("Tensor", convolution.bias)
        return self._convolved(below, convolution, convolution.weight, bias, name or self._name())

    def doubled(self, below: str) -> str:
        """Each cell repeated as two by two."""
        scales = self._kept_once("scales", np.array([1, 1, 2, 2], np.float32))
        nearest = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return self._node("Resize", [below, "", scales], **nearest)

    def sum_relu(self, one: str, other: str) -> str:
        """What is above zero of the sum."""
        return self._node("Relu", [self._node("Add", [one, other])])

    def model(self) -> onnx.ModelProto:
        """The whole, checked."""
        pictures = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, "h", "w"])
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", VALUES, f"rows_{name}", f"columns_{name}"])
            for name in ("small", "large")
        ]
        graph = helper.make_graph(self._nodes, "face_detector", [pictures], outputs, self._weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
        onnx.checker.check_model(model)
        return model

    def _convolved(self, below: str, convolution: nn.Conv2d, weight: Tensor, bias: Tensor, name: str) -> str:
        self._nodes.append(
            helper.make_node(
                "Conv",
                [below, self._stored(convolution, "weight", weight), self._stored(convolution, "bias", bias)],
                [name],
                kernel_shape=list(convolution.kernel_size),
                pads=[*convolution.padding, *convolution.padding],
                strides=list(convolution.stride),
            )
        )
        return name

    def _stored(self, owner: nn.Conv2d, role: str, values: Tensor) -> str:
        """A weight in half precision and its cast, once however often the convolution is used."""
        key = f"{role}{self._kept.setdefault(id(owner), str(len(self._kept)))}"
        halves = self._kept_once(f"{key}_half", values.detach().numpy().astype(np.float16))
        if not any(key in node.output for node in self._nodes):
            self._nodes.append(helper.make_node("Cast", [halves], [key], to=TensorProto.FLOAT))
        return key

    def _kept_once(self, name: str, values: np.ndarray) -> str:
        if not any(weight.name == name for weight in self._weights):
            self._weights.append(numpy_helper.from_array(values, name))
        return name

    def _node(self, operation: str, inputs: list[str], **attributes: str) -> str:
        name = self._name()
        self._nodes.append(helper.make_node(operation, inputs, [name], **attributes))
        return name

    def _name(self) -> str:
        self._made += 1
        return f"features{self._made}"
