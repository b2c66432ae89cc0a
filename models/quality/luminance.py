"""Luminance as ISO/IEC 29794-5 wants it: linear light of sRGB (IEC 61966-2-1), weighted, back on 0…255."""

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pixels import Pixels

Levels = NDArray[np.uint8]
"""(H, W) uint8: luminance 0…255."""

Grey = NDArray[Any]
"""(H, W) float32: luminance or brightness on 0…255."""

_WEIGHTS = ((0.2126, 0.7152, 0.0722),)
_LINEAR_UP_TO = 0.04045


def luminance_levels(pixels: Pixels) -> Levels:
    """(H, W, 3) uint8 RGB -> (H, W) uint8 luminance."""
    return np.rint(luminance(pixels)).astype(np.uint8)


def luminance(pixels: Pixels) -> Grey:
    """(H, W, 3) uint8 RGB -> (H, W) float32 luminance, 0…255, not rounded."""
    return cv2.transform(cv2.LUT(pixels, _linear_light()), np.array(_WEIGHTS, np.float32)).astype(
        np.float32, copy=False
    )


def shares(levels: Levels) -> NDArray[np.float64]:
    """The share of the levels (any shape, uint8) at each of the 256 values; zeros when there are none."""
    return np.bincount(levels.ravel(), minlength=256) / max(1, levels.size)


@cache
def _linear_light() -> NDArray[np.float32]:
    encoded = np.arange(256) / 255
    linear = np.where(encoded <= _LINEAR_UP_TO, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return (255 * linear).astype(np.float32)
