"""One photo from bytes to measurements: the box prepares it, the classifier scores it, the policy's words say it."""

import time
from dataclasses import dataclass, replace

import numpy as np

import models.detection.face
from models.classifier import Floats, Scorer, examined
from models.decoding import PhotoError
from models.fingerprints import perceptual_hash, signs
from models.pixels import Pixels
from models.preparation import Prepared
from photogate.pictures.fingerprints import Embedding, Fingerprint
from photogate.screening.measurements import BoundingBox, Face, Measurements, QualityMeasure
from worker.sandbox import Sandbox


def prepare(sandbox: Sandbox, photo: bytes) -> tuple[Measurements, Prepared | None]:
    """Measure all but the score, or say why the photo cannot be read; raises SandboxFailed."""
    try:
        prepared = sandbox.prepare(photo)
    except PhotoError as error:
        return Measurements(unreadable=error.detail), None
    return measured(prepared), prepared


@dataclass(frozen=True, slots=True)
class Judges:
    """The models that score a crop: `classifier` tells real faces from placeholders, `camera` photos from generated."""

    classifier: Scorer
    camera: Scorer | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What was measured on a photo, and what its crop is known again by; None where it is too plain for that."""

    found: Measurements
    fingerprint: Fingerprint | None = None


def score(judges: Judges, found: Measurements, crop: Pixels) -> Measurements:
    """Add what the models say of a (224, 224, 3) uint8 RGB crop; the classifier comes first in `models`."""
    return examine(judges, found, crop).found


def examine(judges: Judges, found: Measurements, crop: Pixels) -> Examination:
    """The same, and the crop's fingerprint."""
    started = time.perf_counter()
    said = examined(judges.classifier, crop[None], np.array([found.faces == ()]))
    models = {judges.classifier.name: judges.classifier.sha256}
    p_ai_generated = None
    if judges.camera:
        p_ai_generated = 1 - float(judges.camera.score(crop[None])[0])
        models[judges.camera.name] = judges.camera.sha256
    classified = time.perf_counter()
    fingerprint = _fingerprint(crop, judges.classifier.name, said.features)
    scored = replace(
        found,
        p_real=float(said.p_real[0]),
        p_ai_generated=p_ai_generated,
        strangeness=None if said.strangeness is None else float(said.strangeness[0]),
        models={**models, **found.models},
        ms={**found.ms, "classify": (classified - started) * 1000, "fingerprint": _ms_since(classified)},
    )
    return Examination(scored, fingerprint)


def _fingerprint(crop: Pixels, model: str, features: Floats | None) -> Fingerprint | None:
    taken = perceptual_hash(crop)
    if taken is None:
        return None
    return Fingerprint(taken.direct, taken.mirrored, None if features is None else Embedding(model, signs(features[0])))


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def measure(sandbox: Sandbox, judges: Judges, photo: bytes) -> tuple[Measurements, Prepared | None]:
    """Prepare and score a photo; one that cannot be read is measured too, as `unreadable`. Raises SandboxFailed."""
    found, prepared = prepare(sandbox, photo)
    return (score(judges, found, prepared.crop), prepared) if prepared else (found, None)


def measured(prepared: Prepared) -> Measurements:
    """All that preparation found, in the policy's own terms."""
    return Measurements(
        width=prepared.width_px,
        height=prepared.height_px,
        faces=tuple(_face(found) for found in prepared.faces),
        quality={
            name: QualityMeasure(found.native, found.score, found.approximate)
            for name, found in prepared.quality.items()
        },
        ms=prepared.ms,
    )


def _face(found: models.detection.face.Face) -> Face:
    return Face(BoundingBox(found.x, found.y, found.width, found.height), found.score, found.landmarks)
