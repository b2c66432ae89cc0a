"""Where the faces are, by the cascade that comes with OpenCV."""

import math
from pathlib import Path

import cv2

from models.detection.face import Face
from models.pixels import Pixels

_SIDES_OF_OTHERS = 1.044
"""The cascade's square by the mean side of YuNet's box about the same face: median of 467 portraits."""


class HaarDetector:
    """OpenCV's boosted frontal-face cascade (Viola and Jones 2001; Lienhart's `alt2` trees) on a small grey copy.

    A wide picture is searched at a larger size, because it has room for several people; any picture is searched at a
    larger size once more where nothing was found.
    """

    _FIRST_LOOK = 120
    _LOOK_FOR_SEVERAL = 200
    _SECOND_LOOK = 256
    _WIDE = 1.15
    _SMALLEST_FACE = 22
    _SIZE_STEP = 1.15

    def __init__(self) -> None:
        """Load the cascade that comes inside OpenCV's wheel."""
        self._cascade = cv2.CascadeClassifier(
            str(Path(cv2.__file__).with_name("data") / "haarcascade_frontalface_alt2.xml"),
        )

    def detect(self, pixels: Pixels) -> list[Face]:
        """Find the faces in (H, W, 3) uint8 RGB pixels, largest first; the score counts agreeing windows."""
        height, width = pixels.shape[:2]
        if width > height * self._WIDE:
            found = self._search(pixels, self._LOOK_FOR_SEVERAL, least_windows=3)
        else:
            found = self._search(pixels, self._FIRST_LOOK, least_windows=2)
        if not found:
            found = self._search(pixels, self._SECOND_LOOK, least_windows=4)
        return sorted(without_echoes(found), key=lambda face: face.area, reverse=True)

    def _search(self, pixels: Pixels, look: int, least_windows: int) -> list[Face]:
        height, width = pixels.shape[:2]
        # Equal area rather than equal side: two people in a wide picture stay as large as one in a tall one.
        factor = look / math.sqrt(height * width)
        small = cv2.resize(
            pixels, (max(1, round(width * factor)), max(1, round(height * factor))), interpolation=cv2.INTER_AREA
        )
        # A face that fills the picture is found only with some room around it.
        room = look // 8
        size = (width, height)
        grey = cv2.copyMakeBorder(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), room, room, room, room, cv2.BORDER_REPLICATE)
        boxes, windows = self._cascade.detectMultiScale2(
            grey,
            scaleFactor=self._SIZE_STEP,
            minNeighbors=least_windows,
            minSize=(self._SMALLEST_FACE, self._SMALLEST_FACE),
        )
        return [
            _inside((x + side / 2 - room) / factor, (y + side / 2 - room) / factor, side / factor, float(votes), size)
            for (x, y, side, _), votes in zip(boxes, windows, strict=True)
        ]


def _inside(centre_x: float, centre_y: float, side: float, score: float, size: tuple[int, int]) -> Face:
    """A square box of the mean side that other detectors give the same face, clipped to the picture."""
    half = side / _SIDES_OF_OTHERS / 2
    x, y = max(0, round(centre_x - half)), max(0, round(centre_y - half))
    right, bottom = min(size[0], round(centre_x + half)), min(size[1], round(centre_y + half))
    return Face(x, y, max(1, right - x), max(1, bottom - y), score)


def without_echoes(faces: list[Face]) -> list[Face]:
    """Keep the surest face and whoever else is a person, surest first.

    Collars, ties and ears fire with a few windows about a true face's dozens, and every further face sends an honest
    applicant to review.
    """
    by_surety = sorted(faces, key=lambda face: face.score, reverse=True)
    kept: list[Face] = []
    for face in by_surety:
        if not kept or (_is_second_person(face, kept[0]) and not any(_overlap(face, other) for other in kept)):
            kept.append(face)
    return kept


def _is_second_person(face: Face, surest: Face) -> bool:
    """Large enough, and sure enough for where it lies: collars and ties lie below a face, people beside it."""
    shift = abs(face.x + face.width / 2 - surest.x - surest.width / 2)
    least_share = 0.3 if shift > max(face.width, surest.width) / 2 else 0.6
    return face.area >= 0.2 * surest.area and face.score >= least_share * surest.score


def _overlap(one: Face, other: Face) -> bool:
    """Whether the boxes share more than a third of the smaller one."""
    shared_width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    shared_height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return min(shared_width, shared_height) > 0 and shared_width * shared_height > min(one.area, other.area) / 3
