"""Training scenes: portraits and things that are no face, turned, scaled, cut off, covered, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models.detection.face import MIRRORED_ORDER
from models.pixels import Pixels
from models.training.detector.pictures import Pictures

_LEAST_VISIBLE = 0.55
"""A face cut off further than this is neither taught nor counted as a false alarm."""

_SMALLEST_FACE_PX = 11

SHRINK_BEFORE = 0.5
"""Below this scale a warp alone would skip pixels."""

_WHOLE, _BESIDE, _ABOVE = 0, 1, 2
_SHARES = (0.66, 0.1, 0.08, 0.16)
"""How often a scene is one patch, two beside each other, one above another, or four."""


@dataclass(frozen=True, slots=True)
class Scene:
    """(S, S, 3) uint8 pixels, and K faces: boxes (K, 4) as centre x, y, width, height and points (K, 5, 2).

    `counts` (K,) is False for a face that is too small or too cut off to be asked for.
    """

    pixels: Pixels
    boxes: NDArray[np.float32]
    points: NDArray[np.float32]
    counts: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Patch:
    """A part of the canvas, in pixels."""

    left: int
    top: int
    width: int
    height: int


class Composer:
    """Makes scenes without end from one seed."""

    def __init__(self, pictures: Pictures, rng: Generator) -> None:
        self._pictures = pictures
        self._rng = rng
        self.hard: list[int] = []
        """Pictures without a face in which the detector saw one; a third of the empty patches show them."""

    def scene(self, size_px: int) -> Scene:
        """One scene of `size_px` squared."""
        rng = self._rng
        canvas = self._ground(size_px)
        faces = [self._fill(canvas, patch) for patch in _patches(size_px, rng)]
        found = [face for face in faces if face is not None]
        boxes = np.array([box for box, _ in found], np.float32).reshape(-1, 4)
        points = np.array([landmarks for _, landmarks in found], np.float32).reshape(-1, 5, 2)
        counts = _visible(boxes, size_px) & (np.sqrt(boxes[:, 2] * boxes[:, 3]) >= _SMALLEST_FACE_PX)
        for box in boxes:
            if chance(rng, 0.2):
                self._cover(canvas, box)
        return Scene(weathered(canvas, rng), boxes, points, counts)

    def _ground(self, size_px: int) -> Pixels:
        """What lies behind the pictures: a colour, or a picture of something else, blurred."""
        colour = self._rng.integers(0, 256, 3).astype(np.uint8)
        canvas = np.empty((size_px, size_px, 3), np.uint8)
        canvas[:] = 255 if chance(self._rng, 0.3) else colour
        if chance(self._rng, 0.4):
            self._show_something_else(canvas)
        return canvas

    def _fill(self, canvas: Pixels, patch: _Patch) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Show a face or something else in one patch; the face's box and points on the canvas."""
        part = canvas[patch.top : patch.top + patch.height, patch.left : patch.left + patch.width]
        if chance(self._rng, 0.3):
            self._show_something_else(part)
            return None
        box, points = self._show_a_face(part)
        shift = np.array([patch.left, patch.top], np.float32)
        return np.concatenate([box[:2] + shift, box[2:]]), points + shift

    def _show_something_else(self, part: Pixels) -> None:
        rng = self._rng
        hard = self.hard and chance(rng, 0.35)
        pixels = self._pictures[any_of(self.hard if hard else self._pictures.without_face, rng)]
        height, width = part.shape[:2]
        longest = max(pixels.shape[:2])
        factor = min(part.shape[:2]) / longest * np.exp(rng.uniform(np.log(0.6), np.log(1.8)))
        middle = np.array(pixels.shape[1::-1], np.float32) * rng.uniform(0.35, 0.65, 2)
        target = np.array([width, height]) * rng.uniform(0.4, 0.6, 2)
        turn = float(np.clip(rng.normal(0, 10), -30, 30))
        _paste(part, pixels, transform(middle, target, factor, turn, mirrored=chance(rng, 0.5)), rng)

    def _show_a_face(self, part: Pixels) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rng = self._rng
        index = any_of(self._pictures.with_face, rng)
        pixels, (box, points) = self._pictures[index], self._pictures.face(index)
        height, width = part.shape[:2]
        smallest = 0.3 if chance(rng, 0.7) else 0.08
        wanted = min(height, width) * np.exp(rng.uniform(np.log(smallest), np.log(0.98)))
        factor = wanted / max(box[2:])
        reach = 0.5 * wanted * (1 if chance(rng, 0.85) else rng.uniform(0.3, 1))
        target = np.array([_within(reach, width, rng), _within(reach, height, rng)])
        turn = float(np.clip(rng.normal(0, 11), -30, 30))
        mirrored = chance(rng, 0.5)
        matrix = transform(box[:2] + box[2:] / 2, target, factor, turn, mirrored=mirrored)
        _paste(part, pixels, matrix, rng)
        moved = points @ matrix[:, :2].T + matrix[:, 2]
        return turned_box(box, matrix, turn), (moved[MIRRORED_ORDER] if mirrored else moved).astype(np.float32)

    def _cover(self, canvas: Pixels, box: NDArray[np.float32]) -> None:
        """Lay a hand's, a mask's or a frame's worth of something over part of a face."""
        rng, size = self._rng, canvas.shape[0]
        width, height = box[2:] * rng.uniform(0.15, 0.55, 2)
        x, y = box[:2] + box[2:] * rng.uniform(-0.5, 0.5, 2)
        left, top = (int(np.clip(low, 0, size - 1)) for low in (x - width / 2, y - height / 2))
        right, bottom = (int(np.clip(high, 1, size)) for high in (x + width / 2, y + height / 2))
        part = canvas[top:bottom, left:right]
        if part.size and chance(rng, 0.5):
            part[:] = rng.integers(0, 256, 3)
        elif part.size:
            self._show_something_else(part)


