"""Random views as the sources of the networks describe them: flip, ±15° rotation, colour jitter, random crop."""

import cv2
import numpy as np
from numpy.random import Generator

from models.pixels import Pixels

_TURN_DEGREES = 15.0
_CROPPED_SHARE = 7 / 8
"""A 224 px crop of a 256 px picture, the usual pair; the sources give none."""
_JITTER = 0.2
"""Brightness, contrast and saturation each change by up to this share; the sources give none."""


def source_view(crop: Pixels, rng: Generator, size_px: int) -> Pixels:
    """(224, 224, 3) uint8 RGB as the service crops it -> (size, size, 3) uint8."""
    whole = round(size_px / _CROPPED_SHARE)
    shrunk = cv2.resize(crop, (whole, whole), interpolation=cv2.INTER_AREA)
    return _jittered(_turned_and_cropped(shrunk, rng, size_px), rng)


def _turned_and_cropped(picture: Pixels, rng: Generator, size_px: int) -> Pixels:
    """Mirror, turn about the middle and move the window, in one step; what lies outside is black."""
    side = picture.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(-_TURN_DEGREES, _TURN_DEGREES), 1.0)
    matrix = np.asarray(turn, np.float64)
    if rng.random() < 1 / 2:
        matrix = matrix @ np.array([[-1.0, 0.0, side], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    matrix[:, 2] -= rng.uniform(0, side - size_px, 2)
    return np.asarray(cv2.warpAffine(picture, matrix, (size_px, size_px)), np.uint8)


def _jittered(picture: Pixels, rng: Generator) -> Pixels:
    brightness, contrast, saturation = 1 + rng.uniform(-_JITTER, _JITTER, 3)
    bright = picture.astype(np.float32) * brightness
    bright = (bright - bright.mean()) * contrast + bright.mean()
    grey = bright @ np.array([0.299, 0.587, 0.114], np.float32)
    coloured = grey[..., None] + (bright - grey[..., None]) * saturation
    return np.clip(coloured, 0, 255).astype(np.uint8)
