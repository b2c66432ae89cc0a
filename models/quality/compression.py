"""How hard a photo was compressed: a stand-in for the standard's network, which needs its model.

The native value is the quality, 1 to 100, at which the Independent JPEG Group's encoder compresses as hard.
"""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pixels import Pixels
from models.quality.mappings import sigmoid, whole

_MIDDLE, _WIDTH = 30, 8

_LOW_FREQUENCIES = 10
_STANDARD_SUM = 132
"""Sum of the first ten entries, in zigzag order, of the example table for luminance in ITU-T T.81, K.1: quality 50.

The higher frequencies' entries are cut off at 255 from quality 25 downwards.
"""

_SOI_BYTES, _SOS, _DQT = 2, 0xDA, 0xDB
_TABLE_ENTRIES = 64
_BLOCK_PX = 8

_BLOCKINESS = (1.06, 1.10, 1.18, 1.27, 1.34, 1.39, 1.48, 1.61, 1.86, 2.54, 4.11)
_QUALITY = (95, 90, 80, 70, 60, 50, 40, 30, 20, 10, 5)
"""Median blockiness of 120 research photos after compression at each quality."""


def compression_score(quality: float) -> float:
    """0…100, our own curve: 99 at a quality of 70, half at 30."""
    return whole(100 * sigmoid(quality, _MIDDLE, _WIDTH))


def jpeg_quality(jpeg: bytes) -> float | None:
    """What a JPEG's own table for luminance says; None where the bytes hold none."""
    total = next(_luminance_tables(jpeg), None)
    if not total:
        return None
    percent = 100 * total / _STANDARD_SUM
    return min(100.0, max(1.0, 5000 / percent if percent > 100 else 100 - percent / 2))  # noqa: PLR2004 - percent


def seen_quality(pixels: Pixels) -> float | None:
    """What the steps at the edges of 8 × 8 blocks say, in (H, W, 3) uint8 RGB pixels of the size they were saved in.

    None for a picture of less than three blocks a side.
    """
    if min(pixels.shape[:2]) < 3 * _BLOCK_PX:
        return None
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    # Every second line tells as much as all of them.
    across, down = (cv2.absdiff(lines[:, 1:], lines[:, :-1]) for lines in (grey[::2], cv2.transpose(grey[:, ::2])))
    return float(np.interp((_blockiness(across) + _blockiness(down)) / 2, _BLOCKINESS, _QUALITY))


def _blockiness(steps: NDArray[Any]) -> float:
    """The steps at the phase of 8 where they are largest over those at a usual one, wherever the grid begins."""
    lines = cv2.reduce(steps, 0, cv2.REDUCE_AVG, dtype=cv2.CV_32F).ravel()
    phases = lines[: len(lines) // _BLOCK_PX * _BLOCK_PX].reshape(-1, _BLOCK_PX).mean(axis=0)
    return float(phases.max() / max(0.05, float(np.median(phases))))


def _luminance_tables(jpeg: bytes) -> Iterator[int]:
    """The low frequencies' sum in each quantisation table number 0, which encoders use for luminance."""
    for marker, segment in _segments(jpeg):
        rest = segment if marker == _DQT else b""
        while rest:
            wide, number = divmod(rest[0], 16)
            length = _TABLE_ENTRIES * (2 if wide else 1)
            table, rest = rest[1 : 1 + length], rest[1 + length :]
            if number == 0 and len(table) == length:
                entries = np.frombuffer(table, ">u2" if wide else "u1")
                yield int(entries[:_LOW_FREQUENCIES].sum(dtype=np.int64))


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment before the picture's data (ITU-T T.81, annex B); ends where sense ends."""
    place = _SOI_BYTES
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF:  # noqa: PLR2004 - every marker begins with it
        marker, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if marker == _SOS or length < 2:  # noqa: PLR2004 - a length counts its own two bytes
            return
        yield marker, jpeg[place + 4 : place + 2 + length]
        place += 2 + length
