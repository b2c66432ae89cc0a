"""A scorer by its name@version, on the runtime that the operator chose."""

import importlib
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import cast

from models.artifacts import ArtifactError
from models.classifier import Classifier, Precision, Scorer
from models.ensemble import Ensemble, is_ensemble
from models.registry import Registry


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
        return Ensemble.load(directory, lambda member: load_scorer(member, registry, runtime, threads))
    if runtime is Runtime.TORCH:
        return _on_torch(directory)
    return Classifier.load(directory, threads, Precision(runtime.value))


def load_by_digest(reference: str, sha256: str, registry: Registry) -> Scorer:
    """`name@version` in the form that has this digest, 32 or 8 bits; raises `ArtifactError` when none has."""
    directory = registry.find(reference)
    for form in (Runtime.AUTO, Runtime.FP32, Runtime.INT8):
        with suppress(ArtifactError):  # not every network has that form
            if (scorer := load_from(directory, registry, form)).sha256 == sha256:
                return scorer
    raise ArtifactError(f"The model {reference} here is not the one with the SHA-256 {sha256}.")


def _on_torch(directory: Path) -> Scorer:
    """By name and only when asked: the images that serve on processors have no torch (docs/adr/0006-artifacts.md)."""
    try:
        gpu = importlib.import_module("models.runtimes.gpu")
    except ModuleNotFoundError as error:
        raise ArtifactError("The torch runtime needs torch and onnx, which the extra 'gpu' installs.") from error
    return cast("Scorer", gpu.TorchClassifier.load(directory))
