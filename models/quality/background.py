"""How plain it is behind the head."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pixels import Pixels
from models.quality.face_region import BACKGROUND, background_mask, shrunk
from models.quality.luminance import Grey, luminance

_LEAST_PIXELS = 500


def background_uniformity(sides: Sequence[tuple[Pixels, NDArray[np.uint8]]]) -> float | None:
    """The mean luminance gradient behind the head: 0 is a plain wall, 50 a room.

    `sides` are the two BACKGROUND windows of the aligned picture, (292, 90, 3) uint8 RGB, each with where the photo
    reaches in it, (292, 90). None when the head fills the photo.
    """
    steepness, behind = 0.0, 0
    for window, (pixels, covered) in zip(BACKGROUND, sides, strict=True):
        mask = background_mask(window) if covered.all() else background_mask(window) & shrunk(covered)
        steepness += float(np.vdot(_gradients(luminance(pixels)), mask.astype(np.float32)))
        behind += int(np.count_nonzero(mask))
    return steepness / behind if behind >= _LEAST_PIXELS else None


def _gradients(light: Grey) -> Grey:
    across, down = cv2.Sobel(light, cv2.CV_32F, 1, 0), cv2.Sobel(light, cv2.CV_32F, 0, 1)
    return cv2.magnitude(across, down)
