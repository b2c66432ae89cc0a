"""Classifiers at work: crops in, calibrated probabilities out, on ONNX Runtime alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Protocol, runtime_checkable

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.artifacts import (
    STRANGENESS,
    Artifact,
    ArtifactError,
    Calibration,
    InputFormat,
    Manifest,
    load_artifact,
    newest_version,
)
from models.calibration.risk_control import Guarantee
from models.calibration.scaling import Flags, probabilities, told_faceless
from models.pixels import Pixels
from models.processor import instructions

DEFAULT_NETWORK = "student"

PREFERRED = ("CUDAExecutionProvider", "CPUExecutionProvider")
LOGITS = "logits"
FEATURES = "features"
_PICKLES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")

Floats = NDArray[np.float64]


class Scorer(Protocol):
    """Whatever says how probably a crop shows a real face photo: one network on any runtime, or an ensemble."""

    @property
    def name(self) -> str:
        """Network and version, `student@1.0.0`."""

    @property
    def sha256(self) -> str:
        """Digest of what scores, in hexadecimal."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Operating points on `score`, chosen on the calibration sources."""

    @property
    def faceless(self) -> float:
        """What a picture without a found face adds to its log odds: 0, or less."""

    @property
    def guarantee(self) -> Guarantee | None:
        """What the thresholds promise, if anything."""

    def score(self, crops: Pixels) -> Floats:
        """(N, 224, 224, 3) uint8 RGB -> (N,) calibrated probabilities of a real face photo."""

    def logits(self, crops: Pixels) -> Floats:
        """(N, 224, 224, 3) uint8 RGB -> (N,) logits before calibration."""


@dataclass(frozen=True, slots=True, eq=False)
class Examined:
    """What one pass says of N crops; `strangeness` above 1 is unusual for a real face, None if nobody measures it.

    `features` (N, C) are what the last layer sees, None of what has no such layer.
    """

    p_real: Floats
    strangeness: Floats | None = None
    features: Floats | None = None


@runtime_checkable
class Examiner(Scorer, Protocol):
    """A scorer that also says how unusual a crop is."""

    def examine(self, crops: Pixels) -> Examined:
        """(N, 224, 224, 3) uint8 RGB -> probabilities, and how unusual each crop is, in one pass."""


def examined(scorer: Scorer, crops: Pixels, faceless: Flags | None = None) -> Examined:
    """Everything that a scorer says of (N, 224, 224, 3) uint8 RGB crops, knowing which (N,) were cut about no face."""
    said = scorer.examine(crops) if isinstance(scorer, Examiner) else Examined(scorer.score(crops))
    if faceless is None:
        return said
    return replace(said, p_real=told_faceless(said.p_real, faceless, scorer.faceless))


class Precision(StrEnum):
    """The form in which a network serves; `auto` is eight bits where the manifest says that this processor gains."""

    AUTO = "auto"
    FP32 = "fp32"
    INT8 = "int8"


class Described(Protocol):
    """The part of a manifest, a network's or an ensemble's, that a `Scorer` tells."""

    @property
    def calibration(self) -> Calibration:
        """From logits to probabilities."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Operating points."""

    @property
    def reference(self) -> str:
        """Name and version, `student@1.0.0`."""

    @property
    def guarantee(self) -> Guarantee | None:
        """What the thresholds promise."""


class OfManifest:
    """What every `Scorer` reads from its manifest."""

    _manifest: Described

    @property
    def name(self) -> str:
        """Name and version, `student@1.0.0`."""
        return self._manifest.reference

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Operating points on `score`, chosen on the calibration sources."""
        return self._manifest.thresholds

    @property
    def faceless(self) -> float:
        """What a picture without a found face adds to its log odds: 0, or less."""
        return self._manifest.calibration.faceless

    @property
    def guarantee(self) -> Guarantee | None:
        """What the thresholds promise, if anything."""
        return self._manifest.guarantee


class Classifier(OfManifest):
    """A network of an artifact on ONNX Runtime; a `Scorer`."""

    def __init__(self, artifact: Artifact, threads: int = 1, precision: Precision = Precision.AUTO) -> None:
        """Start a session on verified weights; raises `ArtifactError` for a graph that is no classifier."""
        self._manifest: Manifest = artifact.manifest
        self.precision = _precision(artifact, precision)
        self._session = _session(artifact, self.precision, threads)

    @classmethod
    def load(
        cls, directory: Path | None = None, threads: int = 1, precision: Precision = Precision.AUTO
    ) -> "Classifier":
        """Load any artifact's folder, or the newest student that comes with the code; raises `ArtifactError`."""
        return cls(load_artifact(directory or newest_version(DEFAULT_NETWORK)), threads, precision)

    @property
    def sha256(self) -> str:
        """Digest of the weights file that scores, in hexadecimal."""
        eight = self._manifest.int8
        return eight.sha256 if eight and self.precision is Precision.INT8 else self._manifest.sha256

    @property
    def manifest(self) -> Manifest:
        """Everything that is known about the network."""
        return self._manifest

    def score(self, crops: Pixels) -> Floats:
        """(N, 224, 224, 3) uint8 RGB -> (N,) probabilities of a real face photo."""
        return probabilities(self.logits(crops), self._manifest.calibration)

    def logits(self, crops: Pixels) -> Floats:
        """(N, 224, 224, 3) uint8 RGB -> (N,) logits before calibration."""
        return self._run(crops, LOGITS)[0]

    @cached_property
    def gives_features(self) -> bool:
        """Whether the network has an output `features`."""
        return FEATURES in {output.name for output in self._session.get_outputs()}

    def features(self, crops: Pixels) -> Floats:
        """(N, 224, 224, 3) uint8 RGB -> (N, C) what the last layer sees; only of a network with that output."""
        return self._run(crops, FEATURES)[0]

    def examine(self, crops: Pixels) -> Examined:
        """(N, 224, 224, 3) uint8 RGB -> probabilities, and how unusual each crop is, in one pass."""
        if self._manifest.strangeness is None:
            return Examined(self.score(crops))
        features = (FEATURES,) if self.gives_features else ()
        logits, strangeness, *seen = self._run(crops, LOGITS, STRANGENESS, *features)
        return Examined(probabilities(logits, self._manifest.calibration), strangeness, *seen)

    def _run(self, crops: Pixels, *outputs: str) -> list[Floats]:
        if len(crops) == 0:
            return [np.empty(0) for _ in outputs]
        pictures = normalised(crops, self._manifest.input)
        found = self._session.run(list(outputs), {self._session.get_inputs()[0].name: pictures})
        return [values.astype(np.float64) for values in found]


