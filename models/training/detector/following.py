"""What both of the detector's trainings do by the clock: how large a step is, and which weights are kept."""

import math

import torch
from torch import nn

_AVERAGE_OVER = 300
_LEAST_RATE = 0.02


def rate(share: float, *, warm_up: float, floor: float) -> float:
    """Share of the peak rate after `share` of the time: a short rise, then half a cosine down to `floor`."""
    if share < warm_up:
        return max(_LEAST_RATE, share / warm_up)
    return 0.5 * (1 + math.cos(math.pi * (share - warm_up) / (1 - warm_up))) + floor


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, step: int) -> None:
    """Move the average towards the network; early on it keeps up with it."""
    weight = max(1 / (step + 1), 1 / _AVERAGE_OVER)
    for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, weight)
        else:
            kept.copy_(new)