def chance(rng: Generator, probability: float) -> bool:
    """True so often."""
    return bool(rng.random() < probability)


def any_of(some: Sequence[int], rng: Generator) -> int:
    """One of them, each as likely."""
    return some[int(rng.integers(len(some)))]


def _patches(size: int, rng: Generator) -> list[_Patch]:
    """One patch most of the time; else two or four that together fill the canvas."""
    kind = rng.choice(4, p=_SHARES)
    cut_x, cut_y = (int(size * rng.uniform(0.35, 0.65)) for _ in range(2))
    if kind == _WHOLE:
        return [_Patch(0, 0, size, size)]
    if kind == _BESIDE:
        return [_Patch(0, 0, cut_x, size), _Patch(cut_x, 0, size - cut_x, size)]
    if kind == _ABOVE:
        return [_Patch(0, 0, size, cut_y), _Patch(0, cut_y, size, size - cut_y)]
    columns, rows = ((0, cut_x), (cut_x, size)), ((0, cut_y), (cut_y, size))
    return [_Patch(left, top, right - left, bottom - top) for left, right in columns for top, bottom in rows]


def _within(reach: float, length: int, rng: Generator) -> float:
    """A centre so that at least `reach` on both sides stays inside, if there is room."""
    return float(rng.uniform(reach, length - reach)) if 2 * reach < length else length / 2


def transform(middle: NDArray, target: NDArray, factor: float, turn: float, *, mirrored: bool) -> NDArray[np.float64]:
    """The (2, 3) matrix that mirrors, scales and turns (degrees) about `middle` and puts it at `target`."""
    cos, sin = np.cos(np.radians(turn)) * factor, np.sin(np.radians(turn)) * factor
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([-1.0 if mirrored else 1.0, 1.0])
    return np.column_stack([linear, target - linear @ middle])


def turned_box(box: NDArray, matrix: NDArray, turn: float) -> NDArray[np.float32]:
    """Centre x, y, width, height of the upright box about the turned face, taken for an ellipse."""
    centre = matrix[:, :2] @ (box[:2] + box[2:] / 2) + matrix[:, 2]
    width, height = box[2:] * np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    sides = np.hypot(width * cos, height * sin), np.hypot(width * sin, height * cos)
    return np.array([*centre, *sides], np.float32)


def _paste(part: Pixels, pixels: Pixels, matrix: NDArray, rng: Generator) -> None:
    """Warp a picture into `part`; what it does not reach keeps what was there, or repeats the picture's edge."""
    height, width = part.shape[:2]
    if np.sqrt(abs(np.linalg.det(matrix[:, :2]))) < SHRINK_BEFORE:
        pixels, matrix = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), matrix * [2, 2, 1]
    border = cv2.BORDER_TRANSPARENT if chance(rng, 0.6) else cv2.BORDER_REPLICATE
    below = np.ascontiguousarray(part)
    part[:] = cv2.warpAffine(pixels, matrix, (width, height), dst=below, flags=cv2.INTER_LINEAR, borderMode=border)


def _visible(boxes: NDArray[np.float32], size: int) -> NDArray[np.bool_]:
    low, high = boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2
    seen = np.clip(np.minimum(high, size) - np.maximum(low, 0), 0, None).prod(axis=1)
    return seen >= _LEAST_VISIBLE * boxes[:, 2:].prod(axis=1)


def weathered(canvas: Pixels, rng: Generator) -> Pixels:
    """What cameras, scanners and upload forms do: light, colour, blur, noise, lost pixels, JPEG."""
    if chance(rng, 0.2):
        canvas = np.repeat(cv2.cvtColor(canvas, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    if chance(rng, 0.7):
        levels = (np.arange(256) / 255) ** np.exp(rng.normal(0, 0.3)) * 255
        gains = np.exp(rng.normal(0, 0.12)) * np.exp(rng.normal(0, 0.06, 3))
        table = np.clip((levels[:, None] - 128) * gains * rng.uniform(0.7, 1.2) + 128 + rng.normal(0, 15), 0, 255)
        canvas = cv2.LUT(canvas, table.astype(np.uint8)[None])
    size = canvas.shape[0]
    if chance(rng, 0.25):
        less = int(size * rng.uniform(0.35, 0.8))
        small = cv2.resize(canvas, (less, less), interpolation=cv2.INTER_AREA)
        canvas = cv2.resize(small, (size, size), interpolation=cv2.INTER_LINEAR)
    if chance(rng, 0.15):
        noise = rng.standard_normal((size, size, 1), dtype=np.float32) * rng.uniform(2, 14)
        canvas = np.clip(canvas + noise, 0, 255).astype(np.uint8)
    if chance(rng, 0.2):
        _, written = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 80))])
        canvas = np.asarray(cv2.imdecode(written, cv2.IMREAD_COLOR))
    return np.ascontiguousarray(canvas)
