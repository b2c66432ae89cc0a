"""The aligned picture of ISO/IEC 29794-5: eyes, nose and mouth at fixed places in 616 × 616 pixels."""

import math
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detection.face import Landmarks
from models.pixels import Pixels

REFERENCE: Landmarks = ((251, 272), (364, 272), (308, 336), (262, 402), (355, 402))
"""Where the five landmarks lie in the aligned picture."""

_FAR_PX = 1_000_000.0

Affine = NDArray[np.float64]
"""(2, 3): x, y of one picture to x, y of another."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the aligned picture to look at: its top left corner and size there, and what size to look at it in."""

    left: float
    top: float
    zoom: float
    width_px: int
    height_px: int

    def placed(self) -> Affine:
        """From the aligned picture to this window's own pixels."""
        return np.array([[self.zoom, 0, -self.left * self.zoom], [0, self.zoom, -self.top * self.zoom]])


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a photo's pixels come to lie in the aligned picture: a similarity, (2, 3) float64."""

    transform: Affine

    @classmethod
    def of(cls, landmarks: Landmarks) -> Self | None:
        """The similarity that brings the landmarks nearest to their places (least squares); None if they coincide."""
        found, wanted = _complex(landmarks), _complex(REFERENCE)
        spread = found - found.mean()
        size = float(np.vdot(spread, spread).real)
        if not math.isfinite(size) or size < 1:
            return None
        turn = complex(np.vdot(spread, wanted - wanted.mean())) / size
        shift = complex(wanted.mean() - turn * found.mean())
        return cls(np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]]))

    @property
    def scale(self) -> float:
        """Aligned pixels per pixel of the photo."""
        return math.hypot(self.transform[0, 0], self.transform[1, 0])

    def brought_near(self, pixels: Pixels) -> tuple[Pixels, Self]:
        """A photo (H, W, 3) uint8 that is more than twice too large, shrunk to less than that, and its own alignment.

        `seen` samples bilinearly: it would skip pixels of a larger photo, and take the aliasing for sharpness.
        """
        coarse = max(1, int(1 / self.scale))
        height, width = (side // coarse for side in pixels.shape[:2])
        if coarse == 1 or min(height, width) < 1:
            return pixels, self
        small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
        enlarged = np.array([[coarse, 0, (coarse - 1) / 2], [0, coarse, (coarse - 1) / 2]])
        return small, type(self)(_after(self.transform, enlarged))

    def seen(self, pixels: Pixels, window: Window) -> Pixels:
        """What (H, W, 3) uint8 pixels of the photo show in a window; black where the photo does not reach."""
        into = _after(window.placed(), self.transform)
        return cv2.warpAffine(pixels, into, (window.width_px, window.height_px), flags=cv2.INTER_LINEAR)

    def covered(self, size: tuple[int, int], window: Window) -> NDArray[np.uint8]:
        """1 where a photo of (height, width) pixels reaches in a window, else 0: (H, W) uint8."""
        height, width = size
        corners = np.array([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], np.float64)
        into = _after(window.placed(), self.transform)
        placed = np.maximum(-_FAR_PX, np.minimum(_FAR_PX, corners @ into[:, :2].T + into[:, 2]))
        mask = np.zeros((window.height_px, window.width_px), np.uint8)
        cv2.fillConvexPoly(mask, np.rint(placed).astype(np.int32), 1)
        return mask


def _complex(points: Landmarks) -> NDArray[np.complex128]:
    return np.array([complex(x, y) for x, y in points])


def _after(second: Affine, first: Affine) -> Affine:
    """`first`, then `second`."""
    both = second[:, :2] @ first
    both[:, 2] += second[:, 2]
    return both
