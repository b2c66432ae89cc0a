"""Faces behind a mask or dark glasses: people who send such a photo are real, whatever a profile asks of portraits."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models.pixels import Pixels
from models.training.pictures import Box

Colour = NDArray[np.float64]
Share = NDArray[np.float32]
"""(H, W): how much of each pixel is covered, 0 to 1."""

_IS_A_MASK, _HAS_A_USUAL_COLOUR = 0.55, 0.7

_CLOTHS = ((235, 240, 245), (150, 195, 220), (25, 25, 28), (120, 160, 190), (245, 245, 245), (60, 60, 110))
_MIDDLE_GREY = 160

_MASK_OUTLINE = (
    (-0.55, 0.65), (-0.2, 0.55), (0.2, 0.55), (0.55, 0.65), (0.47, 0.92), (0.3, 1.05), (-0.3, 1.05), (-0.47, 0.92),
)  # fmt: skip
"""Corners of a mask: sideways from the face's middle in widths of its box, downwards from its top in heights."""


def partly_covered(pixels: Pixels, face: Box, rng: Generator) -> Pixels:
    """Lay a mask over mouth and nose, or dark glasses over the eyes; `face` is (x, y, width, height) in the pixels."""
    colour, share = (_mask if rng.random() < _IS_A_MASK else _dark_glasses)(pixels, face, rng)
    softness = 2 * max(1, round(face[2] / 60)) + 1
    share = cv2.blur(share, (softness, softness)) * np.float32(rng.uniform(0.85, 1))
    covering = _shaded(colour, pixels)
    return (pixels + (covering - pixels) * share[..., None]).astype(np.uint8)


def _mask(pixels: Pixels, face: Box, rng: Generator) -> tuple[Colour, Share]:
    x, y, width, height = face
    usual = np.array(_CLOTHS[int(rng.integers(len(_CLOTHS)))], np.float64)
    colour = usual if rng.random() < _HAS_A_USUAL_COLOUR else rng.uniform(0, 255, 3)
    grown, lower = rng.uniform(0.9, 1.1), rng.uniform(-0.05, 0.05)
    corners = [(x + width * (0.5 + grown * across), y + height * (down + lower)) for across, down in _MASK_OUTLINE]
    share = np.zeros(pixels.shape[:2], np.float32)
    cv2.fillPoly(share, [np.round(corners).astype(np.int32)], 1.0)
    return colour, share


def _dark_glasses(pixels: Pixels, face: Box, rng: Generator) -> tuple[Colour, Share]:
    x, y, width, height = face
    eyes_y, radius = y + rng.uniform(0.34, 0.42) * height, rng.uniform(0.15, 0.22) * width
    axes = (max(1, round(radius)), max(1, round(radius * rng.uniform(0.6, 1))))
    share = np.zeros(pixels.shape[:2], np.float32)
    for across in (0.28, 0.72):
        cv2.ellipse(share, (round(x + across * width), round(eyes_y)), axes, 0, 0, 360, 1.0, -1)
    return rng.uniform(0, 60, 3), share


def _shaded(colour: Colour, pixels: Pixels) -> NDArray[np.float32]:
    """The covering's colour in the light that falls on the face."""
    light = cv2.blur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (31, 31)).astype(np.float32)[..., None] / _MIDDLE_GREY
    return np.clip(colour.astype(np.float32) * np.clip(light, 0.3, 1.3), 0, 255)
