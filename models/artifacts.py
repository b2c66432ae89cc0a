"""A trained network on disk: one ONNX file and the manifest that says what it is, loaded only if the hash matches."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).with_name("weights")


class ArtifactError(Exception):
    """An artifact that must not be used; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class InputFormat:
    """What the network wants: square pictures of `size_px`, (pixel - mean) / std on 0…255, axes as in `layout`."""

    size_px: int
    mean: float
    std: float
    layout: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """p = sigmoid(logit / temperature + bias), fitted on sources that did not train."""

    temperature: float
    bias: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that is known about one version of one network."""

    name: str
    version: str
    file: str
    sha256: str
    input: InputFormat
    calibration: Calibration
    thresholds: Mapping[str, float]
    data_digest: str
    metrics: Mapping[str, Any]
    created: str

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Parse manifest.json; raises `ArtifactError` when it is missing or not as it should be."""
        try:
            written = json.loads(path.read_text(encoding="utf-8"))
            parts = {"input": InputFormat(**written["input"]), "calibration": Calibration(**written["calibration"])}
            return cls(**{**written, **parts})
        except FileNotFoundError as error:
            raise ArtifactError(f"There is no model manifest at {path}.") from error
        except (ValueError, TypeError, KeyError) as error:
            raise ArtifactError(f"The model manifest at {path} cannot be understood: {error}.") from error


@dataclass(frozen=True, slots=True)
class Artifact:
    """A manifest and the verified bytes of its network."""

    manifest: Manifest
    model: bytes


def load_artifact(directory: Path) -> Artifact:
    """Read an artifact and verify its SHA-256; raises `ArtifactError` rather than return anything doubtful."""
    manifest = Manifest.read(directory / "manifest.json")
    path = directory / manifest.file
    if path.parent != directory:
        raise ArtifactError(f"The model manifest in {directory} names a file outside its own folder.")
    try:
        model = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"The model file {path} cannot be read.") from error
    if hashlib.sha256(model).hexdigest() != manifest.sha256:
        raise ArtifactError(f"The model file {path} does not have the SHA-256 that its manifest names.")
    return Artifact(manifest, model)


def newest_version(name: str) -> Path:
    """The folder of the highest version of a network that comes with this code; raises `ArtifactError` without any."""
    versions = [path.parent for path in (WEIGHTS / name).glob("*/manifest.json")]
    if not versions:
        raise ArtifactError(f"No weights of a network called {name!r} come with this installation.")
    return max(versions, key=lambda path: tuple(int(part) for part in path.name.split(".")))
