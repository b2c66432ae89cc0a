"""The default classifier: a plain 3×3 network, trained with side branches that fold away for serving.

Ding et al., RepVGG: Making VGG-style ConvNets Great Again (CVPR 2021).
"""

import torch
from torch import Tensor, nn

INPUT_PX = 112


class RepBlock(nn.Module):
    """ReLU(BN(3×3) + BN(1×1) + BN(identity)): (N, in, H, W) -> (N, out, H / stride, W / stride)."""

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        """Build the branches; the identity exists where shapes allow it."""
        super().__init__()
        self.square = _conv_bn(in_channels, out_channels, 3, stride)
        self.point = _conv_bn(in_channels, out_channels, 1, 1)
        self.stride = stride
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
        kernel, bias = _fused(self.square[0].weight, self.square[1])
        point_kernel, point_bias = _fused(self.point[0].weight, self.point[1])
        kernel = kernel + nn.functional.pad(point_kernel, [1, 1, 1, 1])
        bias = bias + point_bias
        if self.identity is not None:
            identity_kernel, identity_bias = _fused(_identity_kernel(kernel), self.identity)
            kernel, bias = kernel + identity_kernel, bias + identity_bias
        conv = nn.Conv2d(kernel.shape[1], kernel.shape[0], 3, self.square[0].stride, padding=1)
        conv.weight.copy_(kernel)
        conv.bias.copy_(bias)
        return nn.Sequential(conv, nn.ReLU())


class Student(nn.Module):
    """Real face photo or not: (N, 3, 112, 112) float32 -> (N,) logits, real > 0; 0.8 M parameters once folded."""

    def __init__(self) -> None:
        """Five stages that halve the picture, global average, one linear unit."""
        super().__init__()
        self.features = nn.Sequential(
            RepBlock(3, 24, 2),
            *_stage(24, 40, 2),
            *_stage(40, 80, 3),
            *_stage(80, 160, 2),
            *_stage(160, 224, 1),
        )
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(224, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Score normalised pictures."""
        pooled = self.features(pictures).mean(dim=(2, 3))
        return self.head(self.dropout(pooled)).squeeze(1)

    def folded(self) -> "Student":
        """A copy for serving: every block one convolution, same logits in evaluation mode."""
        serving = Student()
        serving.features = nn.Sequential(*(block.folded() for block in self.features))
        serving.head.load_state_dict(self.head.state_dict())
        return serving.eval()


def _stage(in_channels: int, out_channels: int, depth: int) -> list[RepBlock]:
    first = RepBlock(in_channels, out_channels, 2)
    return [first, *(RepBlock(out_channels, out_channels, 1) for _ in range(depth - 1))]


def _conv_bn(in_channels: int, out_channels: int, size: int, stride: int) -> nn.Sequential:
    conv = nn.Conv2d(in_channels, out_channels, size, stride, padding=size // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out_channels))


def _fused(kernel: Tensor, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Kernel and bias of a bias-free convolution followed by an evaluated batch normalisation."""
    gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return kernel * gain.reshape(-1, 1, 1, 1), norm.bias - norm.running_mean * gain


def _identity_kernel(like: Tensor) -> Tensor:
    kernel = torch.zeros_like(like)
    nn.init.dirac_(kernel)
    return kernel
