"""FaceNet's network, Inception-ResNet v1, with one logit: the network of the Deepfake-image-classification card.

Szegedy et al., Inception-v4, Inception-ResNet and the Impact of Residual Connections (arXiv 1602.07261), in the
sizes of FaceNet's public checkpoints. The attribute names are facenet-pytorch's, so that its
checkpoints load key for key.
"""

import torch
from torch import Tensor, nn

EMBEDDING = 512


class InceptionResnetV1(nn.Module):
    """Real face photo or not: (N, 3, 160, 160) float32 -> (N,) logits, real > 0; H and W from 75 on."""

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_1a = BasicConv2d(3, 32, 3, stride=2)
        self.conv2d_2a = BasicConv2d(32, 32, 3)
        self.conv2d_2b = BasicConv2d(32, 64, 3, padding=1)
        self.maxpool_3a = nn.MaxPool2d(3, stride=2)
        self.conv2d_3b = BasicConv2d(64, 80, 1)
        self.conv2d_4a = BasicConv2d(80, 192, 3)
        self.conv2d_4b = BasicConv2d(192, 256, 3, stride=2)
        self.repeat_1 = nn.Sequential(*(Block35() for _ in range(5)))
        self.mixed_6a = Mixed6a()
        self.repeat_2 = nn.Sequential(*(Block17() for _ in range(10)))
        self.mixed_7a = Mixed7a()
        self.repeat_3 = nn.Sequential(*(Block8(scale=0.2) for _ in range(5)))
        self.block8 = Block8(scale=1.0, ends_in_relu=False)
        self.avgpool_1a = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(0.6)
        self.last_linear = nn.Linear(1792, EMBEDDING, bias=False)
        self.last_bn = nn.BatchNorm1d(EMBEDDING, eps=0.001, momentum=0.1)
        self.logits = nn.Linear(EMBEDDING, 1)

    def forward(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) -> (N,)."""
        logits: Tensor = self.logits(self.embedding(images))
        return logits.squeeze(1)

    def embedding(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) -> (N, 512), what FaceNet compares faces by before it is normalised."""
        pooled = self.dropout(self.avgpool_1a(self.features(images))).flatten(1)
        embedded: Tensor = self.last_bn(self.last_linear(pooled))
        return embedded

    def features(self, images: Tensor) -> Tensor:
        """(N, 3, 160, 160) -> (N, 1792, 3, 3)."""
        early = self.conv2d_2b(self.conv2d_2a(self.conv2d_1a(images)))
        stem = self.conv2d_4b(self.conv2d_4a(self.conv2d_3b(self.maxpool_3a(early))))
        stride16 = self.repeat_2(self.mixed_6a(self.repeat_1(stem)))
        deep: Tensor = self.block8(self.repeat_3(self.mixed_7a(stride16)))
        return deep


