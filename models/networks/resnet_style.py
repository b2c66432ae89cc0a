"""The network of the face_classification_model1 card: residual blocks with growing filters and dropout.

He et al., Deep Residual Learning (arXiv 1512.03385). The card gives neither depth nor widths; here they are
ResNet-18's, with the dropout between a block's two convolutions as in Wide Residual Networks (arXiv 1605.07146).
"""

from torch import Tensor, nn
from torch.nn import functional

WIDTHS = (64, 128, 256, 512)
BLOCKS_PER_WIDTH = 2


class ResNetStyle(nn.Module):
    """Real face photo or not: (N, 3, 224, 224) float32, ImageNet-normalised -> (N,) logits, real > 0."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, stride=2, padding=1),
        )
        blocks: list[nn.Module] = []
        channels = 64
        for width in WIDTHS:
            for _ in range(BLOCKS_PER_WIDTH):
                blocks.append(ResidualBlock(channels, width))
                channels = width
        self.features = nn.Sequential(*blocks)
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5), nn.Linear(channels, 1))
        self.apply(_start)

    def forward(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) -> (N,); H and W from 32 on."""
        logits: Tensor = self.head(self.features(self.stem(images)))
        return logits.squeeze(1)


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions and a short cut: (N, C, H, W) -> (N, width, H, W), or half the side where filters grow."""

    def __init__(self, channels_in: int, width: int) -> None:
        super().__init__()
        grows = channels_in != width
        stride = 2 if grows else 1
        self.conv1 = nn.Conv2d(channels_in, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.dropout = nn.Dropout(0.3)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        shortcut = nn.Sequential(nn.Conv2d(channels_in, width, 1, stride, bias=False), nn.BatchNorm2d(width))
        self.shortcut: nn.Module = shortcut if grows else nn.Identity()

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, width, H / stride, W / stride)."""
        first = functional.relu(self.bn1(self.conv1(features)), inplace=True)
        residual: Tensor = self.bn2(self.conv2(self.dropout(first)))
        return functional.relu(residual + self.shortcut(features), inplace=True)


def resnet_style() -> ResNetStyle:
    """Build the network with Kaiming's start (arXiv 1502.01852)."""
    return ResNetStyle()


def _start(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv2d):
        nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    elif isinstance(layer, nn.Linear):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
