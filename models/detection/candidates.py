"""What a detection network says, on its way to a list of faces."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detection.face import Face, Landmarks
from models.pixels import Pixels, resized

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """K places that may be a face, float32.

    `corners` (K, 4) are left, top, right, bottom and `points` (K, 5, 2) x, y in pixels, first of the network's input;
    `scores` (K,) lie in 0…1.
    """

    corners: Floats
    points: Floats
    scores: Floats

    def sure(self, min_score: float) -> "Candidates":
        """Those of at least `min_score`, surest first."""
        kept = np.flatnonzero(self.scores >= min_score)
        return self._only(kept[np.argsort(-self.scores[kept], kind="stable")])

    def without_overlaps(self, max_overlap: float) -> "Candidates":
        """Greedy non-maximum suppression of what is sorted surest first.

        A box goes when its intersection over union with a surer one that stays is above `max_overlap`.
        """
        waiting = np.arange(len(self.scores))
        kept = []
        while len(waiting):
            best, waiting = waiting[0], waiting[1:]
            kept.append(best)
            waiting = waiting[overlap(self.corners[best], self.corners[waiting]) <= max_overlap]
        return self._only(np.array(kept, dtype=np.intp))

    def first(self, count: int) -> "Candidates":
        """At most so many."""
        return self._only(np.arange(min(count, len(self.scores))))

    def times(self, factor: float) -> "Candidates":
        """The same in a picture `factor` times as large."""
        return Candidates(self.corners * np.float32(factor), self.points * np.float32(factor), self.scores)

    def faces(self, pixels: Pixels) -> list[Face]:
        """As faces of the picture in whose pixels they are given, clipped to it, largest first."""
        height, width = pixels.shape[:2]
        corners = np.clip(self.corners, 0, [width, height, width, height])
        found = [
            _face(corner, points, float(score))
            for corner, points, score in zip(corners, self.points, self.scores, strict=True)
        ]
        return sorted((face for face in found if face.area), key=lambda face: face.area, reverse=True)

    def _only(self, kept: NDArray[np.intp]) -> "Candidates":
        return Candidates(self.corners[kept], self.points[kept], self.scores[kept])


def overlap(box: Floats, others: Floats) -> Floats:
    """Intersection over union of one (4,) box with (K, 4) others, all left, top, right, bottom -> (K,)."""
    sides = np.clip(np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2]), 0, None)
    shared = sides.prod(axis=1)
    union = (box[2:] - box[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(axis=1) - shared
    return shared / np.maximum(union, np.finfo(np.float32).tiny)


def letterboxed(pixels: Pixels, long_side_px: int, multiple_px: int, ground: int = 0) -> tuple[Pixels, float]:
    """The picture at `long_side_px`, at the top left of a `ground` whose sides are multiples; and its scale."""
    scale = long_side_px / max(pixels.shape[:2])
    height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
    small = resized(pixels, width, height)
    below, beside = -height % multiple_px, -width % multiple_px
    return cv2.copyMakeBorder(small, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=(ground,) * 3), scale


def _face(corners: Floats, points: Floats, score: float) -> Face:
    left, top, right, bottom = (round(float(side)) for side in corners)
    return Face(left, top, right - left, bottom - top, score, _landmarks(points))


def _landmarks(points: Floats) -> Landmarks:
    one, two, three, four, five = ((float(x), float(y)) for x, y in points)
    return one, two, three, four, five
