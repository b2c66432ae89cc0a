"""A trained network on disk: ONNX files and the manifest that says what they are, loaded only if the hashes match."""

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.calibration.risk_control import Guarantee

WEIGHTS = Path(__file__).with_name("weights")
MANIFEST = "manifest.json"
STRANGENESS = "strangeness"
"""The output of a network that says how unusual a picture is; above 1 it is beyond the manifest's quantile."""

_LARGEST_PX = 1024
_VERSION = re.compile(r"\d+\.\d+\.\d+")

PerChannel = float | tuple[float, float, float]
"""One number for all channels, or one each for red, green and blue."""


class ArtifactError(Exception):
    """An artifact that must not be used; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class InputFormat:
    """What the network wants: square pictures of `size_px`, (pixel - mean) / std on 0…255, axes as in `layout`."""

    size_px: int
    mean: PerChannel
    std: PerChannel
    layout: str = "NCHW"

    def __post_init__(self) -> None:
        """Take lists, as JSON has them; raises ValueError for what no network can want."""
        if self.size_px not in range(1, _LARGEST_PX + 1):
            raise ValueError(f"an input of {self.size_px!r} px is not possible")
        object.__setattr__(self, "mean", _per_channel("mean", self.mean))
        object.__setattr__(self, "std", _per_channel("std", self.std))
        if 0 in (self.std if isinstance(self.std, tuple) else (self.std,)):
            raise ValueError("a std of 0 divides by nothing")
        if self.layout != "NCHW":
            raise ValueError(f"a layout {self.layout!r} is not known")


@dataclass(frozen=True, slots=True)
class Calibration:
    """p = sigmoid(logit / temperature + bias), fitted on sources that did not train.

    `faceless` is added to the log odds of a picture in which the detector found no face: 0, or less.
    """

    temperature: float
    bias: float
    faceless: float = 0.0


@dataclass(frozen=True, slots=True)
class HashedFile:
    """A further file of an artifact."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EightBits(HashedFile):
    """The same network in eight bits, and what was measured of it when it was made.

    `loss_points`: percentage points that BPCER or APCER, whichever is worse, grew by; `largest_change` of p_real;
    `speed`: how many times as fast as in 32 bits on a processor whose best instruction set for it is `faster_with`.
    """

    loss_points: float
    largest_change: float
    speed: float
    faster_with: str | None


@dataclass(frozen=True, slots=True)
class Strangeness:
    """What the network's output `strangeness` was fitted on: 1 is this quantile of the calibration's real faces."""

    quantile: float
    fitted_on: int
    calibrated_on: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that is known about one version of one network.

    `guarantee` is what the thresholds promise, `int8` the network in eight bits, `weights` the same as safetensors.
    """

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
    guarantee: Guarantee | None = None
    strangeness: Strangeness | None = None
    int8: EightBits | None = None
    weights: HashedFile | None = None

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Parse manifest.json; raises `ArtifactError` when it is missing or not as it should be."""
        try:
            written = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                **{**written, **{name: part(**written[name]) for name, part in _PARTS.items() if name in written}}
            )
        except FileNotFoundError as error:
            raise ArtifactError(f"There is no model manifest at {path}.") from error
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise ArtifactError(f"The model manifest at {path} cannot be understood: {error}.") from error

    def write(self, directory: Path) -> None:
        """Write manifest.json; what is not there is left out."""
        facts = {name: value for name, value in asdict(self).items() if value is not None}
        text = json.dumps(facts, indent=2, ensure_ascii=False)
        (directory / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @property
    def reference(self) -> str:
        """Network and version, `student@1.0.0`."""
        return f"{self.name}@{self.version}"

    @property
    def files(self) -> tuple[HashedFile, ...]:
        """Every file that the manifest vouches for, the network first."""
        return (HashedFile(self.file, self.sha256), *(part for part in (self.int8, self.weights) if part))


@dataclass(frozen=True, slots=True)
class Artifact:
    """A manifest and the verified bytes of its files: network, eight-bit form, and weights as they were trained."""

    manifest: Manifest
    model: bytes = field(repr=False)
    int8: bytes | None = field(default=None, repr=False)
    weights: bytes | None = field(default=None, repr=False)

    @property
    def contents(self) -> Mapping[str, bytes]:
        """The bytes of every file that the manifest names."""
        parts = ((self.manifest, self.model), (self.manifest.int8, self.int8), (self.manifest.weights, self.weights))
        return {part.file: content for part, content in parts if part and content is not None}


def load_artifact(directory: Path) -> Artifact:
    """Read an artifact and verify each file's SHA-256; raises `ArtifactError` rather than return anything doubtful."""
    manifest = Manifest.read(directory / MANIFEST)
    read = {wanted.file: verified_bytes(directory, wanted) for wanted in manifest.files}
    int8, weights = (read[part.file] if part else None for part in (manifest.int8, manifest.weights))
    return Artifact(manifest, read[manifest.file], int8, weights)


def verified_bytes(directory: Path, wanted: HashedFile) -> bytes:
    """A file of an artifact, only with the SHA-256 that its manifest names; raises `ArtifactError`."""
    path = directory / wanted.file
    if path.parent != directory:
        raise ArtifactError(f"The model manifest in {directory} names a file outside its own folder.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"The model file {path} cannot be read.") from error
    if sha256_of(content) != wanted.sha256:
        raise ArtifactError(f"The model file {path} does not have the SHA-256 that its manifest names.")
    return content


def sha256_of(content: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def newest_version(name: str) -> Path:
    """The folder of the highest version of a network that comes with this code; raises `ArtifactError` without any."""
    versions = versions_in(WEIGHTS, name)
    if not versions:
        raise ArtifactError(f"No weights of a network called {name!r} come with this installation.")
    return versions[-1]


def versions_in(folder: Path, name: str) -> list[Path]:
    """The artifacts of one network under `folder`, by rising version."""
    found = [path.parent for path in (folder / name).glob(f"*/{MANIFEST}") if _VERSION.fullmatch(path.parent.name)]
    return sorted(found, key=lambda path: tuple(int(part) for part in path.name.split(".")))


_PARTS: Mapping[str, Callable[..., object]] = {
    "input": InputFormat,
    "calibration": Calibration,
    "guarantee": Guarantee.read,
    "strangeness": Strangeness,
    "int8": EightBits,
    "weights": HashedFile,
}


def _per_channel(name: str, written: object) -> PerChannel:
    numbers: list[Any] = list(written) if isinstance(written, list | tuple) else [written]
    if len(numbers) not in {1, 3} or not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
        raise ValueError(f"{name} is one number or three, not {written!r}")
    if len(numbers) == 1:
        return float(numbers[0])
    red, green, blue = map(float, numbers)
    return red, green, blue
