"""The trained network as an ONNX graph, node by node: cosines, logarithms, means, spreads and three products."""

from collections.abc import Iterator

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.networks.real_vs_ai import FAINTEST, INPUT_PX, LEAST_VARIANCE, MIDDLE, RealVsAI

_OPSET = 17
_IR_VERSION = 8


def onnx_of(network: RealVsAI) -> bytes:
    """Serialise an evaluated network: `pictures` (N, 3, 224, 224) float32 -> `logits` (N,)."""
    layers = network.products()
    nodes = [
        helper.make_node("Conv", ["pictures", "cosines"], ["waves"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Abs", ["waves"], ["magnitudes"]),
        helper.make_node("Add", ["magnitudes", "faintest"], ["lifted"]),
        helper.make_node("Log", ["lifted"], ["all"]),
        helper.make_node("Slice", ["all", "from", "to", "axes"], ["middle"]),
        *_summed_up("all"),
        *_summed_up("middle"),
        helper.make_node("Concat", ["all_mean", "all_spread", "middle_mean", "middle_spread"], ["maps"], axis=1),
        helper.make_node("Flatten", ["maps"], ["layer0"]),
        *_products(len(layers)),
        helper.make_node("Reshape", [f"product{len(layers) - 1}", "flat"], ["logits"]),
    ]
    tensors = {
        "cosines": network.spectrum.cosines.weight.detach().numpy(),
        "faintest": np.array(FAINTEST, np.float32),
        "least": np.array(LEAST_VARIANCE, np.float32),
        "from": np.array([MIDDLE.start] * 2),
        "to": np.array([MIDDLE.stop] * 2),
        "axes": np.array([2, 3]),
        "flat": np.array([-1]),
    }
    for number, (weight, bias) in enumerate(layers):
        tensors |= {f"weight{number}": weight.detach().numpy(), f"bias{number}": bias.detach().numpy()}
    return _model(nodes, tensors).SerializeToString(deterministic=True)


def _summed_up(waves: str) -> Iterator[onnx.NodeProto]:
    """Mean over places, and the standard deviation: the root of what the mean square has above the squared mean."""
    yield helper.make_node("GlobalAveragePool", [waves], [f"{waves}_mean"])
    yield helper.make_node("Mul", [waves, waves], [f"{waves}_squares"])
    yield helper.make_node("GlobalAveragePool", [f"{waves}_squares"], [f"{waves}_square"])
    yield helper.make_node("Mul", [f"{waves}_mean", f"{waves}_mean"], [f"{waves}_mean_squared"])
    yield helper.make_node("Sub", [f"{waves}_square", f"{waves}_mean_squared"], [f"{waves}_variance"])
    yield helper.make_node("Max", [f"{waves}_variance", "least"], [f"{waves}_at_least"])
    yield helper.make_node("Sqrt", [f"{waves}_at_least"], [f"{waves}_spread"])


def _products(layers: int) -> Iterator[onnx.NodeProto]:
    for number in range(layers):
        inputs = [f"layer{number}", f"weight{number}", f"bias{number}"]
        yield helper.make_node("Gemm", inputs, [f"product{number}"], transB=1)
        if number < layers - 1:
            yield helper.make_node("Relu", [f"product{number}"], [f"layer{number + 1}"])


def _model(nodes: list[onnx.NodeProto], tensors: dict[str, NDArray]) -> onnx.ModelProto:
    pictures = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, INPUT_PX, INPUT_PX])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n"])
    weights = [numpy_helper.from_array(values, name) for name, values in tensors.items()]
    graph = helper.make_graph(nodes, "real_vs_ai", [pictures], [logits], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model
