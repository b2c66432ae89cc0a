"""How unusual a picture is among real faces: Lee et al., A Simple Unified Framework (NeurIPS 2018), one class.

The squared Mahalanobis distance of a picture's features from those of the training's real faces becomes an output of
the network itself: it costs one small product, and the network's hash covers it.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from models.artifacts import STRANGENESS

Floats = NDArray[np.float64]

_SHRINKAGE = 1e-3
"""Of the mean variance, added to each: a direction in which the faces do not differ must not decide alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """What real faces look like to a network: squared distance = |(features - centre) @ whitening|²."""

    centre: Floats
    whitening: Floats

    @classmethod
    def fitted(cls, features: Floats) -> "Usual":
        """From the (N, C) features of real faces."""
        centre, channels = features.mean(0), features.shape[1]
        covariance = np.cov(features.T).reshape(channels, channels)
        shrunk = covariance + _SHRINKAGE * max(np.trace(covariance) / channels, 1e-9) * np.eye(channels)
        variances, directions = np.linalg.eigh(shrunk)
        return cls(centre, directions / np.sqrt(variances))

    def distances(self, features: Floats) -> Floats:
        """(N, C) -> (N,) squared distances."""
        return (((features - self.centre) @ self.whitening) ** 2).sum(1)

    def limited(self, limit: float) -> "Usual":
        """The same, in units in which `limit` is 1."""
        return Usual(self.centre, self.whitening / np.sqrt(limit))


def with_strangeness(model: bytes, usual: Usual) -> bytes:
    """The network with one output more, `strangeness` (N,), computed from its output `features`."""
    network = onnx.load_model_from_string(model)
    graph = network.graph
    weights = {"usual": usual.centre, "whitening": usual.whitening}
    graph.initializer.extend(
        numpy_helper.from_array(values.astype(np.float32), name) for name, values in weights.items()
    )
    graph.node.extend(
        [
            helper.make_node("Sub", ["features", "usual"], ["unusual"]),
            helper.make_node("MatMul", ["unusual", "whitening"], ["whitened"]),
            helper.make_node("ReduceSumSquare", ["whitened"], [STRANGENESS], axes=[1], keepdims=0),
        ]
    )
    graph.output.append(helper.make_tensor_value_info(STRANGENESS, TensorProto.FLOAT, ["n"]))
    onnx.checker.check_model(network)
    return network.SerializeToString(deterministic=True)
