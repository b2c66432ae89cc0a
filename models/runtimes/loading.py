"""A scorer by its name@version, on the runtime that the operator chose."""

import importlib
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import cast

from models.artifacts import MANIFEST, ArtifactError
from models.classifier import Classifier, Precision, Scorer
from models.ensemble import Ensemble, EnsembleManifest, is_ensemble
from models.registry import Registry, require_network


class Runtime(StrEnum):
    """What runs a network; `auto` is ONNX Runtime in the form that is fastest on this processor."""

    AUTO = "auto"
    FP32 = "fp32"
    INT8 = "int8"
    TORCH = "torch"


def load_scorer(reference: str, registry: Registry, runtime: Runtime = Runtime.AUTO, threads: int = 1) -> Scorer:
    """The network or ensemble called `name` or `name@version`; raises `ArtifactError`."""
    return load_from(registry.find(reference), registry, runtime, threads)


def load_from(directory: Path, registry: Registry, runtime: Runtime = Runtime.AUTO, threads: int = 1) -> Scorer:
    """The network or ensemble in a folder; an ensemble's members come from the registry. Raises `ArtifactError`."""
    if is_ensemble(directory):
        return ensemble_of(EnsembleManifest.read(directory / MANIFEST), registry, runtime, threads)
    if runtime is Runtime.TORCH:
        return _on_torch(directory)
    return Classifier.load(directory, threads, Precision(runtime.value))


def ensemble_of(
    manifest: EnsembleManifest, registry: Registry, runtime: Runtime = Runtime.AUTO, threads: int = 1
) -> Ensemble:
    """An ensemble with its members from the registry; raises `ArtifactError`."""
    return Ensemble(manifest, [_member(member.model, registry, runtime, threads) for member in manifest.members])


def load_by_digest(reference: str, sha256: str, registry: Registry) -> Scorer:
    """`name@version` in the form that has this digest, 32 or 8 bits; raises `ArtifactError` when none has."""
    directory = registry.find(reference)
    for form in (Runtime.AUTO, Runtime.FP32, Runtime.INT8):
        with suppress(ArtifactError):  # not every network has that form
            if (scorer := load_from(directory, registry, form)).sha256 == sha256:
                return scorer
    raise ArtifactError(f"The model {reference} here is not the one with the SHA-256 {sha256}.")


def _member(reference: str, registry: Registry, runtime: Runtime, threads: int) -> Scorer:
    """A network in the form that is asked for; in 32 bits where it comes without the eight that its fellows have."""
    directory = require_network(reference, registry)
    try:
        return load_from(directory, registry, runtime, threads)
    except ArtifactError:
        if runtime is not Runtime.INT8:
            raise
        return load_from(directory, registry, Runtime.FP32, threads)


def _on_torch(directory: Path) -> Scorer:
    """By name and only when asked: the images that serve on processors have no torch (docs/adr/0006-artifacts.md)."""
    try:
        gpu = importlib.import_module("models.runtimes.gpu")
    except ModuleNotFoundError as error:
        raise ArtifactError("The torch runtime needs torch and onnx, which the extra 'gpu' installs.") from error
    return cast("Scorer", gpu.TorchClassifier.load(directory))
