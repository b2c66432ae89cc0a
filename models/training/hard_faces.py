"""Real faces that honest people send and that look least like the rest: still faces, and to be accepted.

Every function takes (H, W, 3) uint8 RGB and the five landmarks in its pixels, and keeps the shape. Only what convinces
is here: a beard or another age cannot be painted on.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models.detection.face import Landmarks
from models.pixels import Pixels
from models.training.optics import RED_GREEN_BLUE, as_bytes, field, happens

HardFace = Callable[[Pixels, Landmarks, Generator], Pixels]
Points = NDArray[np.float64]

_FRAMES = ((20, 20, 22), (60, 40, 30), (120, 80, 40), (150, 150, 155), (180, 140, 60), (150, 30, 40), (30, 50, 110))


def hard_face(pixels: Pixels, landmarks: Landmarks, rng: Generator) -> Pixels:
    """One hardship of any kind."""
    return HARD_FACES[int(rng.integers(len(HARD_FACES)))](pixels, landmarks, rng)


def in_little_light(pixels: Pixels, landmarks: Landmarks, rng: Generator) -> Pixels:
    """Indoors at night: dark, yellow or blue, noisy, one side lit by a lamp or a screen."""
    height, width = pixels.shape[:2]
    frame = _Frame(landmarks)
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    angle = rng.uniform(0, 2 * np.pi)
    x, y = frame.middle + frame.size * 2.5 * np.array((np.cos(angle), np.sin(angle)))
    glow = np.exp(-np.hypot(across - x, down - y) / (frame.size * rng.uniform(2, 6)))
    light = rng.uniform(0.2, 0.4) + rng.uniform(0.1, 0.5) * glow
    tint = np.array((1.1, 1.0, 0.7) if happens(0.6, rng) else (0.85, 0.95, 1.15))
    curved = 255 * (pixels / np.float32(255)) ** np.float32(rng.uniform(0.9, 1.3))
    noise = rng.standard_normal(pixels.shape, dtype=np.float32) * np.float32(rng.uniform(1, 7))
    return as_bytes(curved * light[..., None] * tint.astype(np.float32) + cv2.GaussianBlur(noise, (0, 0), 0.6))


def far_away(pixels: Pixels, landmarks: Landmarks, rng: Generator) -> Pixels:
    """From a group picture or an old phone: the eyes a dozen pixels apart."""
    height, width = pixels.shape[:2]
    factor = min(1.0, rng.uniform(9, 20) / _Frame(landmarks).size)
    size = (max(8, round(width * factor)), max(8, round(height * factor)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    way = cv2.INTER_CUBIC if happens(0.5, rng) else cv2.INTER_LINEAR
    return cv2.resize(small, (width, height), interpolation=way)


def old_passport(pixels: Pixels, landmarks: Landmarks, rng: Generator) -> Pixels:
    """Grey or sepia, hard or washed out, on grained paper, with a stamp over a corner now and then."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    height, width = grey.shape
    contrast = rng.uniform(0.6, 1.5)
    grey = (grey - 128) * contrast + 128 + rng.uniform(-15, 25) + 6 * field(rng, height, width, min(height, 120))
    tone = np.array((1.0, 0.93, 0.8) if happens(0.4, rng) else (1.0, 1.0, 1.0), np.float32)
    photo = grey[..., None] * tone
    if happens(0.35, rng):
        _stamp(photo, _Frame(landmarks), rng)
    return as_bytes(photo)


def before_a_loud_ground(pixels: Pixels, landmarks: Landmarks, rng: Generator) -> Pixels:
    """A wall paper, a garden, a party: everything far from the face becomes stripes, checks or blotches."""
    height, width = pixels.shape[:2]
    frame = _Frame(landmarks)
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = frame.placed(across, down)
    person = np.minimum(np.hypot(x / 1.55, (y - 0.1) / 2.2), np.hypot(x / 3.4, (y - 4.6) / 3.0))
    keep = np.clip((1.15 - person) / 0.15, 0, 1)[..., None]
    ground = _pattern(height, width, rng)
    return as_bytes((ground + (pixels - ground) * keep).astype(np.float32))


def with_glasses(pixels: Pixels, landmarks: Landmarks, rng: Generator) -> Pixels:
    """Round, square or rimless lenses on the eyes, clear, tinted or mirroring a window."""
    frame = _Frame(landmarks)
    rim, thick = _FRAMES[int(rng.integers(len(_FRAMES)))], max(1, round(frame.size * rng.uniform(0.03, 0.1)))
    half = np.array((rng.uniform(0.33, 0.45), rng.uniform(0.24, 0.38)))
    power = rng.choice((2.0, 2.0, 3.0, 5.0))
    lenses = [_oval(frame, (side * 0.5, rng.uniform(0.02, 0.06)), half, power) for side in (-1, 1)]
    worn = pixels.copy()
    for lens in lenses:
        shade = worn.copy()
        cv2.fillPoly(shade, [lens], _colour(rng) if happens(0.3, rng) else (235, 240, 245), cv2.LINE_AA)
        worn = cv2.addWeighted(shade, (share := rng.uniform(0.03, 0.22)), worn, 1 - share, 0)
    cv2.polylines(worn, lenses, isClosed=True, color=rim, thickness=thick, lineType=cv2.LINE_AA)
    bridge = [frame.at((-0.5 + half[0], 0)), frame.at((0, -0.06)), frame.at((0.5 - half[0], 0))]
    temples = [[frame.at((s * (0.5 + half[0]), 0)), frame.at((s * 1.15, -0.03))] for s in (-1, 1)]
    for line in (bridge, *temples):
        cv2.polylines(worn, [_px(np.array(line))], isClosed=False, color=rim, thickness=thick, lineType=cv2.LINE_AA)
    return worn


