"""Any network as an ONNX graph, by torch's own exporter."""

import copy
import io
import math
import warnings

import torch
from torch import Tensor, nn

_OPSET = 17


def onnx_bytes(network: nn.Module, size_px: int) -> bytes:
    """Serialise: `pictures` (N, 3, size_px, size_px) float32 -> `logits` (N,), with any N."""
    example = torch.zeros(2, 3, size_px, size_px)
    graph = io.BytesIO()
    with warnings.catch_warnings():
        # torch's newer exporter wants a further package; this one writes what we need, and the pin of torch keeps it.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", torch.jit.TracerWarning)  # type: ignore[attr-defined]  # not in its __all__
        torch.onnx.export(
            _without_uneven_pools(network).eval(),
            (example,),
            graph,  # type: ignore[arg-type]  # this exporter takes an open file too, which the stub leaves out
            dynamo=False,
            opset_version=_OPSET,
            input_names=["pictures"],
            output_names=["logits"],
            dynamic_axes={"pictures": {0: "n"}, "logits": {0: "n"}},
        )
    return graph.getvalue()


class EvenOrUnevenPool(nn.Module):
    """Adaptive average pool as two products, which ONNX can say for any size: (N, C, H, W) -> (N, C, cells, cells).

    ONNX has no adaptive pool, and torch exports its own only where the cells divide the side.
    """

    def __init__(self, cells: int) -> None:
        super().__init__()
        self.cells = cells

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, cells, cells)."""
        height, width = int(features.shape[2]), int(features.shape[3])
        return _means(height, self.cells) @ features @ _means(width, self.cells).T


def _means(side: int, cells: int) -> Tensor:
    """(cells, side): row i averages what torch's adaptive pool puts into cell i."""
    rows = torch.zeros(cells, side)
    for cell in range(cells):
        begin, end = cell * side // cells, math.ceil((cell + 1) * side / cells)
        rows[cell, begin:end] = 1 / (end - begin)
    return rows


def _without_uneven_pools(network: nn.Module) -> nn.Module:
    changed = copy.deepcopy(network)
    for module in changed.modules():
        for name, child in module.named_children():
            if (
                isinstance(child, nn.AdaptiveAvgPool2d)
                and isinstance(child.output_size, int)
                and child.output_size != 1
            ):
                setattr(module, name, EvenOrUnevenPool(child.output_size))
    return changed
