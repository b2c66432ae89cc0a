"""Several models that answer as one: their calibrated log odds are averaged, and the average is calibrated again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.artifacts import MANIFEST, ArtifactError, Calibration, sha256_of
from models.calibration.risk_control import Guarantee
from models.calibration.scaling import log_odds, probabilities
from models.classifier import Examined, OfManifest, Scorer, examined
from models.pixels import Pixels

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Member:
    """A model by its exact name@version, and how much its answer counts relative to the others'."""

    model: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Raise ValueError for a member that does not count, or that is not one exact version."""
        if not 0 < self.weight < float("inf") or "@" not in self.model:
            raise ValueError(f"{self.model!r} with the weight {self.weight} is no member")


@dataclass(frozen=True, slots=True)
class EnsembleManifest:
    """Everything that is known about one version of one ensemble."""

    name: str
    version: str
    members: tuple[Member, ...]
    calibration: Calibration
    thresholds: Mapping[str, float]
    metrics: Mapping[str, Any]
    created: str
    guarantee: Guarantee | None = None

    @classmethod
    def read(cls, path: Path) -> "EnsembleManifest":
        """Parse manifest.json; raises `ArtifactError` when it is missing or not as it should be."""
        try:
            written = json.loads(path.read_text(encoding="utf-8"))
            guarantee = written.get("guarantee")
            parts = {
                "members": tuple(Member(**member) for member in written["members"]),
                "calibration": Calibration(**written["calibration"]),
                "guarantee": Guarantee.read(**guarantee) if guarantee else None,
            }
            return cls(**{**written, **parts})
        except FileNotFoundError as error:
            raise ArtifactError(f"There is no model manifest at {path}.") from error
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise ArtifactError(f"The ensemble's manifest at {path} cannot be understood: {error}.") from error

    def write(self, directory: Path) -> None:
        """Write manifest.json."""
        facts = {name: value for name, value in asdict(self).items() if value is not None}
        (directory / MANIFEST).write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    @property
    def reference(self) -> str:
        """Ensemble and version, `panel@1.0.0`."""
        return f"{self.name}@{self.version}"


class Ensemble(OfManifest):
    """Members with their weights; a `Scorer`."""

    def __init__(self, manifest: EnsembleManifest, members: Sequence[Scorer]) -> None:
        """`members` in the manifest's order; raises `ArtifactError` when they are others."""
        wanted = [member.model for member in manifest.members]
        if not members or [member.name for member in members] != wanted:
            raise ArtifactError(f"The ensemble {manifest.reference} wants other models: {', '.join(wanted) or 'some'}.")
        self._manifest: EnsembleManifest = manifest
        self._members = tuple(members)
        weights = np.array([member.weight for member in manifest.members])
        self._weights = weights / weights.sum()

    @property
    def sha256(self) -> str:
        """One digest of the members' digests, in their order."""
        return sha256_of("\n".join(member.sha256 for member in self._members).encode())

    @property
    def manifest(self) -> EnsembleManifest:
        """Everything that is known about the ensemble."""
        return self._manifest

    def score(self, crops: Pixels) -> Floats:
        """(N, 224, 224, 3) uint8 RGB -> (N,) probabilities of a real face photo."""
        return probabilities(self.logits(crops), self._manifest.calibration)

    def examine(self, crops: Pixels) -> Examined:
        """(N, 224, 224, 3) uint8 RGB -> probabilities; a crop is as unusual as the member that knows it best says."""
        each = [examined(member, crops) for member in self._members]
        p_real = probabilities(self._mean([one.p_real for one in each]), self._manifest.calibration)
        told = [one.strangeness for one in each if one.strangeness is not None]
        return Examined(p_real, np.min(told, axis=0) if told else None)

    def logits(self, crops: Pixels) -> Floats:
        """(N, 224, 224, 3) uint8 RGB -> (N,) weighted means of the members' calibrated log odds."""
        return self._mean([member.score(crops) for member in self._members])

    def _mean(self, p_real: Sequence[Floats]) -> Floats:
        return self._weights @ log_odds(np.stack(p_real))


def is_ensemble(directory: Path) -> bool:
    """Whether a folder holds an ensemble rather than a network; false for what cannot be read."""
    try:
        written = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(written, dict) and "members" in written
