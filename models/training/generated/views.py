"""Every portrait of either class on the same way to a crop, so that neither file nor size nor colour tells the class.

A view is what serving would make of the portrait had it been taken at so many pixels, edited, rescaled, compressed and
sent to us: the same draws for a camera's photo and for a generator's picture.
"""

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from numpy.random import Generator
from numpy.typing import NDArray

from models.pixels import Pixels
from models.preparation import face_crop
from models.training.errors import TrainingError
from models.training.generated.sources import PAIRED_REAL, Portrait

_SMALLEST_PX, _LARGEST_PX = 72, 256
"""How many pixels a crop has before serving brings it to 224; half of the views have more than 218."""

_CROP_PER_FACE_WIDTH = 2.05
"""Side of the service's crop over the width of a YuNet box, as measured on every source."""

_PAIRED_SHARE = 2.5
_WAYS = (cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Portraits with their files in memory and the side of each one's crop at its own pixels."""

    portraits: list[Portrait]
    files: list[bytes]
    sides_px: NDArray[np.float64]
    weights: NDArray[np.float64]
    is_photo: NDArray[np.bool_]

    @classmethod
    def of(cls, portraits: list[Portrait], data: Path) -> "Shelf":
        """Read the files; sources of one class weigh alike, the one whose generated twin is here 2.5 times as much."""
        files = [(data / portrait.file).read_bytes() for portrait in portraits]
        sizes = Counter((portrait.source, portrait.generator) for portrait in portraits)
        weights = [_share(portrait) / sizes[portrait.source, portrait.generator] for portrait in portraits]
        sides = [side_px(portrait, file) for portrait, file in zip(portraits, files, strict=True)]
        is_photo = [portrait.is_photo for portrait in portraits]
        if len(set(is_photo)) < 2:  # noqa: PLR2004 - the two classes
            raise TrainingError("There must be photos and generated faces to tell apart; only one of the two is there.")
        return cls(portraits, files, np.array(sides), np.array(weights), np.array(is_photo))

    def drawn(self, rng: Generator) -> tuple[Pixels, str | None]:
        """One view, (224, 224, 3) uint8 RGB, and what made it: None for a camera.

        The size comes first, and both classes give only portraits of so many pixels.
        """
        largest_px = min(_LARGEST_PX, *(self.sides_px[self.is_photo == kind].max() for kind in (True, False)))
        size_px = int(largest_px * (_SMALLEST_PX / _LARGEST_PX) ** (rng.random() ** 3))
        chances = self.weights * (self.is_photo == happens(0.5, rng)) * (self.sides_px >= size_px)
        index = int(rng.choice(len(chances), p=chances / chances.sum()))
        region = framed(simplejpeg.decode_jpeg(self.files[index]), self.portraits[index], size_px, rng)
        return travelled(region, size_px, rng), self.portraits[index].generator


def framed(pixels: Pixels, portrait: Portrait, at_least_px: int, rng: Generator) -> Pixels:
    """A square about the face, about what serving crops, of at least so many pixels where the picture has them."""
    height, width = pixels.shape[:2]
    x, y, face_width, face_height = portrait.face_box
    wanted = face_width * _CROP_PER_FACE_WIDTH * rng.normal(1, 0.12)
    side = int(min(max(wanted, at_least_px), height, width))
    left = x + face_width / 2 - side / 2 + rng.normal(0, 0.05) * side
    top = y + face_height / 2 - side / 2 + rng.normal(0, 0.05) * side
    left, top = int(min(max(0, left), width - side)), int(min(max(0, top), height - side))
    return pixels[top : top + side, left : left + side]


def travelled(region: Pixels, size_px: int, rng: Generator) -> Pixels:
    """The (224, 224, 3) crop that serving makes after the region was brought to `size_px`, edited and sent."""
    picture = _resized(region, size_px, rng)
    if happens(0.5, rng):
        picture = np.ascontiguousarray(picture[:, ::-1])
    for change, chance in _CHANGES:
        if happens(chance, rng):
            picture = change(picture, rng)
    return face_crop(picture, [])


def side_px(portrait: Portrait, file: bytes) -> float:
    """How many pixels the service's crop of a portrait has before it is brought to 224."""
    height, width, *_ = simplejpeg.decode_jpeg_header(file)
    return min(portrait.face_box[2] * _CROP_PER_FACE_WIDTH, height, width)


def happens(chance: float, rng: Generator) -> bool:
    """A coin that falls on yes so often."""
    return bool(rng.random() < chance)


def recompressed(picture: Pixels, rng: Generator) -> Pixels:
    """JPEG of quality 45 to 97, colour halved or not."""
    subsampling = "420" if happens(0.7, rng) else "444"
    file = simplejpeg.encode_jpeg(picture, quality=int(rng.integers(45, 98)), colorsubsampling=subsampling)
    return simplejpeg.decode_jpeg(file)


def _resized(picture: Pixels, size_px: int, rng: Generator) -> Pixels:
    return cv2.resize(picture, (size_px, size_px), interpolation=_WAYS[rng.integers(len(_WAYS))])


def _lit_otherwise(picture: Pixels, rng: Generator) -> Pixels:
    levels = np.arange(256, dtype=np.float32)[:, None] / 255
    curve = levels ** math.exp(rng.normal(0, 0.25)) * rng.normal(1, 0.12) * rng.normal(1, 0.05, 3) + rng.normal(0, 0.04)
    return cv2.LUT(picture, np.clip(curve * 255, 0, 255).astype(np.uint8)[None])


def _coloured_otherwise(picture: Pixels, rng: Generator) -> Pixels:
    """Less colour or more, down to grey."""
    share = 0.0 if happens(0.3, rng) else rng.uniform(0.3, 1.5)
    grey = np.repeat(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    return cv2.addWeighted(picture, share, grey, 1 - share, 0)


def _blurred(picture: Pixels, rng: Generator) -> Pixels:
    return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.3))


def _sharpened(picture: Pixels, rng: Generator) -> Pixels:
    amount = rng.uniform(0.2, 1.2)
    return cv2.addWeighted(picture, 1 + amount, cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.7, 1.6)), -amount, 0)


def _noisy(picture: Pixels, rng: Generator) -> Pixels:
    channels = 3 if happens(0.5, rng) else 1
    noise = rng.standard_normal((*picture.shape[:2], channels), dtype=np.float32) * rng.uniform(1, 7)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _sent_on(picture: Pixels, rng: Generator) -> Pixels:
    """Rescaled and compressed once more on the way."""
    return recompressed(_resized(picture, round(picture.shape[0] * rng.uniform(0.7, 1.3)), rng), rng)


_CHANGES = (
    (_lit_otherwise, 0.3),
    (_coloured_otherwise, 0.25),
    (_blurred, 0.07),
    (_sharpened, 0.07),
    (_noisy, 0.07),
    (recompressed, 0.5),
    (_sent_on, 0.1),
)


def _share(portrait: Portrait) -> float:
    return _PAIRED_SHARE if portrait.is_photo and portrait.source == PAIRED_REAL else 1.0
