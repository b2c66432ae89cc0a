"""A classifier in eight bits: weights a channel, activations a tensor, ranges from calibration pictures."""

import logging
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

_IN_EIGHT_BITS = ["Conv", "Relu", "MaxPool", "AveragePool", "Concat", "Add"]
"""The head stays in 32 bits: it costs nothing, and its rounding would go straight into the logit."""


def in_eight_bits(model: bytes, pictures: NDArray[np.float32]) -> bytes:
    """Quantise an ONNX classifier statically (QDQ); `pictures` (N, 3, H, W) are normalised as it wants them.

    Weights take seven bits: products of eight saturate on processors without VNNI, and there one logit moved by three.
    """
    logging.getLogger().addFilter(_says_nothing_new)
    try:
        with TemporaryDirectory() as folder:
            full, eight = Path(folder) / "full.onnx", Path(folder) / "eight.onnx"
            full.write_bytes(model)
            quantize_static(
                full,
                eight,
                _Pictures(pictures),
                quant_format=QuantFormat.QDQ,
                op_types_to_quantize=_IN_EIGHT_BITS,
                per_channel=True,
                reduce_range=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
            )
            return eight.read_bytes()
    finally:
        logging.getLogger().removeFilter(_says_nothing_new)


class _Pictures(CalibrationDataReader):
    def __init__(self, pictures: NDArray[np.float32]) -> None:
        self._left: Iterator[NDArray[np.float32]] = iter(pictures)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """One picture, None when there are no more."""
        picture = next(self._left, None)
        return None if picture is None else {"pictures": picture[None]}


def _says_nothing_new(line: logging.LogRecord) -> bool:
    """Drop the advice to simplify the graph first: the session does that when it loads."""
    return "pre-processing" not in line.getMessage()