def normalised(crops: Pixels, wanted: InputFormat) -> NDArray[np.float32]:
    """(N, H, W, 3) uint8 -> (N, 3, size, size) float32 as the network was trained."""
    size = (wanted.size_px, wanted.size_px)
    fitting = np.stack([crop if crop.shape[:2] == size else _resized(crop, size) for crop in crops])
    mean, std = np.array(wanted.mean, np.float32), np.array(wanted.std, np.float32)
    pictures = (fitting.astype(np.float32) - mean) / std
    return np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))


def _resized(crop: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)


def _precision(artifact: Artifact, asked: Precision) -> Precision:
    eight = artifact.manifest.int8
    if asked is Precision.INT8 and not artifact.int8:
        raise ArtifactError(f"The network {artifact.manifest.reference} comes without an eight-bit form.")
    if asked is not Precision.AUTO:
        return asked
    gains = (
        eight is not None
        and artifact.int8 is not None
        and eight.faster_with in instructions()
        and _providers() == ["CPUExecutionProvider"]
    )
    return Precision.INT8 if gains else Precision.FP32


def _session(artifact: Artifact, precision: Precision, threads: int) -> onnxruntime.InferenceSession:
    name = artifact.manifest.reference
    model = artifact.int8 if precision is Precision.INT8 else artifact.model
    if model is None or model.startswith(_PICKLES):
        raise ArtifactError(f"The weights of {name} are a pickle, which can run code; only ONNX is loaded.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(model, options, providers=_providers())
    except Exception as error:  # ONNX Runtime's own exceptions have no common name
        raise ArtifactError(f"The weights of {name} are not an ONNX network that can run here.") from error
    if complaint := _complaint(session, artifact.manifest):
        raise ArtifactError(f"The network {name} is no classifier of this kind: {complaint}.")
    return session


def _complaint(session: onnxruntime.InferenceSession, manifest: Manifest) -> str | None:
    """What is wrong with the inputs and outputs of a graph, or None."""
    wanted = manifest.input
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type != "tensor(float)":
        return f"it wants {', '.join(f'{one.name} ({one.type})' for one in inputs)} rather than one tensor of pictures"
    shape = [side if isinstance(side, int) else None for side in inputs[0].shape]
    if len(shape) != 4 or any(side not in {None, fits} for side, fits in zip(shape[1:], _picture(wanted), strict=True)):  # noqa: PLR2004 - batch, channels, height, width
        return f"it wants pictures of shape {inputs[0].shape} rather than {['n', *_picture(wanted)]}"
    if shape[0] is not None:
        return f"it takes exactly {shape[0]} pictures at a time"
    outputs = {output.name: output for output in session.get_outputs()}
    if LOGITS not in outputs or len(outputs[LOGITS].shape) != 1:
        return f"it has no output {LOGITS!r} with one number a picture, but {', '.join(sorted(outputs))}"
    if manifest.strangeness and STRANGENESS not in outputs:
        return f"it has no output {STRANGENESS!r}, which its manifest names"
    return None


def _picture(wanted: InputFormat) -> tuple[int, int, int]:
    return 3, wanted.size_px, wanted.size_px


def _providers() -> list[str]:
    """The GPU where this build of ONNX Runtime has one, the processor everywhere."""
    return [provider for provider in PREFERRED if provider in onnxruntime.get_available_providers()]
