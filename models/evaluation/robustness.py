"""How error grows as pictures get worse: compressed, blurred, noisy, small, turned or cut off.

Each change is made to the whole photo before it is prepared, so that a face that the detector then loses counts too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import simplejpeg

from models.classifier import Scorer
from models.decoding import decode
from models.detection.face import FaceDetector
from models.detection.load import load_detector
from models.evaluation.curves import auc
from models.evaluation.errors import Rate
from models.evaluation.measured import THRESHOLD, scores
from models.evaluation.pictures import Pictures
from models.pixels import Pixels
from models.preparation import prepare
from models.training.splits import Example

Watch = Callable[[Iterable["Trial"], int], Iterable["Trial"]]
"""Shows progress over so many trials."""

_SHORT_SIDE_PX = 640
_LIGHT_QUALITY = 95
_SEED = 4_711


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to make a picture worse; `strengths` rise in harm, and the first leaves it as it is where one can."""

    name: str
    unit: str
    strengths: tuple[float, ...]
    apply: Callable[[Pixels, float], Pixels]
    quality: Callable[[float], int] = lambda _: _LIGHT_QUALITY


@dataclass(frozen=True, slots=True)
class Trial:
    """One damage at one strength."""

    damage: Damage
    strength: float


@dataclass(frozen=True, slots=True)
class Suffered:
    """What a model does under one damage at one strength, at its shipped threshold."""

    damage: str
    unit: str
    strength: float
    bpcer: Rate
    apcer: Rate
    auc: float
    faces_found: float


def subsample(pictures: Pictures, most: int) -> list[Example]:
    """At most `most` of the pictures, half of them real where there are enough, every source in proportion."""
    rng = np.random.default_rng(_SEED)
    is_real = pictures.is_real
    chosen = [_spread(np.flatnonzero(is_real == wanted), most // 2, rng) for wanted in (True, False)]
    return [pictures.examples[index] for index in np.sort(np.concatenate(chosen))]


def suffered(scorer: Scorer, data: Path, chosen: Sequence[Example], watch: Watch) -> tuple[Suffered, ...]:
    """Every damage at every strength over the chosen pictures."""
    detector = load_detector()
    originals = [decode((data / e.file).read_bytes(), short_side_px=_SHORT_SIDE_PX).pixels for e in chosen]
    is_real = np.array([example.is_real for example in chosen])
    trials = [Trial(damage, strength) for damage in DAMAGES for strength in damage.strengths]
    return tuple(_outcome(scorer, trial, originals, is_real, detector) for trial in watch(trials, len(trials)))


def _outcome(
    scorer: Scorer, trial: Trial, originals: Sequence[Pixels], is_real: np.ndarray, detector: FaceDetector
) -> Suffered:
    prepared = [prepare(damaged(pixels, trial), detector) for pixels in originals]
    p_real = scores(scorer, np.stack([photo.crop for photo in prepared]))
    accepted = p_real >= scorer.thresholds[THRESHOLD]
    found = np.array([bool(photo.faces) for photo in prepared])
    return Suffered(
        trial.damage.name,
        trial.damage.unit,
        trial.strength,
        Rate.among(~accepted, is_real),
        Rate.among(accepted, ~is_real),
        auc(p_real, is_real),
        float(found[is_real].mean()),
    )


def damaged(pixels: Pixels, trial: Trial) -> bytes:
    """The picture as the JPEG file that somebody would then upload."""
    worse = np.ascontiguousarray(trial.damage.apply(pixels, trial.strength))
    return simplejpeg.encode_jpeg(worse, quality=trial.damage.quality(trial.strength), colorsubsampling="420")


def _spread(indices: np.ndarray, most: int, rng: np.random.Generator) -> np.ndarray:
    # Evenly spaced places over the manifest's order, which keeps sources together, give each source its share.
    if len(indices) <= most:
        return indices
    places = np.linspace(0, len(indices), most, endpoint=False) + rng.random() * len(indices) / most
    return indices[places.astype(int)]


def _as_it_is(pixels: Pixels, _: float) -> Pixels:
    return pixels


def _blurred(pixels: Pixels, percent: float) -> Pixels:
    sigma = percent / 100 * min(pixels.shape[:2])
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.uint8) if sigma else pixels


def _noisy(pixels: Pixels, levels: float) -> Pixels:
    noise = np.random.default_rng(_SEED).normal(0, levels, pixels.shape) if levels else 0
    return np.clip(pixels + noise, 0, 255).astype(np.uint8)


def _shrunk(pixels: Pixels, short_side_px: float) -> Pixels:
    factor = short_side_px / min(pixels.shape[:2])
    if factor >= 1:
        return pixels
    size = tuple(max(1, round(side * factor)) for side in (pixels.shape[1], pixels.shape[0]))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _turned(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(pixels, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _cut(pixels: Pixels, percent: float) -> Pixels:
    height, width = pixels.shape[:2]
    x, y = (round(side * percent / 100) for side in (width, height))
    return pixels[y : height - y, x : width - x]


DAMAGES = (
    Damage("JPEG", "quality", (95, 60, 30, 15, 8), _as_it_is, quality=int),
    Damage("blur", "sigma, % of the short side", (0, 0.5, 1, 2, 4), _blurred),
    Damage("noise", "standard deviation, grey levels", (0, 10, 20, 40, 60), _noisy),
    Damage("scale", "short side, px", (640, 160, 96, 64, 40), _shrunk),
    Damage("rotation", "degrees", (0, 5, 10, 20, 30), _turned),
    Damage("crop", "% cut off each side", (0, 5, 10, 20, 30), _cut),
)
