"""What every face detector says: boxes, five landmarks where it knows them, and its own score."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.pixels import Pixels

Point: TypeAlias = tuple[float, float]
"""x to the right and y downwards from the top left corner, in pixels."""

Landmarks: TypeAlias = tuple[Point, Point, Point, Point, Point]
"""Eye at the viewer's left, at the right, tip of the nose, mouth corner at the viewer's left, at the right."""

MIRRORED_ORDER = [1, 0, 2, 4, 3]
"""Which landmark each of the five becomes in the mirror."""


@dataclass(frozen=True, slots=True)
class Face:
    """A face's box in pixels of the picture it was found in, and the detector's own score (higher is surer).

    Boxes lie inside the picture; landmarks may lie beyond its edge, and are None from a detector that knows none.
    """

    x: int
    y: int
    width: int
    height: int
    score: float
    landmarks: Landmarks | None = None

    @property
    def area(self) -> int:
        """Square pixels."""
        return self.width * self.height

    @property
    def corners(self) -> NDArray[np.float32]:
        """(4,) left, top, right, bottom."""
        return np.array([self.x, self.y, self.x + self.width, self.y + self.height], np.float32)

    def scaled(self, factor: float) -> "Face":
        """The same face in a picture `factor` times as large."""
        x, y, width, height = (round(side * factor) for side in (self.x, self.y, self.width, self.height))
        return Face(x, y, width, height, self.score, _scaled(self.landmarks, factor))


class FaceDetector(Protocol):
    """Anything that finds faces in upright RGB pixels."""

    def detect(self, pixels: Pixels) -> list[Face]:
        """The faces in (H, W, 3) uint8 RGB pixels, largest first."""
        ...


def _scaled(landmarks: Landmarks | None, factor: float) -> Landmarks | None:
    if landmarks is None:
        return None
    one, two, three, four, five = ((x * factor, y * factor) for x, y in landmarks)
    return one, two, three, four, five
