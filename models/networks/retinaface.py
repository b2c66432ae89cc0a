"""RetinaFace with a ResNet-50 body (arXiv 1905.00641), key for key the network of retinaface-pytorch.

The attribute names, capitals and all, are that package's: a checkpoint of its 456 entries loads unchanged.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.networks.resnet50 import Stages

CHANNELS = 256
ANCHORS_PER_CELL = 2
ANCHOR_SIZES_PX = ((16, 32), (64, 128), (256, 512))
STRIDES_PX = (8, 16, 32)


class RetinaFace(nn.Module):
    """One-shot face detector: (N, 3, H, W) float32, ImageNet-normalised -> boxes, classes and landmarks per anchor.

    Returns (N, A, 4) box offsets, (N, A, 2) class logits (background, face) and (N, A, 10) offsets of eyes, nose and
    mouth corners, with A anchors in the order of `anchors`. 27.3 M parameters.
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = Body()
        self.fpn = FeaturePyramid((512, 1024, 2048))
        self.ssh1, self.ssh2, self.ssh3 = ContextModule(), ContextModule(), ContextModule()
        self.ClassHead = nn.ModuleList(Head(2) for _ in STRIDES_PX)
        self.BboxHead = nn.ModuleList(Head(4) for _ in STRIDES_PX)
        self.LandmarkHead = nn.ModuleList(Head(10) for _ in STRIDES_PX)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, 3, H, W) -> (N, A, 4), (N, A, 2), (N, A, 10)."""
        levels = self.fpn(self.body(images))
        features = [ssh(level) for ssh, level in zip((self.ssh1, self.ssh2, self.ssh3), levels, strict=True)]
        boxes, classes, landmarks = (
            torch.cat([head(feature) for head, feature in zip(heads, features, strict=True)], dim=1)
            for heads in (self.BboxHead, self.ClassHead, self.LandmarkHead)
        )
        return boxes, classes, landmarks


class Body(Stages):
    """ResNet-50 without its last layer."""

    def forward(self, images: Tensor) -> list[Tensor]:
        """(N, 3, H, W) -> [(N, 512, H/8, W/8), (N, 1024, H/16, W/16), (N, 2048, H/32, W/32)]."""
        return self.levels(images)


class FeaturePyramid(nn.Module):
    """Top-down pyramid of arXiv 1612.03144: three levels in, the same three levels at 256 channels out."""

    def __init__(self, channels_in: Sequence[int]) -> None:
        super().__init__()
        self.output1, self.output2, self.output3 = (_conv_bn_relu(channels, kernel=1) for channels in channels_in)
        self.merge1, self.merge2 = _conv_bn_relu(CHANNELS), _conv_bn_relu(CHANNELS)

    def forward(self, levels: Sequence[Tensor]) -> list[Tensor]:
        """[(N, Ci, Hi, Wi)] fine to coarse -> [(N, 256, Hi, Wi)]."""
        fine, middle, coarse = self.output1(levels[0]), self.output2(levels[1]), self.output3(levels[2])
        middle = self.merge2(middle + functional.interpolate(coarse, size=middle.shape[2:], mode="nearest"))
        fine = self.merge1(fine + functional.interpolate(middle, size=fine.shape[2:], mode="nearest"))
        return [fine, middle, coarse]


class ContextModule(nn.Module):
    """SSH context (arXiv 1708.03979): views of 3x3, 5x5 and 7x7 side by side, the larger two as stacked 3x3."""

    def __init__(self) -> None:
        super().__init__()
        quarter = CHANNELS // 4
        self.conv3X3 = _conv_bn(CHANNELS, CHANNELS // 2)
        self.conv5X5_1, self.conv5X5_2 = _conv_bn_relu(CHANNELS, quarter), _conv_bn(quarter, quarter)
        self.conv7X7_2, self.conv7x7_3 = _conv_bn_relu(quarter, quarter), _conv_bn(quarter, quarter)

    def forward(self, features: Tensor) -> Tensor:
        """(N, 256, H, W) -> (N, 256, H, W)."""
        shared = self.conv5X5_1(features)
        views = self.conv3X3(features), self.conv5X5_2(shared), self.conv7x7_3(self.conv7X7_2(shared))
        return functional.relu(torch.cat(views, dim=1))


class Head(nn.Module):
    """One 1x1 convolution: (N, 256, H, W) -> (N, H W anchors, values), cells row by row."""

    def __init__(self, values: int) -> None:
        super().__init__()
        self.values = values
        self.conv1x1 = nn.Conv2d(CHANNELS, ANCHORS_PER_CELL * values, 1)

    def forward(self, features: Tensor) -> Tensor:
        """(N, 256, H, W) -> (N, H W anchors, values)."""
        predicted: Tensor = self.conv1x1(features)
        return predicted.permute(0, 2, 3, 1).reshape(len(features), -1, self.values)


def anchors(height_px: int, width_px: int) -> Tensor:
    """Return the prior boxes of a picture, (A, 4) as centre x, centre y, width, height in px, in the heads' order."""
    return torch.cat(
        [
            _level_anchors(-(-height_px // stride), -(-width_px // stride), stride, sizes)
            for stride, sizes in zip(STRIDES_PX, ANCHOR_SIZES_PX, strict=True)
        ]
    )


def _level_anchors(rows: int, columns: int, stride: int, sizes: Sequence[int]) -> Tensor:
    y, x = (torch.arange(rows) + 0.5) * stride, (torch.arange(columns) + 0.5) * stride
    y, x, size = torch.meshgrid(y, x, torch.tensor(sizes, dtype=torch.float32), indexing="ij")
    return torch.stack([x, y, size, size], dim=-1).reshape(-1, 4)


def _conv_bn(channels_in: int, channels: int, *, kernel: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels, kernel, padding=kernel // 2, bias=False), nn.BatchNorm2d(channels)
    )


def _conv_bn_relu(channels_in: int, channels: int = CHANNELS, *, kernel: int = 3) -> nn.Sequential:
    return _conv_bn(channels_in, channels, kernel=kernel).append(nn.ReLU(inplace=True))
