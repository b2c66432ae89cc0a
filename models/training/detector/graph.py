"""The detector as an ONNX graph: batch norms folded, kernels kept in eight bits a weight and run in thirty-two."""

from typing import Any, cast

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from models.detection import refinement
from models.networks.face_detector import VALUES, FaceDetectorNet
from models.networks.face_refiner import FaceRefinerNet

_OPSET = 17
_IR_VERSION = 8
_KERNEL_AXES = 4
_LARGEST = 127


FIRST_LOOK, CLOSER_LOOK = "else_branch", "then_branch"
"""The halves of the graph, by ONNX's names for what `closely` chooses between."""


def onnx_of(network: FaceDetectorNet, refiner: FaceRefinerNet) -> bytes:
    """Serialise both trained networks as one graph: `pictures` (n, 3, h, w) float32 and `closely`, () bool.

    Not closely, it gives `small` (n, 15, h/16, w/16) and `large` at h/32 of whole pictures; closely, `refined` (n, 15)
    of squares of 64 px. What was not asked for is empty. The same weights give the same bytes.
    """
    halves = {FIRST_LOOK: _first_look(network), CLOSER_LOOK: _closer_look(refiner)}
    choice = helper.make_node("If", ["closely"], ["small", "large", "refined"], **halves)
    inputs = [
        helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, "h", "w"]),
        helper.make_tensor_value_info("closely", TensorProto.BOOL, []),
    ]
    graph = helper.make_graph([choice], "face_detector", inputs, _outputs())
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def _outputs() -> list[onnx.ValueInfoProto]:
    maps = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", VALUES, f"rows_{name}", f"columns_{name}"])
        for name in ("small", "large")
    ]
    return [*maps, helper.make_tensor_value_info("refined", TensorProto.FLOAT, ["n", refinement.VALUES])]


def _first_look(network: FaceDetectorNet) -> onnx.GraphProto:
    half = _Half()
    small, large = _whole_pictures(half, network)
    return half.graph("first_look", [small, large, half.nothing(refinement.VALUES)])


def _closer_look(refiner: FaceRefinerNet) -> onnx.GraphProto:
    half = _Half()
    refined = half.linear(half.blocks("pictures", refiner.features), refiner.head)
    nothing = half.nothing(VALUES, 1, 1)
    return half.graph("closer_look", [nothing, nothing, refined])


def _whole_pictures(graph: "_Half", network: FaceDetectorNet) -> tuple[str, str]:
    middle = graph.blocks(graph.blocks("pictures", network.stride8), network.stride16)
    coarse = graph.blocks(middle, network.stride32)
    context = graph.doubled(graph.blocks(coarse, nn.Sequential(network.context)))
    merged = graph.sum_relu(graph.conv(coarse, network.narrow32), context)
    large = graph.blocks(merged, nn.Sequential(network.merge32))
    merged = graph.sum_relu(graph.conv(middle, network.narrow16), graph.doubled(large))
    small = graph.blocks(merged, nn.Sequential(network.merge16))
    narrow, last = network.head
    said = (graph.conv(graph.blocks(cells, nn.Sequential(narrow)), cast("nn.Conv2d", last)) for cells in (small, large))
    return next(said), next(said)


