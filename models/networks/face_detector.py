"""Our face detector: 4×4 patches, plain 3×3 convolutions, two levels, no anchors; box and five landmarks a cell."""

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDES_PX = (16, 32)
VALUES = 15
"""A cell's channels: face logit, centre shift x and y, log width and height, and x, y of five landmarks."""

_PRIOR = 0.01
_MEAN_SHAPE = (-0.22, -0.12, 0.22, -0.12, 0.0, 0.1, -0.18, 0.28, 0.18, 0.28)
"""Where landmarks lie in an average box, in box sides from the centre: what an untrained head says."""


class FaceDetectorNet(nn.Module):
    """One look at a picture: (N, 3, H, W) float32 in -1…1, H and W multiples of 64 -> one map of cells a stride.

    Returns (N, 15, H/16, W/16) for small and (N, 15, H/32, W/32) for large faces, to be read by `decoded`.
    0.07 GMAC at 320×320.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stride8 = nn.Sequential(patches(3, 24), conv(24, 40, 2), conv(40, 40))
        self.stride16 = nn.Sequential(conv(40, 48, 2), conv(48, 48))
        self.stride32 = nn.Sequential(conv(48, 64, 2), conv(64, 64))
        self.context = conv(64, 32, 2)
        self.narrow16, self.narrow32 = nn.Conv2d(48, 32, 1), nn.Conv2d(64, 32, 1)
        self.merge16, self.merge32 = conv(32, 32), conv(32, 32)
        self.head = nn.Sequential(conv(32, 32), nn.Conv2d(32, VALUES, 1))
        _start_from_the_mean_face(cast("nn.Conv2d", self.head[1]))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 3, H, W) -> (N, 15, H/16, W/16), (N, 15, H/32, W/32)."""
        middle = self.stride16(self.stride8(pictures))
        coarse = self.stride32(middle)
        large = self.merge32(functional.relu(self.narrow32(coarse) + _doubled(self.context(coarse))))
        small = self.merge16(functional.relu(self.narrow16(middle) + _doubled(large)))
        return self.head(small), self.head(large)


def patches(channels_in: int, channels: int) -> nn.Sequential:
    """Each 4×4 px as one cell: (N, Ci, H, W) -> (N, C, H/4, W/4). Half the cost of two strided convolutions."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels, 4, 4, bias=False), nn.BatchNorm2d(channels), nn.ReLU(inplace=True)
    )


def conv(channels_in: int, channels: int, stride: int = 1) -> nn.Sequential:
    """3×3 convolution, batch norm, ReLU: (N, Ci, H, W) -> (N, C, H/stride, W/stride)."""
    return nn.Sequential(
        nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
    )


def decoded(cells: Tensor, stride: int) -> tuple[Tensor, Tensor, Tensor]:
    """Read one level's (N, 15, h, w) cells as (N, h w) logits, (N, h w, 4) boxes and (N, h w, 5, 2) points.

    Boxes are centre x, centre y, width, height; all in pixels of the network's input. Points hang on the cell's centre
    in units of the box.
    """
    height, width = cells.shape[2:]
    values = cells.flatten(2).transpose(1, 2)
    middles = cell_centres(height, width, stride)
    centre = middles + values[..., 1:3] * stride
    sides = torch.exp(values[..., 3:5].clamp(-4, 4)) * (4 * stride)
    points = middles[:, None] + values[..., 5:].unflatten(-1, (5, 2)) * sides[..., None, :]
    return values[..., 0], torch.cat([centre, sides], dim=-1), points


def cell_centres(height: int, width: int, stride: int) -> Tensor:
    """(h w, 2) x, y of the cells' centres in pixels, row by row."""
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    return torch.stack([x, y], dim=-1).reshape(-1, 2) * stride


def _doubled(features: Tensor) -> Tensor:
    return functional.interpolate(features, scale_factor=2, mode="nearest")


def _start_from_the_mean_face(last: nn.Conv2d) -> None:
    nn.init.normal_(last.weight, std=0.01)
    bias = torch.tensor([math.log(_PRIOR / (1 - _PRIOR)), 0, 0, 0, 0, *_MEAN_SHAPE])
    last.bias = nn.Parameter(bias)
