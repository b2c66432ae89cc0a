"""The network of the Real_vs_Placeholder 1.0 card, layer by layer: the yardstick of the default classifier."""

from torch import Tensor, nn


class RealVsPlaceholder(nn.Module):
    """Three-block CNN of the Real_vs_Placeholder 1.0 card: (N, 3, 224, 224) float32 -> (N,) logits, real > 0.

    30,796,417 parameters by the card's own layer list (the card says ~26.7 M). Convolutions start from Kaiming's
    distribution (arXiv 1502.01852), dense layers from Xavier's (Glorot and Bengio 2010).
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(_block(3, 128), _block(128, 256), _block(256, 512))
        self.head = nn.Sequential(
            nn.AdaptiveAvgPool2d(7), nn.Flatten(), _dense(512 * 7 * 7, 1024), _dense(1024, 512), nn.Linear(512, 1)
        )
        self.apply(_start)

    def forward(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) float32, ImageNet-normalised -> (N,) logits; H and W from 56 on (the card: 224)."""
        logits: Tensor = self.head(self.features(images))
        return logits.squeeze(1)


def real_vs_placeholder() -> RealVsPlaceholder:
    """Build the network with the card's start."""
    return RealVsPlaceholder()


def _block(channels_in: int, channels: int) -> nn.Sequential:
    """Two 3x3 convolutions, then half the side: (N, channels_in, H, W) -> (N, channels, H/2, W/2)."""
    return nn.Sequential(*_conv(channels_in, channels), *_conv(channels, channels), nn.MaxPool2d(2), nn.Dropout(0.3))


def _conv(channels_in: int, channels: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(channels_in, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU(inplace=True)


def _dense(features_in: int, features: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(features_in, features), nn.ReLU(inplace=True), nn.Dropout(0.5))


def _start(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv2d):
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    elif isinstance(layer, nn.Linear):
        nn.init.xavier_uniform_(layer.weight)
    else:
        return
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
