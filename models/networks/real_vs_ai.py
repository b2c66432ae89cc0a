"""Camera photo or computer-made face, told by how a picture's energy is spread over fine frequencies.

Logarithms of local cosine transforms, as in Frank et al., Leveraging Frequency Analysis for Deep Fake Image
Recognition (ICML 2020), summed up over the crop and over its middle, where the face is.
"""

import math
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn

INPUT_PX = 224
BANDS = 91
MIDDLE = slice(7, 21)
"""The blocks, of 28 in a row, that hold the face."""

FAINTEST = 0.02
"""About one grey level in the units of a normalised picture: what is fainter is rounding."""

LEAST_VARIANCE = 1e-4

_BLOCK_PX = 8
_LUMA_AND_CHROMA = ((0.299, 0.587, 0.114), (-0.169, -0.331, 0.5), (0.5, -0.419, -0.081))
"""Red, green and blue to Y, Cb and Cr (ITU-T T.871)."""


class Spectrum(nn.Module):
    """(N, 3, 224, 224) float32 -> (N, 364): mean and spread of each wave's log magnitude, in all and in the middle.

    Nothing in it is learnt. The waves are the cosines of 8×8 blocks: 63 of luma and, of the chromas, which files mostly
    keep at half the size, the 14 coarsest each. A block's mean stays outside, so that light and colour cannot decide.
    """

    def __init__(self) -> None:
        """One convolution for all the waves."""
        super().__init__()
        luma, *chromas = torch.tensor(_LUMA_AND_CHROMA)
        fine, coarse = _cosines(range(1, 15)), _cosines(range(1, 5))
        planes = [(fine, luma), *((coarse, chroma) for chroma in chromas)]
        kernels = [torch.einsum("fyx,c->fcyx", waves, weights) for waves, weights in planes]
        self.cosines = nn.Conv2d(3, BANDS, _BLOCK_PX, _BLOCK_PX, bias=False)
        self.cosines.weight = nn.Parameter(torch.cat(kernels).contiguous(), requires_grad=False)

    def forward(self, pictures: Tensor) -> Tensor:
        """Describe normalised pictures."""
        waves = torch.log(self.cosines(pictures).abs() + FAINTEST)
        return torch.cat([*_summed_up(waves), *_summed_up(waves[:, :, MIDDLE, MIDDLE])], dim=1)


class RealVsAI(nn.Module):
    """(N, 3, 224, 224) float32 -> (N,) logits, camera photo > 0; 73,241 parameters, 17,472 of them fixed cosines.

    It looks at the crop's own pixels: a shrunk crop has lost what it looks for.
    """

    def __init__(self) -> None:
        """The fixed transform and three layers on its summary."""
        super().__init__()
        self.spectrum = Spectrum()
        self.norm = nn.BatchNorm1d(4 * BANDS)
        widths = (4 * BANDS, 128, 64, 1)
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in pairwise(widths))
        self.dropout = nn.Dropout(0.3)

    def forward(self, pictures: Tensor) -> Tensor:
        """Score normalised pictures."""
        return self.judged(self.spectrum(pictures))

    def judged(self, spectra: Tensor) -> Tensor:
        """(N, 364) descriptions -> (N,) logits."""
        *hidden, last = self.layers
        below = self.norm(spectra)
        for layer in hidden:
            below = self.dropout(torch.relu(layer(below)))
        return last(below).squeeze(1)

    @torch.no_grad()
    def products(self) -> list[tuple[Tensor, Tensor]]:
        """Weights (out, in) and biases of the layers for serving, the normalisation folded into the first."""
        first, *others = [(cast("Tensor", layer.weight), cast("Tensor", layer.bias)) for layer in self.layers]
        mean, variance = cast("Tensor", self.norm.running_mean), cast("Tensor", self.norm.running_var)
        gain = self.norm.weight / torch.sqrt(variance + self.norm.eps)
        shift = self.norm.bias - mean * gain
        return [(first[0] * gain, first[1] + first[0] @ shift), *others]


def _summed_up(waves: Tensor) -> tuple[Tensor, Tensor]:
    """(N, C, H, W) -> mean and standard deviation over places, (N, C) each."""
    mean, square = waves.mean(dim=(2, 3)), (waves * waves).mean(dim=(2, 3))
    return mean, torch.sqrt((square - mean * mean).clamp(min=LEAST_VARIANCE))


def _cosines(frequencies: range) -> Tensor:
    """(F, 8, 8): the orthonormal two-dimensional cosines of a block whose two frequencies add up to one of these."""
    places = torch.arange(_BLOCK_PX)
    waves = torch.cos(math.pi * (2 * places[None] + 1) * places[:, None] / (2 * _BLOCK_PX))
    waves = waves * torch.where(places == 0, 0.5, 1.0).sqrt()[:, None] * math.sqrt(2 / _BLOCK_PX)
    wanted = [(u, v) for u in range(_BLOCK_PX) for v in range(_BLOCK_PX) if u + v in frequencies]
    return torch.stack([torch.outer(waves[u], waves[v]) for u, v in wanted])
