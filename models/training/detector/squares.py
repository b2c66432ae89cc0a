"""What teaches the closer look: squares about faces, beside them, and about what the first look took for one."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models.detection.candidates import overlap
from models.detection.face import MIRRORED_ORDER
from models.detection.refinement import MARGIN, SIDE_PX
from models.pixels import Pixels
from models.training.detector.composing import (
    SHRINK_BEFORE,
    any_of,
    chance,
    transform,
    turned_box,
    weathered,
)
from models.training.detector.pictures import Pictures

Floats = NDArray[np.float32]

_SAME, _ANOTHER = 0.45, 0.3
"""A square whose box overlaps a face by this much is one, below that much is none; between, nothing is taught."""

_WELL_CENTRED, _BADLY_CENTRED = (0.04, 0.06), (0.11, 0.17)
"""Deviation of the shift and of the size (as a logarithm), in sides of the box."""

_GREY = (127,) * 3


@dataclass(frozen=True, slots=True)
class Squares:
    """A batch: (N, 64, 64, 3) uint8 pixels, (N,) whether each is a face, (N, 14) where its box and points lie.

    Places are in units of the square's side over 1.5, from its middle: centre x, y, log width, height, five x, y.
    """

    pixels: Pixels
    is_face: NDArray[np.bool_]
    places: Floats


class Cutter:
    """Cuts squares without end from one seed; `proposals` are (K, 4) x, y, width, height a picture."""

    def __init__(self, pictures: Pictures, proposals: Sequence[Floats], rng: Generator) -> None:
        self._pictures = pictures
        self._proposals = proposals
        self._rng = rng
        self._suspected = [index for index in pictures.without_face if len(proposals[index])]

    def batch(self, size: int) -> Squares:
        """So many squares, faces and others about alike."""
        cut = [self._face() if number % 2 else self._other() for number in range(size)]
        pixels, is_face, places = zip(*cut, strict=True)
        return Squares(np.stack(pixels), np.array(is_face), np.stack(places).astype(np.float32))

    def _face(self) -> tuple[Pixels, bool, Floats]:
        """About a face, as badly centred and sized as a first look may see it."""
        rng = self._rng
        index = any_of(self._pictures.with_face, rng)
        box, points = self._pictures.face(index)
        while True:
            about = self._shaken(box, *(_WELL_CENTRED if chance(rng, 0.4) else _BADLY_CENTRED))
            if _overlap(about, box) >= _SAME:
                return self._cut(index, about, (box, points), covered=chance(rng, 0.2))

    def _other(self) -> tuple[Pixels, bool, Floats]:
        rng = self._rng
        kind = rng.random()
        if kind < 0.2:  # noqa: PLR2004
            index = any_of(self._pictures.with_face, rng)
            box, _ = self._pictures.face(index)
            entry = self._pictures.entries[index]
            for _ in range(20):
                about = self._anywhere(entry.width, entry.height)
                if _overlap(about, box) < _ANOTHER:
                    return self._cut(index, about, None)
        if kind < 0.6 and self._suspected:  # noqa: PLR2004
            index = any_of(self._suspected, rng)
            proposals = self._proposals[index]
            return self._cut(index, self._shaken(proposals[int(rng.integers(len(proposals)))], 0.08, 0.12), None)
        index = any_of(self._pictures.without_face, rng)
        entry = self._pictures.entries[index]
        return self._cut(index, self._anywhere(entry.width, entry.height), None)

    def _shaken(self, box: Floats, shift: float, scale: float) -> Floats:
        rng = self._rng
        width, height = box[2:] * np.exp(rng.normal(0, scale, 2))
        x, y = box[:2] + box[2:] / 2 + box[2:] * rng.normal(0, shift, 2)
        return np.array([x - width / 2, y - height / 2, width, height], np.float32)

    def _anywhere(self, width: int, height: int) -> Floats:
        """A box of a face's shape, anywhere in a picture and of any size."""
        rng = self._rng
        across = min(width, height) * np.exp(rng.uniform(np.log(0.15), np.log(0.95)))
        down = across * rng.uniform(1.0, 1.45)
        return np.array(
            [rng.uniform(0, width) - across / 2, rng.uniform(0, height) - down / 2, across, down], np.float32
        )

    def _cut(
        self, index: int, about: Floats, face: tuple[Floats, Floats] | None, *, covered: bool = False
    ) -> tuple[Pixels, bool, Floats]:
        rng = self._rng
        pixels = self._pictures[index]
        turn = float(np.clip(rng.normal(0, 11), -30, 30)) if chance(rng, 0.6) else 0.0
        mirrored = chance(rng, 0.5)
        side = MARGIN * np.sqrt(about[2] * about[3])
        middle = np.full(2, SIDE_PX / 2)
        matrix = transform(about[:2] + about[2:] / 2, middle, SIDE_PX / side, turn, mirrored=mirrored)
        square = _warped(pixels, matrix, rng)
        if covered:
            self._cover(square)
        places = np.zeros(14)
        if face is not None:
            box, points = face
            moved = points @ matrix[:, :2].T + matrix[:, 2]
            moved = moved[MIRRORED_ORDER] if mirrored else moved
            upright, unit = turned_box(box, matrix, turn), SIDE_PX / MARGIN
            places = np.concatenate(
                [(upright[:2] - middle) / unit, np.log(upright[2:] / unit), ((moved - middle) / unit).ravel()]
            )
        return weathered(square, rng), face is not None, places.astype(np.float32)

    def _cover(self, square: Pixels) -> None:
        """Lay a hand's, a mask's or a frame's worth of something over a part."""
        rng = self._rng
        width, height = (int(side) for side in rng.uniform(0.12, 0.4, 2) * SIDE_PX)
        left, top = (int(rng.integers(0, SIDE_PX - side)) for side in (width, height))
        part = square[top : top + height, left : left + width]
        if chance(rng, 0.4):
            part[:] = rng.integers(0, 256, 3)
            return
        other = self._pictures[any_of(self._pictures.without_face, rng)]
        part[:] = cv2.resize(other, (width, height), interpolation=cv2.INTER_AREA)


def _warped(pixels: Pixels, matrix: NDArray[np.float64], rng: Generator) -> Pixels:
    while np.sqrt(abs(np.linalg.det(matrix[:, :2]))) < SHRINK_BEFORE:
        pixels, matrix = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), matrix * [2, 2, 1]
    border = cv2.BORDER_CONSTANT if chance(rng, 0.7) else cv2.BORDER_REPLICATE
    size = (SIDE_PX, SIDE_PX)
    return cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border, borderValue=_GREY)


def _overlap(one: Floats, other: Floats) -> float:
    return float(overlap(_corners(one), _corners(other)[None])[0])


def _corners(box: Floats) -> Floats:
    return np.concatenate([box[:2], box[:2] + box[2:]])
