"""What can be told from a crop without looking for traces: the yardstick beside the network's figures.

A network that is hardly better than these has learnt where pictures come from, not how they were made.
"""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from models.pixels import Pixels

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SMALL_PX = 64
_BINS = 8
_QUALITIES = (50, 75, 90)


def colour_statistics(crop: Pixels) -> Floats:
    """Mean, spread and an 8-bin histogram of each channel at 64 px, in RGB and in YCbCr: 60 numbers."""
    small = cv2.resize(crop, (_SMALL_PX, _SMALL_PX), interpolation=cv2.INTER_AREA)
    planes = np.concatenate([small, cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb)], axis=2).reshape(-1, 6).T
    counts = [np.histogram(plane, _BINS, (0, 256))[0] / plane.size for plane in planes]
    return np.concatenate([planes.mean(axis=1) / 255, planes.std(axis=1) / 255, *counts])


def jpeg_sizes(crop: Pixels) -> Floats:
    """How many bytes the crop takes as a JPEG of three qualities, as logarithms: detail, blur and noise in a number."""
    files = [simplejpeg.encode_jpeg(np.ascontiguousarray(crop), quality=quality) for quality in _QUALITIES]
    return np.log([len(file) for file in files])


SHORTCUTS: Mapping[str, Callable[[Pixels], Floats]] = {"colour": colour_statistics, "jpeg_size": jpeg_sizes}
"""Name of a shortcut -> what it measures of one (224, 224, 3) crop."""


def photo_scores(measured: Floats, taught: Floats, is_photo: Flags) -> Floats:
    """(N, F) judged by a logistic regression on (M, F) taught, classes weighing alike: (N,) higher for a photo."""
    middle, spread = taught.mean(axis=0), taught.std(axis=0) + 1e-9
    columns = np.column_stack([(taught - middle) / spread, np.ones(len(taught))])
    weights = np.where(is_photo, 0.5 / is_photo.sum(), 0.5 / (~is_photo).sum())
    ridge = 1e-3 * np.eye(columns.shape[1])
    slopes = np.zeros(columns.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(columns @ slopes, -30, 30)))
        gradient = columns.T @ (weights * (p - is_photo)) + ridge @ slopes
        curvature = (columns.T * (weights * p * (1 - p))) @ columns + ridge
        slopes = slopes - np.linalg.solve(curvature, gradient)
    return np.column_stack([(measured - middle) / spread, np.ones(len(measured))]) @ slopes
