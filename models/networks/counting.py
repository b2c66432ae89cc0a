"""How large a network is and how much work a picture is for it."""

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Count:
    """Parameters, and the multiply-accumulates of convolutions and dense layers for one picture."""

    parameters: int
    macs: int

    @property
    def gmac(self) -> float:
        """Billions of multiply-accumulates."""
        return self.macs / 1e9


def count(network: nn.Module, size_px: int) -> Count:
    """Send one picture of size × size px through the network and count what its layers do."""
    work: list[int] = []
    layers = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(partial(_count_layer, work)) for layer in layers]
    was_training = network.training
    try:
        with torch.inference_mode():
            network.eval()(torch.zeros(1, 3, size_px, size_px))
    finally:
        network.train(was_training)
        for hook in hooks:
            hook.remove()
    return Count(sum(weights.numel() for weights in network.parameters()), sum(work))


def _count_layer(work: list[int], layer: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
    """Every number that comes out is one product with each weight of its channel."""
    if isinstance(layer, nn.Conv2d | nn.Linear):
        work.append(output.numel() * layer.weight[0].numel())
