"""Whether skin has the colour of skin."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pixels import Pixels

_GREEN_TO_RED = (5, 25)
_BLUE_TO_YELLOW = (5, 35)
_UNNATURAL = 100.0
_EVERY = 2
"""A mean needs no more than every second pixel of every second row."""


def natural_colour(left_cheek: Pixels, right_cheek: Pixels) -> float:
    """Distance of the cheeks' mean CIELAB a*, b* from where skin lies; the pixels are (H, W, 3) uint8 RGB.

    100 when either is negative, as the standard has it, and 0 for a picture without any colour: whether a grey photo
    is welcome is another question.
    """
    skin = np.concatenate([cheek[::_EVERY, ::_EVERY].reshape(-1, 1, 3) for cheek in (left_cheek, right_cheek)])
    if _is_grey(skin):
        return 0.0
    lab = cv2.cvtColor(skin.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    _, a, b = lab.reshape(-1, 3).mean(axis=0, dtype=np.float64)
    if min(a, b) < 0:
        return _UNNATURAL
    return math.hypot(_outside(a, *_GREEN_TO_RED), _outside(b, *_BLUE_TO_YELLOW))


def _is_grey(pixels: NDArray[np.uint8]) -> bool:
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return bool((red == green).all() and (green == blue).all())


def _outside(value: float, least: float, most: float) -> float:
    return max(0.0, least - value, value - most)
