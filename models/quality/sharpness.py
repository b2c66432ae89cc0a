"""How much of a face's detail is fine: a stand-in for the standard's random forest, which needs its model."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pixels import Pixels
from models.quality.mappings import sigmoid, whole

_MIDDLE, _WIDTH = 0.45, 0.03


def sharpness(pixels: Pixels, mask: NDArray[np.uint8]) -> float:
    """Contrast of fine detail, 1 to 2 pixels, over that of detail twice as large, inside the mask of an aligned face.

    (H, W, 3) uint8 RGB and (H, W) uint8. A sharp portrait has 0.5 to 0.8, one blurred by 4 pixels 0.42, a flat picture
    0. Being a ratio, it does not depend on how bright or rich in contrast the face is; noise passes for detail.
    """
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32), (3, 3), 0)
    half = (grey.shape[1] // 2, grey.shape[0] // 2)
    halved = cv2.resize(grey, half, interpolation=cv2.INTER_AREA)
    at_2, at_4 = cv2.GaussianBlur(halved, (0, 0), 1), cv2.GaussianBlur(halved, (0, 0), 2)
    inside = cv2.resize(mask, half, interpolation=cv2.INTER_NEAREST).astype(np.float32)
    fine, coarse = (float(np.vdot(cv2.absdiff(one, two), inside)) for one, two in ((halved, at_2), (at_2, at_4)))
    return fine / coarse if coarse > 1e-3 * float(inside.sum()) else 0.0


def sharpness_score(native: float) -> float:
    """0…100, our own curve: 98 for the median research portrait, half when it is blurred by 3 aligned pixels."""
    return whole(100 * sigmoid(native, _MIDDLE, _WIDTH))