class BasicConv2d(nn.Module):
    """Convolution, batch normalisation, ReLU: (N, C, H, W) -> (N, channels, H', W')."""

    def __init__(
        self,
        channels_in: int,
        channels: int,
        kernel: int | tuple[int, int],
        stride: int = 1,
        padding: int | tuple[int, int] = 0,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(channels, eps=0.001, momentum=0.1)

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, channels, H', W')."""
        return torch.relu(self.bn(self.conv(features)))


class Block35(nn.Module):
    """Residual block at stride 8, 17×17 for 160 px: (N, 256, H, W) -> the same."""

    scale = 0.17

    def __init__(self) -> None:
        super().__init__()
        self.branch0 = BasicConv2d(256, 32, 1)
        self.branch1 = nn.Sequential(BasicConv2d(256, 32, 1), BasicConv2d(32, 32, 3, padding=1))
        self.branch2 = nn.Sequential(
            BasicConv2d(256, 32, 1), BasicConv2d(32, 32, 3, padding=1), BasicConv2d(32, 32, 3, padding=1)
        )
        self.conv2d = nn.Conv2d(96, 256, 1)

    def forward(self, features: Tensor) -> Tensor:
        """(N, 256, H, W) -> (N, 256, H, W)."""
        views = torch.cat([self.branch0(features), self.branch1(features), self.branch2(features)], dim=1)
        return torch.relu(features + self.scale * self.conv2d(views))


class Block17(nn.Module):
    """Residual block at stride 16, 8×8 for 160 px: (N, 896, H, W) -> the same."""

    scale = 0.10

    def __init__(self) -> None:
        super().__init__()
        self.branch0 = BasicConv2d(896, 128, 1)
        self.branch1 = nn.Sequential(
            BasicConv2d(896, 128, 1),
            BasicConv2d(128, 128, (1, 7), padding=(0, 3)),
            BasicConv2d(128, 128, (7, 1), padding=(3, 0)),
        )
        self.conv2d = nn.Conv2d(256, 896, 1)

    def forward(self, features: Tensor) -> Tensor:
        """(N, 896, H, W) -> (N, 896, H, W)."""
        views = torch.cat([self.branch0(features), self.branch1(features)], dim=1)
        return torch.relu(features + self.scale * self.conv2d(views))


class Block8(nn.Module):
    """Residual block at stride 32, 3×3 for 160 px: (N, 1792, H, W) -> the same."""

    def __init__(self, scale: float, *, ends_in_relu: bool = True) -> None:
        super().__init__()
        self.scale, self.ends_in_relu = scale, ends_in_relu
        self.branch0 = BasicConv2d(1792, 192, 1)
        self.branch1 = nn.Sequential(
            BasicConv2d(1792, 192, 1),
            BasicConv2d(192, 192, (1, 3), padding=(0, 1)),
            BasicConv2d(192, 192, (3, 1), padding=(1, 0)),
        )
        self.conv2d = nn.Conv2d(384, 1792, 1)

    def forward(self, features: Tensor) -> Tensor:
        """(N, 1792, H, W) -> (N, 1792, H, W)."""
        views = torch.cat([self.branch0(features), self.branch1(features)], dim=1)
        summed = features + self.scale * self.conv2d(views)
        return torch.relu(summed) if self.ends_in_relu else summed


class Mixed6a(nn.Module):
    """From stride 8 to 16: (N, 256, H, W) -> (N, 896, H/2, W/2)."""

    def __init__(self) -> None:
        super().__init__()
        self.branch0 = BasicConv2d(256, 384, 3, stride=2)
        self.branch1 = nn.Sequential(
            BasicConv2d(256, 192, 1), BasicConv2d(192, 192, 3, padding=1), BasicConv2d(192, 256, 3, stride=2)
        )
        self.branch2 = nn.MaxPool2d(3, stride=2)

    def forward(self, features: Tensor) -> Tensor:
        """(N, 256, H, W) -> (N, 896, H/2, W/2)."""
        return torch.cat([self.branch0(features), self.branch1(features), self.branch2(features)], dim=1)


class Mixed7a(nn.Module):
    """From stride 16 to 32: (N, 896, H, W) -> (N, 1792, H/2, W/2)."""

    def __init__(self) -> None:
        super().__init__()
        self.branch0 = nn.Sequential(BasicConv2d(896, 256, 1), BasicConv2d(256, 384, 3, stride=2))
        self.branch1 = nn.Sequential(BasicConv2d(896, 256, 1), BasicConv2d(256, 256, 3, stride=2))
        self.branch2 = nn.Sequential(
            BasicConv2d(896, 256, 1), BasicConv2d(256, 256, 3, padding=1), BasicConv2d(256, 256, 3, stride=2)
        )
        self.branch3 = nn.MaxPool2d(3, stride=2)

    def forward(self, features: Tensor) -> Tensor:
        """(N, 896, H, W) -> (N, 1792, H/2, W/2)."""
        branches = self.branch0, self.branch1, self.branch2, self.branch3
        return torch.cat([branch(features) for branch in branches], dim=1)


def inception_resnet_v1() -> InceptionResnetV1:
    """Build the network with torch's start; the source started from faces (VGGFace2), which `start_from` allows."""
    return InceptionResnetV1()
