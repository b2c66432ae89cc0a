"""The closer look: each place that may be a face is cut out as a small square and judged again, for itself."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from models.detection.candidates import Candidates, Floats
from models.pixels import Pixels, resized

SIDE_PX = 64
"""Side of the square as the network sees it."""

MARGIN = 1.5
"""Sides of the square, in mean sides of the box that it is cut around."""

VALUES = 15
"""Face logit; centre x, y and log width, height of the box; five x, y of the landmarks."""

_GREY = (127,) * 3


class Square(NamedTuple):
    """Where a square lies in its picture, in pixels; parts of it may lie outside."""

    left: int
    top: int
    side: int

    @classmethod
    def around(cls, corners: Floats) -> "Square":
        """The square about a (4,) box left, top, right, bottom."""
        sides = np.maximum(corners[2:] - corners[:2], 1)
        side = max(1, round(float(np.sqrt(sides.prod())) * MARGIN))
        left, top = (round(float(middle - side / 2)) for middle in (corners[:2] + corners[2:]) / 2)
        return cls(left, top, side)

    @property
    def middle(self) -> tuple[float, float]:
        """x, y of what pixel 32, 32 shows, where a pixel's number names its own middle."""
        half = (SIDE_PX + 1) / 2 * self.side / SIDE_PX - 0.5
        return self.left + half, self.top + half

    def cut(self, pixels: Pixels) -> Pixels:
        """(64, 64, 3) of (H, W, 3) pixels, grey where the picture ends."""
        height, width = pixels.shape[:2]
        right, bottom = self.left + self.side, self.top + self.side
        inside = pixels[max(0, self.top) : max(0, bottom), max(0, self.left) : max(0, right)]
        beyond = (max(0, -self.top), max(0, bottom - height), max(0, -self.left), max(0, right - width))
        if any(beyond):
            inside = cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_CONSTANT, value=_GREY)
        return resized(inside, SIDE_PX, SIDE_PX)


@dataclass(frozen=True, slots=True)
class Squares:
    """The squares about K candidates, and the pixels that they hold, (K, 64, 64, 3) uint8."""

    places: list[Square]
    pixels: Pixels

    @classmethod
    def about(cls, candidates: Candidates, pixels: Pixels) -> "Squares":
        """Cut them out of (H, W, 3) pixels, in which the candidates are given."""
        places = [Square.around(corners) for corners in candidates.corners]
        return cls(places, np.stack([place.cut(pixels) for place in places]))

    def read(self, said: Floats) -> Candidates:
        """What the network says of them, (K, 15), as candidates in the picture's pixels."""
        middles = np.array([place.middle for place in self.places])
        units = np.array([place.side / MARGIN for place in self.places])[:, None]
        centres = middles + said[:, 1:3] * units
        halves = np.exp(np.clip(said[:, 3:5], -4, 4)) * units / 2
        points = middles[:, None] + said[:, 5:].reshape(-1, 5, 2) * units[:, None]
        corners = np.concatenate([centres - halves, centres + halves], axis=1)
        scores = 1 / (1 + np.exp(-np.clip(said[:, 0], -30, 30)))
        return Candidates(*(values.astype(np.float32) for values in (corners, points, scores)))
