"""The default classifier at work: crops in, calibrated probabilities out, on ONNX Runtime alone."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.artifacts import Artifact, load_artifact, newest_version
from models.pixels import Pixels

DEFAULT_NETWORK = "student"


PREFERRED = ("CUDAExecutionProvider", "CPUExecutionProvider")


class Classifier:
    """Says how probably a crop shows a real face photo."""

    def __init__(self, artifact: Artifact, threads: int = 1) -> None:
        """Start a session on verified weights."""
        self._manifest = artifact.manifest
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(artifact.model, options, providers=_providers())

    @classmethod
    def load(cls, directory: Path | None = None, threads: int = 1) -> "Classifier":
        """Load an artifact's folder, or the newest student that comes with the code; raises `ArtifactError`."""
        return cls(load_artifact(directory or newest_version(DEFAULT_NETWORK)), threads)

    @property
    def name(self) -> str:
        """Network and version, `student@1.0.0`."""
        return f"{self._manifest.name}@{self._manifest.version}"

    @property
    def sha256(self) -> str:
        """Digest of the weights file, in hexadecimal."""
        return self._manifest.sha256

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Operating points on `score`, chosen on the calibration sources."""
        return self._manifest.thresholds

    def score(self, crops: Pixels) -> NDArray[np.float64]:
        """(N, 224, 224, 3) uint8 RGB -> (N,) probabilities of a real face photo."""
        calibration = self._manifest.calibration
        return 1 / (1 + np.exp(-(self.logits(crops) / calibration.temperature + calibration.bias)))

    def logits(self, crops: Pixels) -> NDArray[np.float64]:
        """(N, 224, 224, 3) uint8 RGB -> (N,) logits before calibration."""
        if len(crops) == 0:
            return np.empty(0)
        wanted = self._manifest.input
        size = (wanted.size_px, wanted.size_px)
        small = np.stack([cv2.resize(crop, size, interpolation=cv2.INTER_AREA) for crop in crops])
        pictures = (small.transpose(0, 3, 1, 2).astype(np.float32) - wanted.mean) / wanted.std
        (logits,) = self._session.run(None, {self._session.get_inputs()[0].name: np.ascontiguousarray(pictures)})
        return logits.astype(np.float64)


def _providers() -> list[str]:
    """The GPU where this build of ONNX Runtime has one, the processor everywhere."""
    return [provider for provider in PREFERRED if provider in onnxruntime.get_available_providers()]
