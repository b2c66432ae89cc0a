"""Crops of portraits that did not train, made in the service's way or all alike, and how well they separate."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from models.decoding import decode
from models.detection.load import load_detector
from models.evaluation.curves import auc
from models.pixels import Pixels
from models.preparation import face_crop
from models.training.generated.sources import GENERATORS, Portrait
from models.training.generated.views import framed, side_px, travelled

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Judge = Callable[[Pixels], Floats]
"""(N, 224, 224, 3) uint8 RGB -> (N,) numbers, higher for a camera's photo."""
Watch = Callable[[Sequence[Portrait], str], Iterable[Portrait]]
"""Shows progress over portraits, under a title."""

FLAGGED_PHOTOS = 0.01
_SHORT_SIDE_PX = 640
_ALIKE_PX = (150, 195)
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Exam:
    """Portraits, and the (N, 224, 224, 3) crops that they are judged by."""

    portraits: list[Portrait]
    crops: Pixels

    @property
    def is_photo(self) -> Flags:
        """Which ones a camera took."""
        return np.array([portrait.is_photo for portrait in self.portraits])

    @property
    def generators(self) -> list[str]:
        """Those that made any of them."""
        return [name for name in GENERATORS.values() if self.made_by(name).any()]

    def made_by(self, generator: str) -> Flags:
        """Which ones this generator made."""
        return np.array([portrait.generator == generator for portrait in self.portraits])

    def photos_of(self, source: str) -> Flags:
        """Which ones are photos of this source."""
        return np.array([portrait.is_photo and portrait.source == source for portrait in self.portraits])

    def judged(self, judge: Judge) -> Floats:
        """One number a portrait, a few crops at a time."""
        return np.concatenate([judge(self.crops[at : at + _BATCH]) for at in range(0, len(self.crops), _BATCH)])


@dataclass(frozen=True, slots=True)
class Separation:
    """How well a generator's pictures are told from photos.

    `found`: share of the generated pictures below the score that 1 % of these photos lie below.
    """

    pictures: int
    auc: float
    found: float


def served(chosen: Sequence[Portrait], data: Path, watch: Watch) -> Exam:
    """Each portrait's crop exactly as the service makes it."""
    detector = load_detector()
    crops = []
    for portrait in watch(chosen, "crops as served"):
        pixels = decode((data / portrait.file).read_bytes(), short_side_px=_SHORT_SIDE_PX).pixels
        crops.append(face_crop(pixels, detector.detect(pixels)))
    return Exam(list(chosen), np.stack(crops))


def alike(chosen: Sequence[Portrait], data: Path, watch: Watch) -> Exam:
    """Each portrait once on training's random way at 150 to 195 px; a portrait of fewer pixels is left out."""
    kept, crops = [], []
    for portrait in watch(chosen, "crops made alike"):
        rng = np.random.default_rng(int(portrait.sha256[:16], 16))
        size_px, file = int(rng.integers(*_ALIKE_PX)), (data / portrait.file).read_bytes()
        if side_px(portrait, file) >= size_px:
            region = framed(simplejpeg.decode_jpeg(file), portrait, size_px, rng)
            kept.append(portrait)
            crops.append(travelled(region, size_px, rng))
    return Exam(kept, np.stack(crops))


def separated(photos: Floats, generated: Floats) -> Separation:
    """Compare the scores of photos with those of one generator's pictures."""
    both = np.concatenate([photos, generated])
    is_photo = np.arange(len(both)) < len(photos)
    threshold = np.quantile(photos, FLAGGED_PHOTOS)
    return Separation(len(generated), auc(both, is_photo), float((generated < threshold).mean()))


def by_generator(exam: Exam, scores: Floats, photos: Floats) -> dict[str, Separation]:
    """Every generator of the exam against the scores of photos, the exam's own or others'."""
    return {name: separated(photos, scores[exam.made_by(name)]) for name in exam.generators}