def folded(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weight (C, Ci, 3, 3) and bias (C,) of the one convolution that does what both do in evaluation."""
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None  # noqa: S101 - a norm without statistics cannot be folded, and ours all keep them
    assert variance is not None  # noqa: S101
    gain = norm.weight / (variance + norm.eps).sqrt()
    return convolution.weight * gain[:, None, None, None], norm.bias - mean * gain


class _Half:
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
            convolved = self._convolved(below, cast("nn.Conv2d", convolution), weight, bias)
            below = self._node("Relu", [convolved])
        return below

    def conv(self, below: str, convolution: nn.Conv2d) -> str:
        """A convolution alone."""
        bias = cast("Tensor", convolution.bias)
        return self._convolved(below, convolution, convolution.weight, bias)

    def linear(self, below: str, layer: nn.Linear) -> str:
        """All features of a cell map, row by row, as one vector, and what a linear layer makes of it."""
        flat = self._node("Flatten", [below])
        weights = [self._stored(layer, "weight", layer.weight), self._stored(layer, "bias", layer.bias)]
        return self._node("Gemm", [flat, *weights], transB=1)

    def doubled(self, below: str) -> str:
        """Each cell repeated as two by two."""
        scales = self._kept_once("scales", np.array([1, 1, 2, 2], np.float32))
        nearest = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        return self._node("Resize", [below, "", scales], **nearest)

    def sum_relu(self, one: str, other: str) -> str:
        """What is above zero of the sum."""
        return self._node("Relu", [self._node("Add", [one, other])])

    def nothing(self, *shape: int) -> str:
        """Answers (0, …shape) to what was not asked."""
        return self._node("Identity", [self._kept_once("nothing", np.zeros((0, *shape), np.float32))])

    def graph(self, name: str, said: list[str]) -> onnx.GraphProto:
        """The whole, with what it says under names of its own."""
        outputs = [f"{name}_{number}" for number in range(len(said))]
        self._nodes += [
            helper.make_node("Identity", [one], [output]) for one, output in zip(said, outputs, strict=True)
        ]
        told = [helper.make_tensor_value_info(output, TensorProto.FLOAT, None) for output in outputs]
        return helper.make_graph(self._nodes, name, [], told, self._weights)

    def _convolved(self, below: str, convolution: nn.Conv2d, weight: Tensor, bias: Tensor) -> str:
        weights = [self._stored(convolution, "weight", weight), self._stored(convolution, "bias", bias)]
        pads = [*convolution.padding, *convolution.padding]
        return self._node(
            "Conv",
            [below, *weights],
            kernel_shape=list(convolution.kernel_size),
            pads=pads,
            strides=list(convolution.stride),
        )

    def _stored(self, owner: nn.Module, role: str, values: Tensor) -> str:
        """A weight as it is kept and what makes it 32 bits again, once however often the layer is used.

        A kernel of many weights takes eight bits each and a scale a channel; what there is little of, or what says
        where a landmark lies, takes sixteen.
        """
        key = f"{role}{self._kept.setdefault(id(owner), str(len(self._kept)))}"
        if not any(key in node.output for node in self._nodes):
            array = values.detach().numpy()
            if array.ndim == _KERNEL_AXES and array.shape[-1] > 1:
                self._in_eight_bits(key, array)
            else:
                halves = self._kept_once(f"{key}_half", array.astype(np.float16))
                self._nodes.append(helper.make_node("Cast", [halves], [key], to=TensorProto.FLOAT))
        return key

    def _in_eight_bits(self, key: str, kernel: np.ndarray) -> None:
        scale = np.abs(kernel).max(axis=(1, 2, 3), keepdims=True) / _LARGEST
        scale = np.maximum(scale, np.finfo(np.float32).tiny).astype(np.float32)
        whole = self._kept_once(f"{key}_byte", np.round(kernel / scale).astype(np.int8))
        # Cast and product, not DequantizeLinear: ONNX Runtime computes these once, when the session starts.
        self._nodes.append(helper.make_node("Cast", [whole], [f"{key}_whole"], to=TensorProto.FLOAT))
        self._nodes.append(helper.make_node("Mul", [f"{key}_whole", self._kept_once(f"{key}_scale", scale)], [key]))

    def _kept_once(self, name: str, values: np.ndarray) -> str:
        if not any(weight.name == name for weight in self._weights):
            self._weights.append(numpy_helper.from_array(values, name))
        return name

    def _node(self, operation: str, inputs: list[str], **attributes: Any) -> str:  # noqa: ANN401 - whatever an operator takes
        name = self._name()
        self._nodes.append(helper.make_node(operation, inputs, [name], **attributes))
        return name

    def _name(self) -> str:
        self._made += 1
        return f"features{self._made}"
