"""A face detector by its name."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.artifacts import ArtifactError
from models.detection.compact import CompactDetector
from models.detection.face import FaceDetector
from models.detection.haar import HaarDetector
from models.detection.yunet import YuNetDetector

DEFAULT = "compact"


@dataclass(frozen=True, slots=True)
class DetectorChoice:
    """Which detector, and from which file where its weights do not come with the code."""

    name: str = DEFAULT
    weights: Path | None = None
    sha256: str | None = None

    def load(self) -> FaceDetector:
        """Build it; raises `ArtifactError`."""
        return load_detector(self.name, self.weights, self.sha256)


def load_detector(name: str = DEFAULT, weights: Path | None = None, sha256: str | None = None) -> FaceDetector:
    """Build the named detector; raises `ArtifactError` for an unknown name and for weights that cannot be used.

    `weights` is an artifact's folder for `compact` (whose own come with the code) and the author's file for `yunet`
    and `retinaface`, with the SHA-256 that it must have.
    """
    if name not in _DETECTORS:
        raise ArtifactError(f"There is no face detector called {name!r}; there are {', '.join(_DETECTORS)}.")
    return _DETECTORS[name](weights, sha256)


def _compact(weights: Path | None, sha256: str | None) -> FaceDetector:
    if sha256:
        raise ArtifactError("The manifest beside the weights says which SHA-256 a compact detector has.")
    return CompactDetector.load(weights)


def _haar(weights: Path | None, sha256: str | None) -> FaceDetector:
    if weights or sha256:
        raise ArtifactError("The Haar cascade comes with OpenCV and takes no weights.")
    return HaarDetector()


def _yunet(weights: Path | None, sha256: str | None) -> FaceDetector:
    return YuNetDetector.from_file(_required("yunet", weights), sha256)


def _retinaface(weights: Path | None, sha256: str | None) -> FaceDetector:
    path = _required("retinaface", weights)
    if sha256 is None:
        raise ArtifactError(f"Say which SHA-256 the checkpoint {path} must have.")
    # By its name, so that what serves does not come with torch: only who asks for this detector needs it.
    try:
        return importlib.import_module("models.detection.retinaface").RetinaFaceDetector.from_checkpoint(path, sha256)
    except ModuleNotFoundError as error:
        raise ArtifactError("RetinaFace needs torch: pip install 'photogate[train]'.") from error


def _required(name: str, weights: Path | None) -> Path:
    if weights is None:
        raise ArtifactError(f"The weights of {name} do not come with the code: name the file.")
    return weights


_DETECTORS: Mapping[str, Callable[[Path | None, str | None], FaceDetector]] = {
    "compact": _compact,
    "haar": _haar,
    "yunet": _yunet,
    "retinaface": _retinaface,
}
NAMES = tuple(_DETECTORS)
