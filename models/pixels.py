"""The one array type that all picture code shares, and making such an array smaller."""

from typing import Any, TypeAlias

import cv2
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[Any]
"""(H, W, 3) uint8 RGB, or (N, H, W, 3) for several; OpenCV's stubs know no dtype, so the type cannot name it."""


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """(H, W, 3) pixels at another size, halved exactly as often as that goes and then interpolated.

    Averaging over areas of broken size would take eight times as long. An odd row or column at the edge is lost.
    """
    while (halves := _halves(pixels, width, height)) != pixels.shape[1::-1]:
        even = pixels[: halves[1] * (pixels.shape[0] // halves[1]), : halves[0] * (pixels.shape[1] // halves[0])]
        pixels = cv2.resize(even, halves, interpolation=cv2.INTER_AREA)
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)


def _halves(pixels: Pixels, width: int, height: int) -> tuple[int, int]:
    """Width and height of the next step: each side that is at least twice too long, halved."""
    across, down = pixels.shape[1], pixels.shape[0]
    return (across // 2 if across >= 2 * width else across, down // 2 if down >= 2 * height else down)
