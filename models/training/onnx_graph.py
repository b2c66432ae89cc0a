"""The folded student as an ONNX graph, node by node: nothing in it but convolutions, ReLU, a mean and one product."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from models.networks.student import INPUT_PX, Student

_OPSET = 17
_IR_VERSION = 8


def onnx_of(folded: Student, size_px: int = INPUT_PX) -> bytes:
    """Serialise a folded student: `pictures` (N, 3, size_px, size_px) float32 -> `logits` (N,), `features` (N, C).

    `features` are what the last linear unit sees. The same weights give the same bytes.
    """
    nodes, weights = [], []
    below = "pictures"
    for number, conv in enumerate(folded.convolutions()):
        weights += [_tensor(f"{name}{number}", values) for name, values in conv.named_parameters()]
        convolved, below_next = f"convolved{number}", f"maps{number}"
        nodes.append(
            helper.make_node(
                "Conv",
                [below, f"weight{number}", f"bias{number}"],
                [convolved],
                kernel_shape=[3, 3],
                pads=[1, 1, 1, 1],
                strides=list(conv.stride),
            )
        )
        nodes.append(helper.make_node("Relu", [convolved], [below_next]))
        below = below_next
    weights += [_tensor("head", folded.head.weight), _tensor("head_bias", folded.head.bias)]
    weights.append(numpy_helper.from_array(np.array([-1], dtype=np.int64), "flat"))
    nodes += [
        helper.make_node("GlobalAveragePool", [below], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["features"]),
        helper.make_node("Gemm", ["features", "head", "head_bias"], ["column"], transB=1),
        helper.make_node("Reshape", ["column", "flat"], ["logits"]),
    ]
    pictures = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, size_px, size_px])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n"])
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", folded.head.in_features])
    graph = helper.make_graph(nodes, "student", [pictures], [logits, features], weights)
    return _checked(graph).SerializeToString(deterministic=True)


def _checked(graph: onnx.GraphProto) -> onnx.ModelProto:
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model


def _tensor(name: str, values: Tensor) -> onnx.TensorProto:
    return numpy_helper.from_array(values.detach().numpy(), name)
