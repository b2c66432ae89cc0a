"""The five histogram measures of ISO/IEC 29794-5 over a face box.

The standard measures over the convex hull of the face's landmarks; a box holds some background and hair besides, so
these values approximate the standard's.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.pixels import Pixels

_LUMINANCE_WEIGHTS = (0.2126, 0.7152, 0.0722)
_GREY_LEVELS = np.arange(256) / 255
_LINEAR_UP_TO = 0.04045
_SAMPLES_A_SIDE = 160


def quality_scores(pixels: Pixels) -> dict[str, float]:
    """Score (H, W, 3) uint8 RGB pixels of a face from 0 to 100 on each measure."""
    return scores_of(native_values(pixels))


def native_values(pixels: Pixels) -> dict[str, float]:
    """Measure (H, W, 3) uint8 RGB pixels of a face in the standard's native units."""
    # A histogram over every n-th pixel costs a tenth and shares the full one's shape; averaging would narrow it.
    step = max(1, min(pixels.shape[:2]) // _SAMPLES_A_SIDE)
    share = _luminance_histogram(pixels[::step, ::step])
    mean = float(share @ _GREY_LEVELS)
    present = share[share > 0]
    return {
        "luminance_mean": mean,
        "luminance_variance": float(share @ (_GREY_LEVELS - mean) ** 2),
        "under_exposure_prevention": float(share[:26].sum()),
        "over_exposure_prevention": float(share[247:].sum()),
        "dynamic_range": float(-(present * np.log2(present)).sum()),
    }


def scores_of(native: Mapping[str, float]) -> dict[str, float]:
    """Map native values to the standard's scores, rounded and clipped to 0…100."""
    mean, variance = native["luminance_mean"], native["luminance_variance"]
    scores = {
        "luminance_mean": 100 * _sigmoid(mean, 0.2, 0.05) * (1 - _sigmoid(mean, 0.8, 0.05)),
        "luminance_variance": 100 * np.sin(np.pi * 60 * variance / (60 * variance + 1)),
        "under_exposure_prevention": 120 * (0.832 - _sigmoid(native["under_exposure_prevention"], 0.92, 0.05)),
        "over_exposure_prevention": 1 / (native["over_exposure_prevention"] + 0.01),
        "dynamic_range": 12.5 * native["dynamic_range"],
    }
    return {name: float(np.clip(np.rint(score), 0, 100)) for name, score in scores.items()}


def _luminance_histogram(pixels: Pixels) -> NDArray[np.float64]:
    """Share of pixels at each of the 256 levels of luminance: linearised sRGB, weighted, back on 0…255."""
    red, green, blue = _linear_light()
    luminance = red[pixels[..., 0]] + green[pixels[..., 1]] + blue[pixels[..., 2]]
    levels = np.rint(luminance * 255).astype(np.uint8)
    counts = np.bincount(levels.ravel(), minlength=256)
    return counts / counts.sum()


@cache
def _linear_light() -> tuple[NDArray[np.float32], ...]:
    """One table a channel: weighted linear light of each 8-bit sRGB value (IEC 61966-2-1)."""
    encoded = _GREY_LEVELS
    linear = np.where(encoded <= _LINEAR_UP_TO, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return tuple((weight * linear).astype(np.float32) for weight in _LUMINANCE_WEIGHTS)


def _sigmoid(value: float, middle: float, width: float) -> float:
    return float(1 / (1 + np.exp((middle - value) / width)))
