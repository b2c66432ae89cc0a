"""ResNet-50 (He et al., arXiv 1512.03385), key for key the network of torchvision: the Reality Check card's.

The stride lies in a bottleneck's 3×3 convolution, as in torchvision ("v1.5"), whose ImageNet checkpoints load unchanged
but for the last layer.
"""

from typing import Self

from torch import Tensor, nn
from torch.nn import functional


class Stages(nn.Module):
    """Stem and four stages, named as torchvision names them: 23,508,032 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = _stage(64, 64, blocks=3, stride=1)
        self.layer2 = _stage(256, 128, blocks=4, stride=2)
        self.layer3 = _stage(512, 256, blocks=6, stride=2)
        self.layer4 = _stage(1024, 512, blocks=3, stride=2)

    def levels(self, images: Tensor) -> list[Tensor]:
        """(N, 3, H, W) -> [(N, 512, H/8, W/8), (N, 1024, H/16, W/16), (N, 2048, H/32, W/32)]."""
        stem = functional.relu(self.bn1(self.conv1(images)), inplace=True)
        stride8 = self.layer2(self.layer1(functional.max_pool2d(stem, 3, stride=2, padding=1)))
        stride16 = self.layer3(stride8)
        return [stride8, stride16, self.layer4(stride16)]


class ResNet50(Stages):
    """Real face photo or not: (N, 3, 224, 224) float32, ImageNet-normalised -> (N,) logits, real > 0.

    Fine-tuning learns everything. In feature extraction only the last layer learns, and the statistics of the frozen
    layers stay what their checkpoint says.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(2048, 1)
        self._only_head_learns = False
        self.apply(_start)

    def forward(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) -> (N,); H and W from 32 on."""
        logits: Tensor = self.fc(self.levels(images)[-1].mean(dim=(2, 3)))
        return logits.squeeze(1)

    def extract_features(self) -> None:
        """Let only the last layer learn from here on."""
        self._only_head_learns = True
        self._frozen().requires_grad_(requires_grad=False)

    def fine_tune(self) -> None:
        """Let every layer learn from here on."""
        self._only_head_learns = False
        self._frozen().requires_grad_(requires_grad=True)

    def train(self, mode: bool = True) -> Self:  # noqa: FBT001, FBT002 - torch's signature
        """Enter training mode, but for the normalisations of what is frozen."""
        super().train(mode)
        if self._only_head_learns:
            self._frozen().eval()
        return self

    def _frozen(self) -> nn.Module:
        return nn.ModuleList(part for name, part in self.named_children() if name != "fc")


class Bottleneck(nn.Module):
    """Residual block, stride in the 3×3: (N, C, H, W) -> (N, 4 width, H/stride, W/stride)."""

    def __init__(self, channels_in: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels_in, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.downsample: nn.Module = nn.Identity()
        if channels_in != 4 * width:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels_in, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
            )

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, 4 width, H/stride, W/stride)."""
        narrow = functional.relu(self.bn1(self.conv1(features)), inplace=True)
        spatial = functional.relu(self.bn2(self.conv2(narrow)), inplace=True)
        residual: Tensor = self.bn3(self.conv3(spatial))
        return functional.relu(residual + self.downsample(features), inplace=True)


def resnet50() -> ResNet50:
    """Build the network with Kaiming's start (arXiv 1502.01852); `start_from` of a recipe loads ImageNet's weights."""
    return ResNet50()


def _stage(channels_in: int, width: int, *, blocks: int, stride: int) -> nn.Sequential:
    first = Bottleneck(channels_in, width, stride)
    return nn.Sequential(first, *(Bottleneck(4 * width, width, 1) for _ in range(blocks - 1)))


def _start(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv2d):
        nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
