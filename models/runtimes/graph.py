"""An ONNX classifier as a torch module: the same nodes and weights, so that nothing is shipped twice."""

from collections.abc import Callable, Mapping
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from models.artifacts import ArtifactError

Attributes = Mapping[str, Any]


class Graph(nn.Module):
    """Runs an ONNX graph node by node: (N, 3, H, W) float32 -> its outputs by name; raises `ArtifactError`."""

    def __init__(self, model: bytes) -> None:
        """Read nodes and weights; a graph with a node that is not known here is refused at once."""
        super().__init__()
        graph = onnx.load_model_from_string(model).graph
        constants = {node.output[0]: node.attribute[0].t for node in graph.node if node.op_type == "Constant"}
        weights = {**{tensor.name: tensor for tensor in graph.initializer}, **constants}
        nodes = [node for node in graph.node if node.op_type != "Constant"]
        unknown = sorted({node.op_type for node in nodes} - _NODES.keys())
        if unknown:
            raise ArtifactError(f"The torch runtime does not know the ONNX nodes {', '.join(unknown)}.")
        self._nodes = [(node.op_type, list(node.input), list(node.output), _attributes(node)) for node in nodes]
        self._input = graph.input[0].name
        self._outputs = [output.name for output in graph.output]
        self._names = {name: f"weight_{number}" for number, name in enumerate(weights)}
        for name, tensor in weights.items():
            # A copy: what ONNX hands out is read-only memory.
            self.register_buffer(self._names[name], torch.from_numpy(numpy_helper.to_array(tensor).copy()))

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        """Every output of the graph by its name."""
        known: dict[str, Tensor] = {name: getattr(self, kept) for name, kept in self._names.items()}
        known[self._input] = pictures
        for kind, inputs, outputs, attributes in self._nodes:
            made = _NODES[kind](attributes, *(known[name] if name else None for name in inputs))
            known[outputs[0]] = made
        return {name: known[name] for name in self._outputs}


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}


def _conv(a: Attributes, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    x, padding = _padded(a, x, 0.0)
    return functional.conv2d(x, weight, bias, a.get("strides", 1), padding, a.get("dilations", 1), a.get("group", 1))


def _max_pool(a: Attributes, x: Tensor) -> Tensor:
    x, padding = _padded(a, x, float("-inf"))
    rounds_up = bool(a.get("ceil_mode", 0))
    return functional.max_pool2d(x, a["kernel_shape"], a.get("strides", 1), padding, ceil_mode=rounds_up)


def _average_pool(a: Attributes, x: Tensor) -> Tensor:
    pads = a.get("pads", [0, 0, 0, 0])
    if pads[:2] != pads[2:]:
        raise ArtifactError("The torch runtime knows no average pool with uneven edges.")
    counts_edges = bool(a.get("count_include_pad", 0))
    return functional.avg_pool2d(
        x, a["kernel_shape"], a.get("strides", 1), pads[:2], bool(a.get("ceil_mode", 0)), counts_edges
    )


def _gemm(a: Attributes, x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    left = x.T if a.get("transA", 0) else x
    right = weight.T if a.get("transB", 0) else weight
    product = a.get("alpha", 1.0) * (left @ right)
    return product if bias is None else product + a.get("beta", 1.0) * bias


def _batch_norm(a: Attributes, x: Tensor, gain: Tensor, bias: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
    return functional.batch_norm(x, mean, variance, gain, bias, eps=a.get("epsilon", 1e-5))


def _reduced(reduce: Callable[..., Tensor], a: Attributes, x: Tensor, axes: Tensor | None = None) -> Tensor:
    over = a.get("axes", None if axes is None else axes.tolist()) or list(range(x.ndim))
    return reduce(x, dim=over, keepdim=bool(a.get("keepdims", 1)))


def _reshape(_: Attributes, x: Tensor, shape: Tensor) -> Tensor:
    return x.reshape([x.shape[place] if side == 0 else side for place, side in enumerate(shape.tolist())])


def _squeeze(a: Attributes, x: Tensor, axes: Tensor | None = None) -> Tensor:
    over = a.get("axes", None if axes is None else axes.tolist())
    return x.squeeze() if over is None else x.squeeze(tuple(over))


def _clip(_: Attributes, x: Tensor, low: Tensor | None = None, high: Tensor | None = None) -> Tensor:
    return x.clamp(low, high)


def _padded(a: Attributes, x: Tensor, value: float) -> tuple[Tensor, list[int]]:
    """Torch pads both ends alike; uneven edges, as of a stride that does not fit, are added beforehand."""
    top, left, bottom, right = a.get("pads", [0, 0, 0, 0])
    if (top, left) == (bottom, right):
        return x, [top, left]
    return functional.pad(x, [left, right, top, bottom], value=value), [0, 0]


_NODES: Mapping[str, Callable[..., Tensor]] = {
    "Add": lambda _, x, y: x + y,
    "AveragePool": _average_pool,
    "BatchNormalization": _batch_norm,
    "Clip": _clip,
    "Concat": lambda a, *parts: torch.cat(parts, a["axis"]),
    "Conv": _conv,
    "Div": lambda _, x, y: x / y,
    "Dropout": lambda _, x, *_unused: x,
    "Flatten": lambda a, x: x.flatten(a.get("axis", 1)),
    "Gemm": _gemm,
    "GlobalAveragePool": lambda _, x: x.mean((2, 3), keepdim=True),
    "Identity": lambda _, x: x,
    "MatMul": lambda _, x, y: x @ y,
    "MaxPool": _max_pool,
    "Mul": lambda _, x, y: x * y,
    "ReduceMean": lambda a, x, *axes: _reduced(torch.mean, a, x, *axes),
    "ReduceSumSquare": lambda a, x, *axes: _reduced(torch.sum, a, x.square(), *axes),
    "Relu": lambda _, x: torch.relu(x),
    "Reshape": _reshape,
    "Sigmoid": lambda _, x: torch.sigmoid(x),
    "Squeeze": _squeeze,
    "Sub": lambda _, x, y: x - y,
}
"""What classifiers are made of; anything else is refused by its name."""
