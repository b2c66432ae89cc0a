"""One photo from bytes to measurements: the box prepares it, the classifier scores it, the policy's words say it."""

import time
from dataclasses import replace

import models.detection
from models.classifier import Classifier
from models.decoding import PhotoError
from models.pixels import Pixels
from models.preparation import Prepared
from photogate.screening.measurements import BoundingBox, Face, Measurements
from worker.sandbox import Sandbox


def prepare(sandbox: Sandbox, photo: bytes) -> tuple[Measurements, Prepared | None]:
    """Measure all but the score, or say why the photo cannot be read; raises SandboxFailed."""
    try:
        prepared = sandbox.prepare(photo)
    except PhotoError as error:
        return Measurements(unreadable=error.detail), None
    return _measured(prepared), prepared


def score(classifier: Classifier, found: Measurements, crop: Pixels) -> Measurements:
    """Add what the classifier says of a (224, 224, 3) uint8 RGB crop."""
    started = time.perf_counter()
    p_real = float(classifier.score(crop[None])[0])
    return replace(
        found,
        p_real=p_real,
        models={classifier.name: classifier.sha256, **found.models},
        ms={**found.ms, "classify": (time.perf_counter() - started) * 1000},
    )


def measure(sandbox: Sandbox, classifier: Classifier, photo: bytes) -> tuple[Measurements, Prepared | None]:
    """Prepare and score a photo; one that cannot be read is measured too, as `unreadable`. Raises SandboxFailed."""
    found, prepared = prepare(sandbox, photo)
    return (score(classifier, found, prepared.crop), prepared) if prepared else (found, None)


def _measured(prepared: Prepared) -> Measurements:
    return Measurements(
        width=prepared.width_px,
        height=prepared.height_px,
        faces=tuple(_face(found) for found in prepared.faces),
        quality=prepared.quality,
        ms=prepared.ms,
    )


def _face(found: models.detection.Face) -> Face:
    return Face(BoundingBox(found.x, found.y, found.width, found.height), found.score)
