"""What a crop is known again by: the signs of its lowest frequencies, and which way it lies for the classifier.

The perceptual hash is PDQ's (Facebook, 2019): which of 16 × 16 DCT coefficients of the grey picture exceed their
median. Left and right exchanged, every second column changes its sign, so that the mirror image's hash costs no
second transform.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import shake_256

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pixels import Pixels

Floats = NDArray[np.float64]

SAMPLED_PX = 64
KEPT = 16
SIGNS = 128
LEAST_DETAIL = 20.0
"""Root mean square of the coefficients, below which rounding and compression decide the bits."""

_PLANES_OF = b"photogate.planes.1"
_PLACES = sorted(((row, column) for row in range(1, KEPT + 1) for column in range(1, KEPT + 1)), key=sum)
_ROWS, _COLUMNS = np.array(_PLACES).T
_MIRRORED = np.where(_COLUMNS % 2, -1, 1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class PerceptualHash:
    """256 bits of a picture, and those of its mirror image."""

    direct: bytes
    mirrored: bytes


def perceptual_hash(crop: Pixels) -> PerceptualHash | None:
    """The hash of (H, W, 3) uint8 RGB; None of a picture that is too plain to be told from others."""
    lowest = frequencies(crop)
    if float(np.sqrt(np.mean(lowest**2))) < LEAST_DETAIL:
        return None
    return PerceptualHash(*(hashes_of(each[None])[0].tobytes() for each in (lowest, mirrored(lowest))))


def frequencies(crop: Pixels) -> NDArray[np.float32]:
    """(256,) coefficients of (H, W, 3) uint8 RGB, the lowest frequencies first."""
    grey = cv2.resize(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), (SAMPLED_PX, SAMPLED_PX), interpolation=cv2.INTER_AREA)
    transformed = cv2.dct(grey.astype(np.float32))
    return transformed[_ROWS, _COLUMNS]


def mirrored(lowest: NDArray[np.float32]) -> NDArray[np.float32]:
    """(..., 256) coefficients -> those of the mirror images."""
    return lowest * _MIRRORED


def hashes_of(lowest: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(N, 256) coefficients -> (N, 32) bytes: which of them exceed their picture's median."""
    return np.packbits(lowest > np.median(lowest, axis=1, keepdims=True), axis=1)


def signs(features: Floats) -> bytes:
    """(C,) -> 128 bits: on which side of 128 fixed planes through the middle the picture lies (SimHash, Charikar 2002).

    The angle between two pictures is about pi times the share of bits in which they differ.
    """
    centred = features - features.mean()
    return np.packbits(centred @ _planes(len(features)) > 0).tobytes()


@lru_cache(maxsize=4)
def _planes(channels: int) -> Floats:
    """The same for ever, whatever becomes of anybody's random numbers."""
    drawn = shake_256(_PLANES_OF).digest(channels * SIGNS // 8)
    return np.unpackbits(np.frombuffer(drawn, np.uint8)).reshape(channels, SIGNS).astype(np.float64) * 2 - 1