def under_a_scarf(pixels: Pixels, landmarks: Landmarks, rng: Generator) -> Pixels:
    """A cloth around the face, from the forehead to the shoulders, the face left free."""
    height, width = pixels.shape[:2]
    frame = _Frame(landmarks)
    opening = _oval(frame, (0, 0.62), np.array((rng.uniform(1.0, 1.12), rng.uniform(1.28, 1.45))), 2.2)
    head = _oval(frame, (0, 0.4), np.array((rng.uniform(1.4, 1.6), rng.uniform(1.9, 2.1))), 2.2)
    fall = [frame.at(place) for place in ((-1.45, 0.6), (1.45, 0.6), (2.4, 4.2), (2.6, 9), (-2.6, 9), (-2.4, 4.2))]
    cloth = np.zeros((height, width), np.uint8)
    cv2.fillPoly(cloth, [head], 255, cv2.LINE_AA)
    cv2.fillPoly(cloth, [_px(np.array(fall))], 255, cv2.LINE_AA)
    cv2.fillPoly(cloth, [opening], 0, cv2.LINE_AA)
    shown = cv2.GaussianBlur(cloth, (0, 0), max(0.6, frame.size * 0.02)).astype(np.float32)[..., None] / 255
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = frame.placed(across, down)
    folds = np.sin(np.hypot(x, y - 0.5) * rng.uniform(2, 6) + 1.2 * field(rng, height, width, 5))
    shadow = 1 - 0.5 * np.clip(1.6 - np.hypot(x / 1.1, (y - 0.6) / 1.4), 0, 0.6)
    light = (0.8 + rng.uniform(0.05, 0.18) * folds) * shadow * _brightness(pixels)
    colour = np.array(_colour(rng), np.float32) * 0.7 + 35  # cloth is seldom as loud as paint
    return as_bytes(pixels + (colour * light[..., None] - pixels) * shown)


HARD_FACES: tuple[HardFace, ...] = (
    in_little_light,
    far_away,
    old_passport,
    before_a_loud_ground,
    with_glasses,
    under_a_scarf,
)


class _Frame:
    """Places on a face: the eyes at (-0.5, 0) and (0.5, 0), y towards the mouth, which is near 1.1."""

    def __init__(self, landmarks: Landmarks) -> None:
        eyes = np.array(landmarks[:2], np.float64)
        self.middle: Points = eyes.mean(axis=0)
        apart = eyes[1] - eyes[0]
        self.right: Points = apart if np.hypot(*apart) >= 1 else np.array((1.0, 0.0))
        self.size = float(np.hypot(*self.right))
        mouth = np.array(landmarks[3:], np.float64).mean(axis=0) - self.middle
        down = np.array((-self.right[1], self.right[0]))
        self.down: Points = down * max(0.6, min(1.4, float(mouth @ down) / self.size**2)) / 1.1

    def at(self, place: tuple[float, float]) -> Points:
        """A place on the face as a pixel."""
        found: Points = self.middle + place[0] * self.right + place[1] * self.down
        return found

    def placed(self, across: NDArray[np.float32], down: NDArray[np.float32]) -> tuple[Points, Points]:
        """Pixels as places on the face."""
        back = np.linalg.inv(np.column_stack((self.right, self.down)))
        x, y = across - self.middle[0], down - self.middle[1]
        return back[0, 0] * x + back[0, 1] * y, back[1, 0] * x + back[1, 1] * y


def _oval(frame: _Frame, at: tuple[float, float], half: Points, power: float) -> NDArray[np.int32]:
    """A superellipse in face places, as pixels: power 2 is an ellipse, 5 almost a box."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    cos, sin = np.cos(turn), np.sin(turn)
    round_ = np.column_stack((np.sign(cos) * np.abs(cos) ** (2 / power), np.sign(sin) * np.abs(sin) ** (2 / power)))
    places = np.array(at) + round_ * half
    return _px(frame.middle + places[:, :1] * frame.right + places[:, 1:] * frame.down)


def _px(points: Points) -> NDArray[np.int32]:
    return np.rint(points).astype(np.int32)


def _stamp(photo: NDArray[np.float32], frame: _Frame, rng: Generator) -> None:
    """Two rings of ink about a corner below the face."""
    height, width = photo.shape[:2]
    middle = (int(rng.choice((0, width))), height)
    ink = [float(level) for level in rng.uniform(30, 130, RED_GREEN_BLUE)]
    for radius in (0.9, 1.15):
        cv2.circle(photo, middle, round(frame.size * radius), ink, max(1, round(frame.size * 0.05)), cv2.LINE_AA)


def _pattern(height: int, width: int, rng: Generator) -> NDArray[np.float32]:
    first, second = (np.array(_colour(rng), np.float32) for _ in range(2))
    waves = field(rng, height, width, int(rng.integers(4, 30)), across=int(rng.integers(4, 30)))
    if happens(0.5, rng):
        angle, period = rng.uniform(0, np.pi), rng.uniform(6, 40)
        ramp = np.arange(width) * np.cos(angle) + np.arange(height)[:, None] * np.sin(angle)
        waves = np.sign(np.sin(2 * np.pi * ramp / period))
    share = np.clip(waves * 0.5 + 0.5, 0, 1)[..., None].astype(np.float32)
    return first + (second - first) * share


def _colour(rng: Generator) -> tuple[int, int, int]:
    red, green, blue = (int(level) for level in rng.integers(10, 246, RED_GREEN_BLUE))
    return red, green, blue


def _brightness(pixels: Pixels) -> float:
    """How light the photo is as a whole, so that what is put in fits its exposure."""
    return float(np.clip(pixels.mean() / 110, 0.45, 1.25))
