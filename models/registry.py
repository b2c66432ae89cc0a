"""Models by name@version: those that come with the code, those of the operator's folder, and which of them serves."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.artifacts import MANIFEST, WEIGHTS, ArtifactError, Manifest, load_artifact, sha256_of, versions_in
from models.ensemble import EnsembleManifest, is_ensemble

SERVING = "serving.json"
FINDS = "face_at_or_above"
"""The threshold by which a face detector's artifact is told from a classifier's."""

_REFERENCE = re.compile(r"(?P<name>[a-z0-9_]+)(?:@(?P<version>\d+\.\d+\.\d+))?")


@dataclass(frozen=True, slots=True)
class Listed:
    """One artifact of the registry; `is_ours` when it came with the code."""

    directory: Path
    name: str
    version: str
    is_ours: bool
    serves: bool

    @property
    def reference(self) -> str:
        """Network and version, `student@1.0.0`."""
        return f"{self.name}@{self.version}"


class Registry:
    """Artifacts as NAME/VERSION under two folders; what serves is the newest unless somebody promoted another."""

    def __init__(self, folder: Path, shipped: Path = WEIGHTS) -> None:
        """`folder` is the operator's own; it need not exist."""
        self._folder = folder
        self._shipped = shipped

    def listed(self) -> list[Listed]:
        """Every artifact, by name and rising version; raises `ArtifactError` for a broken state file."""
        names = sorted({path.name for folder in self._folders for path in folder.glob("*") if path.is_dir()})
        return [listed for name in names for listed in self._versions(name)]

    def find(self, reference: str) -> Path:
        """The folder of `name@version`, or of the version of `name` that serves; raises `ArtifactError`."""
        found = self._listed(reference)
        return found.directory

    def exactly(self, reference: str) -> str:
        """`name@version` of what `find` finds; raises `ArtifactError`."""
        return self._listed(reference).reference

    def versions(self, name: str) -> list[str]:
        """All versions of one model, rising; none of a model that is not here."""
        return [listed.version for listed in self._versions(name)]

    def promote(self, reference: str) -> str | None:
        """Let one exact version serve and return the one that served; raises `ArtifactError` unless it verifies."""
        chosen = self._listed(reference)
        verify(chosen.directory, self)
        before = next((listed.version for listed in self._versions(chosen.name) if listed.serves), None)
        self._write({**self._promoted(), chosen.name: chosen.version})
        return before

    def _listed(self, reference: str) -> Listed:
        name, version = name_and_version(reference)
        versions = self._versions(name)
        if not versions:
            raise ArtifactError(f"There is no model called {name!r} here.")
        if found := [listed for listed in versions if (listed.version == version if version else listed.serves)]:
            return found[0]
        wanted = version or self._promoted()[name]
        there = ", ".join(listed.version for listed in versions)
        raise ArtifactError(f"There is no version {wanted} of {name!r}; there are {there}.")

    def _versions(self, name: str) -> list[Listed]:
        # A version that comes with the code is never hidden by a folder of the same name.
        found = {path.name: path for folder in reversed(self._folders) for path in versions_in(folder, name)}
        ordered = sorted(found, key=lambda version: tuple(map(int, version.split("."))))
        serving = self._promoted().get(name, ordered[-1] if ordered else None)
        return [
            Listed(found[version], name, version, found[version].is_relative_to(self._shipped), version == serving)
            for version in ordered
        ]

    @property
    def _folders(self) -> tuple[Path, Path]:
        return self._shipped, self._folder

    def _promoted(self) -> Mapping[str, str]:
        path = self._folder / SERVING
        try:
            written = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            raise ArtifactError(f"The list of promoted models {path} cannot be read: {error}.") from error
        if not isinstance(written, dict) or not all(_REFERENCE.fullmatch(f"{n}@{v}") for n, v in written.items()):
            raise ArtifactError(f"The list of promoted models {path} is not a table of names and versions.")
        return written

    def _write(self, promoted: Mapping[str, str]) -> None:
        """Replace the state file in one step: a worker that starts meanwhile reads the old one or the new one."""
        path = self._folder / SERVING
        partial = path.with_suffix(f".{os.getpid()}.partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(promoted, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            partial.replace(path)
        except OSError as error:
            raise ArtifactError(f"The list of promoted models {path} cannot be written: {error.strerror}.") from error


def name_and_version(reference: str) -> tuple[str, str | None]:
    """The parts of `name@version`, or of a name alone; raises `ArtifactError`."""
    asked = _REFERENCE.fullmatch(reference)
    if asked is None:
        raise ArtifactError(f"A model is named like student or student@2.0.0, not {reference!r}.")
    return asked["name"], asked["version"]


def require_network(reference: str, registry: Registry) -> Path:
    """The folder of an ensemble's member; raises `ArtifactError` for an ensemble, which might hold itself."""
    directory = registry.find(reference)
    if is_ensemble(directory):
        raise ArtifactError(f"{reference} is an ensemble; the members of an ensemble are networks.")
    return directory


def manifest_of(directory: Path) -> Manifest | EnsembleManifest:
    """What a network or an ensemble says of itself; raises `ArtifactError`."""
    kind = EnsembleManifest if is_ensemble(directory) else Manifest
    return kind.read(directory / MANIFEST)


def artifact_sha256(directory: Path, registry: Registry) -> str:
    """One digest for all of an artifact: of its manifest, which names every file's; raises `ArtifactError`.

    An ensemble's manifest names its members by version, so theirs go into it.
    """
    own = sha256_of((directory / MANIFEST).read_bytes())
    if not is_ensemble(directory):
        return own
    members = EnsembleManifest.read(directory / MANIFEST).members
    parts = [artifact_sha256(require_network(member.model, registry), registry) for member in members]
    return sha256_of("\n".join([own, *parts]).encode())


def verify(directory: Path, registry: Registry) -> Manifest | EnsembleManifest:
    """Hash every file of an artifact, and of an ensemble's members, and start each network; raises `ArtifactError`."""
    from models.classifier import Classifier, Precision  # noqa: PLC0415 - listing models needs no runtime
    from models.detection.load import load_detector  # noqa: PLC0415 - nor a detector

    if is_ensemble(directory):
        ensemble = EnsembleManifest.read(directory / MANIFEST)
        for member in ensemble.members:
            verify(require_network(member.model, registry), registry)
        return ensemble
    artifact = load_artifact(directory)
    if FINDS in artifact.manifest.thresholds:
        load_detector("compact", directory)
        return artifact.manifest
    for precision in (Precision.FP32, Precision.INT8) if artifact.int8 else (Precision.FP32,):
        Classifier(artifact, precision=precision)
    return artifact.manifest
