"""From an ONNX classifier to an artifact that serves: calibrated, with a guarantee, in eight bits at no loss.

Only the calibration split is read, and the training split for what a usual face looks like; no test picture is.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from models.artifacts import (
    WEIGHTS,
    Artifact,
    Calibration,
    EightBits,
    HashedFile,
    InputFormat,
    Manifest,
    Strangeness,
    sha256_of,
)
from models.calibration.risk_control import Aims, controlled
from models.calibration.scaling import (
    decision_threshold,
    expected_calibration_error,
    faceless_log_odds,
    fitted,
    probabilities,
    told_faceless,
)
from models.classifier import Classifier, Precision, normalised
from models.evaluation.pictures import Pictures, Watch, chosen_examples, read_pictures, require_both_classes
from models.pixels import Pixels
from models.processor import best_for_eight_bits
from models.training.leaks import apart, judges, without_leaks
from models.training.quantisation import in_eight_bits
from models.training.splits import Split
from models.training.strangeness import Usual, with_strangeness

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_LOSS_POINTS = 0.05
WEIGHTS_FILE = "weights.safetensors"
NOT_CALIBRATED = Calibration(temperature=1.0, bias=0.0)
_MOST_WEIGHTS_BYTES = 4_000_000
_RANGE_PICTURES = 256
_BATCH = 64
_TIMED_RUNS = 30
_USUAL_FACES = 1_000
_USUAL_QUANTILE = 0.995


@dataclass(frozen=True, slots=True)
class Network:
    """A classifier as ONNX (input `pictures`, output `logits`), and what it wants to see.

    `weights` are the same as safetensors, to train on from; too large ones stay away.
    """

    name: str
    version: str
    input: InputFormat
    model: bytes
    weights: bytes | None = None

    @property
    def kept_weights(self) -> bytes | None:
        """The weights, if they are small."""
        return self.weights if self.weights and len(self.weights) <= _MOST_WEIGHTS_BYTES else None


def publish(network: Network, data: Path, into: Path = WEIGHTS, aims: Aims | None = None) -> Path:
    """Calibrate, promise, quantise; write NAME/VERSION under `into` and return it.

    Raises `EvaluationError` for pictures that calibrate nothing, `CannotPromise` for too few of them.
    """
    return write(prepared(network, data, calibration_pictures(data), aims, usual_faces(data)), into)


def calibration_pictures(data: Path) -> Pictures:
    """The calibration split as the service would prepare it; raises `EvaluationError` when it cannot calibrate."""
    chosen = without_leaks(chosen_examples(data, Split.CALIBRATION), judges(data, Split.CALIBRATION))
    pictures = read_pictures(data, chosen, _watched("Reading calibration pictures"))
    require_both_classes(pictures, data)
    return pictures


def usual_faces(data: Path) -> Pixels:
    """Crops of real faces that trained, evenly from all of them."""
    real = [example for example in apart(data, Split.TRAIN) if example.is_real]
    chosen = [real[place] for place in np.linspace(0, len(real) - 1, min(_USUAL_FACES, len(real))).astype(int)]
    return read_pictures(data, chosen, _watched("Reading usual faces")).crops


def prepared(
    network: Network, data: Path, pictures: Pictures, aims: Aims | None = None, faces: Pixels | None = None
) -> Artifact:
    """Everything about an artifact but its folder; `faces` are training crops that show what is usual."""
    bare = Artifact(_bare_manifest(network, data), network.model, weights=network.kept_weights)
    if faces is not None and len(faces):
        bare = _telling_strangeness(bare, faces, pictures)
    logits = in_batches(Classifier(bare).logits, pictures.crops)
    calibration = calibration_of(logits, pictures)
    calibrated = replace(bare, manifest=replace(bare.manifest, calibration=calibration))
    full = answers(logits, calibration, pictures)
    threshold = decision_threshold(full, pictures.is_real)
    tried = _in_eight_bits(calibrated, pictures, full, threshold)
    kept = tried if tried.loss_points <= MOST_LOSS_POINTS else None
    forms = [full, kept.p_real] if kept else [full]
    points, guarantee = controlled(forms, pictures.is_real, sources_of(pictures), aims)
    manifest = replace(
        calibrated.manifest,
        thresholds={"real_at_or_above": threshold, **points},
        metrics={"calibration": figures_of(full, pictures.is_real, threshold), "eight_bits": tried.as_metrics()},
        guarantee=guarantee,
        int8=kept.entry() if kept else None,
    )
    return replace(calibrated, manifest=manifest, int8=kept.model if kept else None)


def _watched(what: str) -> Watch:
    """Progress on standard error, which leaves standard output to what was found."""
    return lambda some, total: track(some, what, total=total, console=Console(stderr=True), transient=True)


def calibration_of(logits: Floats, pictures: Pictures) -> Calibration:
    """From logits to probabilities, and what it says of a picture that no face was found in it."""
    faceless = faceless_log_odds(pictures.is_real, pictures.faces == 0)
    return replace(fitted(logits, pictures.is_real), faceless=faceless)


def answers(logits: Floats, calibration: Calibration, pictures: Pictures) -> Floats:
    """What is answered for these logits, knowing where no face was found."""
    return told_faceless(probabilities(logits, calibration), pictures.faces == 0, calibration.faceless)


def _telling_strangeness(artifact: Artifact, faces: Pixels, pictures: Pictures) -> Artifact:
    """The network with an output more; unchanged when it does not give its features."""
    classifier = Classifier(artifact)
    if not classifier.gives_features:
        return artifact
    usual = Usual.fitted(in_batches(classifier.features, faces))
    calibration = in_batches(classifier.features, pictures.crops[pictures.is_real])
    limit = float(np.quantile(usual.distances(calibration), _USUAL_QUANTILE))
    model = with_strangeness(artifact.model, usual.limited(limit))
    told = Strangeness(_USUAL_QUANTILE, len(faces), len(calibration))
    return replace(
        artifact, manifest=replace(artifact.manifest, sha256=sha256_of(model), strangeness=told), model=model
    )


def write(artifact: Artifact, into: Path = WEIGHTS) -> Path:
    """Put an artifact where it can be loaded; the manifest comes last, so that there is never one without its files."""
    manifest = artifact.manifest
    directory = into / manifest.name / manifest.version
    directory.mkdir(parents=True, exist_ok=True)
    for file, content in artifact.contents.items():
        (directory / file).write_bytes(content)
    manifest.write(directory)
    return directory


def data_digest(data: Path) -> str:
    """SHA-256 over the sorted SHA-256 of the training pictures, one a line."""
    lines = sorted(example.sha256 for example in apart(data, Split.TRAIN))
    return sha256_of("\n".join(lines).encode())


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """The network in eight bits, and how it compares on the calibration pictures."""

    model: bytes
    p_real: Floats
    loss_points: float
    largest_change: float
    speed: float

    def entry(self) -> EightBits:
        return EightBits(
            file="model.int8.onnx",
            sha256=sha256_of(self.model),
            faster_with=best_for_eight_bits() if self.speed > 1 else None,
            **self.as_metrics(),
        )

    def as_metrics(self) -> dict[str, float]:
        return {
            "loss_points": round(self.loss_points, 4),
            "largest_change": round(self.largest_change, 5),
            "speed": round(self.speed, 2),
        }


def _in_eight_bits(artifact: Artifact, pictures: Pictures, full: Floats, threshold: float) -> _Tried:
    every = max(1, len(pictures) // _RANGE_PICTURES)
    model = in_eight_bits(artifact.model, normalised(pictures.crops[::every], artifact.manifest.input))
    both = Artifact(
        replace(artifact.manifest, int8=EightBits("model.int8.onnx", sha256_of(model), 0, 0, 1, None)),
        artifact.model,
        model,
    )
    eight, thirty_two = Classifier(both, precision=Precision.INT8), Classifier(both, precision=Precision.FP32)
    p_real = answers(in_batches(eight.logits, pictures.crops), artifact.manifest.calibration, pictures)
    return _Tried(
        model,
        p_real,
        max(0.0, *(100 * (_errors(p_real, of, threshold) - _errors(full, of, threshold)) for of in _classes(pictures))),
        float(np.abs(p_real - full).max()),
        seconds_a_crop(thirty_two, pictures.crops[:1]) / seconds_a_crop(eight, pictures.crops[:1]),
    )


def seconds_a_crop(scorer: Classifier, crop: Pixels) -> float:
    """The median processor time of scoring one crop (1, 224, 224, 3), warm."""
    spent = []
    for _ in range(_TIMED_RUNS):
        started = time.process_time()
        scorer.logits(crop)
        spent.append(time.process_time() - started)
    return float(np.median(spent))


def _classes(pictures: Pictures) -> tuple[tuple[Flags, bool], tuple[Flags, bool]]:
    return (pictures.is_real, True), (~pictures.is_real, False)


def _errors(p_real: Floats, of: tuple[Flags, bool], threshold: float) -> float:
    """The share of one class that is judged wrongly."""
    members, is_real = of
    return float(((p_real[members] >= threshold) != is_real).mean())


def sources_of(pictures: Pictures) -> list[str]:
    """Label and source of every picture."""
    return [f"{example.label}/{example.source}" for example in pictures.examples]


def in_batches(run: Callable[[Pixels], Floats], crops: Pixels) -> Floats:
    """One pass over any number of crops."""
    starts = range(0, len(crops), _BATCH)
    return np.concatenate([run(crops[start : start + _BATCH]) for start in starts])


def figures_of(p_real: Floats, is_real: Flags, threshold: float) -> dict[str, Any]:
    """What a manifest keeps of the calibration pictures."""
    return {
        "bpcer": round(_errors(p_real, (is_real, True), threshold), 5),
        "apcer": round(_errors(p_real, (~is_real, False), threshold), 5),
        "ece": round(expected_calibration_error(p_real, is_real), 5),
    }


def _bare_manifest(network: Network, data: Path) -> Manifest:
    weights = network.kept_weights
    return Manifest(
        name=network.name,
        version=network.version,
        file="model.onnx",
        sha256=sha256_of(network.model),
        input=network.input,
        calibration=NOT_CALIBRATED,
        thresholds={},
        data_digest=data_digest(data),
        metrics={},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        weights=HashedFile(WEIGHTS_FILE, sha256_of(weights)) if weights else None,
    )
