"""The default classifier: a plain 3×3 network, trained with side branches that fold away for serving.

Ding et al., RepVGG: Making VGG-style ConvNets Great Again (CVPR 2021).
"""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

INPUT_PX = 160
MEAN, STD = 127.5, 63.75


class ConvNorm(nn.Sequential):
    """A bias-free convolution and its batch normalisation."""

    def __init__(self, in_channels: int, out_channels: int, size: int, stride: int) -> None:
        """Pad so that a stride of one keeps the picture's size."""
        conv = nn.Conv2d(in_channels, out_channels, size, stride, padding=size // 2, bias=False)
        super().__init__(conv, nn.BatchNorm2d(out_channels))

    def fused(self) -> tuple[Tensor, Tensor]:
        """Kernel and bias of the one convolution that does the same once training is over."""
        conv, norm = self
        return _fused(cast("Tensor", conv.weight), cast("nn.BatchNorm2d", norm))


class RepBlock(nn.Module):
    """ReLU(BN(3×3) + BN(1×1) + BN(identity)): (N, in, H, W) -> (N, out, H / stride, W / stride)."""

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        """Build the branches; the identity exists where shapes allow it."""
        super().__init__()
        self.stride = stride
        self.square = ConvNorm(in_channels, out_channels, 3, stride)
        self.point = ConvNorm(in_channels, out_channels, 1, 1)
        keeps_shape = in_channels == out_channels and stride == 1
        self.identity = nn.BatchNorm2d(in_channels) if keeps_shape else None

    def forward(self, features: Tensor) -> Tensor:
        """Sum the branches."""
        # Every second pixel, not a 1×1 convolution of stride 2: that one's backward pass on three channels writes
        # beyond its memory in torch 2.13's CPU build with channels last.
        sampled = features[:, :, :: self.stride, :: self.stride]
        total = self.square(features) + self.point(sampled)
        if self.identity is not None:
            total = total + self.identity(features)
        return torch.relu(total)

    @torch.no_grad()
    def folded(self) -> nn.Sequential:
        """The same function as one convolution with ReLU, for an evaluated block."""
        kernel, bias = self.square.fused()
        point_kernel, point_bias = self.point.fused()
        kernel, bias = kernel + nn.functional.pad(point_kernel, [1, 1, 1, 1]), bias + point_bias
        if self.identity is not None:
            identity_kernel, identity_bias = _fused(_identity_kernel(kernel), self.identity)
            kernel, bias = kernel + identity_kernel, bias + identity_bias
        conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], 3, self.stride, padding=1)
        conv.load_state_dict({"weight": kernel, "bias": bias})
        return nn.Sequential(conv, nn.ReLU())


@dataclass(frozen=True, slots=True)
class Widths:
    """Channels of the five stages, each of which halves the picture."""

    stages: tuple[int, int, int, int, int]

    def wider(self, factor: int) -> "Widths":
        """The same network with so many times the channels."""
        first, second, third, fourth, fifth = (channels * factor for channels in self.stages)
        return Widths((first, second, third, fourth, fifth))


SMALL = Widths((24, 40, 80, 160, 224))
"""0.84 M parameters once folded: the fast default."""

LARGE = SMALL.wider(2)
"""3.3 M parameters: the accuracy step, at four times the work."""

_DEPTHS = (1, 2, 3, 2, 1)


class Student(nn.Module):
    """Real face photo or not: (N, 3, 160, 160) float32 -> (N,) logits, real > 0.

    All convolutions: any input of at least 32 px is taken, 160 px is what it was trained on.
    """

    def __init__(self, widths: Widths = SMALL) -> None:
        """Five stages that halve the picture, global average, one linear unit."""
        super().__init__()
        self.widths = widths
        channels = (3, *widths.stages)
        blocks = [
            block
            for number, depth in enumerate(_DEPTHS)
            for block in _stage(channels[number], channels[number + 1], depth)
        ]
        self.features = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(widths.stages[-1], 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Score normalised pictures."""
        pooled = self.features(pictures).mean(dim=(2, 3))
        return self.head(self.dropout(pooled)).squeeze(1)

    def folded(self) -> "Student":
        """A copy for serving: every block one convolution, same logits in evaluation mode."""
        serving = Student(self.widths)
        blocks = [block.folded() for block in self.features if isinstance(block, RepBlock)]
        serving.features = nn.Sequential(*blocks)
        serving.head.load_state_dict(self.head.state_dict())
        return serving.eval()

    def convolutions(self) -> list[nn.Conv2d]:
        """The convolutions in their order, nine of them once folded."""
        return [module for module in self.features.modules() if isinstance(module, nn.Conv2d)]


def large() -> Student:
    """The accuracy step."""
    return Student(LARGE)


@torch.no_grad()
def widened(student: Student, factor: int, noise: float = 0.0) -> Student:
    """A network of `factor` times the channels that starts with the same logits (Chen et al., Net2Net, ICLR 2016).

    Every channel is there `factor` times and counts for its share; `noise`, relative to each weight, lets the copies
    learn different things.
    """
    wide = Student(student.widths.wider(factor))
    state = {name: _repeated(values, wide.state_dict()[name]) for name, values in student.state_dict().items()}
    wide.load_state_dict(state)
    for module in wide.features.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.mul_(1 + noise * torch.randn_like(module.weight))
    return wide.train(student.training)


def _repeated(narrow: Tensor, wide: Tensor) -> Tensor:
    """Fill the wider shape with copies; weights, which are summed over their inputs, are divided by the copies."""
    copies = [whole // part for whole, part in zip(wide.shape, narrow.shape, strict=True)]
    summed_over = copies[1] if narrow.ndim > 1 else 1
    return narrow.repeat(copies) / summed_over if copies else narrow


def _stage(in_channels: int, out_channels: int, depth: int) -> list[RepBlock]:
    first = RepBlock(in_channels, out_channels, 2)
    return [first, *(RepBlock(out_channels, out_channels, 1) for _ in range(depth - 1))]


def _fused(kernel: Tensor, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    if norm.running_mean is None or norm.running_var is None:
        raise ValueError("Only a normalisation with running statistics can be folded.")
    gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return kernel * gain.reshape(-1, 1, 1, 1), norm.bias - norm.running_mean * gain


def _identity_kernel(like: Tensor) -> Tensor:
    kernel = torch.zeros_like(like)
    nn.init.dirac_(kernel)
    return kernel
