"""How much light is on the face and how it is spread: five measures of one histogram, and one of two."""

import numpy as np

from models.quality.luminance import Levels, shares

_GREY_LEVELS = np.arange(256) / 255
_DARK = slice(0, 26)
_BRIGHT = slice(247, 256)


def exposure_of(levels: Levels) -> dict[str, float]:
    """Native values from the face's luminance (any shape, uint8, at least one pixel)."""
    share = shares(levels)
    mean = float(share @ _GREY_LEVELS)
    present = share[share > 0]
    return {
        "luminance_mean": mean,
        "luminance_variance": float(share @ (_GREY_LEVELS - mean) ** 2),
        "under_exposure_prevention": float(share[_DARK].sum()),
        "over_exposure_prevention": float(share[_BRIGHT].sum()),
        "dynamic_range": float(max(0, -(present * np.log2(present)).sum())),
    }


def illumination_uniformity(left_cheek: Levels, right_cheek: Levels) -> float:
    """The share of luminance that both cheeks have in common, 0…1: the intersection of their histograms."""
    return float(np.minimum(shares(left_cheek), shares(right_cheek)).sum())
