"""The network of the face_classification_model2 card: four Inception modules after a 7×7 stem.

Szegedy et al., Going Deeper with Convolutions (CVPR 2015), the naive module of its figure 2a. The card names paths and
widths, not more: here a width is the width of each of a module's four paths, and a pool halves the side before each
module but the first.
"""

import torch
from torch import Tensor, nn

WIDTHS = (64, 128, 256, 512)


class InceptionStyle(nn.Module):
    """Real face photo or not: (N, 3, 224, 224) float32, ImageNet-normalised -> (N,) logits, real > 0."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(*_conv(3, 64, 7, stride=2), nn.MaxPool2d(3, stride=2, padding=1))
        stages: list[nn.Module] = []
        channels = 64
        for width in WIDTHS:
            stages += [nn.MaxPool2d(3, stride=2, padding=1)] if stages else []
            stages.append(Inception(channels, width))
            channels = 4 * width
        self.features = nn.Sequential(*stages)
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(channels, 256),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(256, 1),
        )
        self.apply(_start)

    def forward(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) -> (N,); H and W from 32 on."""
        logits: Tensor = self.head(self.features(self.stem(images)))
        return logits.squeeze(1)


class Inception(nn.Module):
    """1×1, 3×3, 5×5 and pooled views side by side: (N, C, H, W) -> (N, 4 width, H, W)."""

    def __init__(self, channels_in: int, width: int) -> None:
        super().__init__()
        self.point = nn.Sequential(*_conv(channels_in, width, 1))
        self.square3 = nn.Sequential(*_conv(channels_in, width, 3))
        self.square5 = nn.Sequential(*_conv(channels_in, width, 5))
        self.pooled = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), *_conv(channels_in, width, 1))

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, 4 width, H, W)."""
        paths = self.point, self.square3, self.square5, self.pooled
        return torch.cat([path(features) for path in paths], dim=1)


def inception_style() -> InceptionStyle:
    """Build the network with Kaiming's start (arXiv 1502.01852)."""
    return InceptionStyle()


def _conv(channels_in: int, channels: int, size: int, stride: int = 1) -> tuple[nn.Module, ...]:
    conv = nn.Conv2d(channels_in, channels, size, stride, padding=size // 2, bias=False)
    return conv, nn.BatchNorm2d(channels), nn.ReLU(inplace=True)


def _start(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
