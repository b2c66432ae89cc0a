"""Turn finished runs into artifacts in their own folders: `python -m models.training.run_export RUN… --data DIR`.

For networks too large to come with the code: `photogate evaluate RUN/artifact` measures them like any other. The
default classifier is published with a guarantee and in eight bits by models/training/export.py.
"""

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.artifacts import Artifact, Calibration, InputFormat, Manifest, sha256_of
from models.calibration.scaling import decision_threshold, fitted, probabilities
from models.classifier import Classifier
from models.networks.student import Student
from models.pixels import Pixels
from models.training.learner import fresh_network
from models.training.network_onnx import onnx_bytes
from models.training.onnx_graph import onnx_of
from models.training.publishing import calibration_pictures, data_digest
from models.training.recipe import Recipe
from models.training.run import Run
from models.training.sentences import ends_in_a_sentence

VERSION = "0.0.1"
ARTIFACT = "artifact"
_MODEL = "model.onnx"
_BATCH = 64
_NOT_CALIBRATED = Calibration(temperature=1.0, bias=0.0)

Flags = NDArray[np.bool_]


def artifact_of(run: Run, crops: Pixels, is_real: Flags, digest: str) -> Path:
    """Write a run's network as RUN/artifact, calibrated on (N, 224, 224, 3) crops; raises `TrainingError`.

    `digest` is that of the pictures that it was trained on.
    """
    recipe = run.recipe()
    model = _graph(run, recipe)
    bare = _manifest(recipe, model, digest)
    calibration, threshold = _calibrated(Classifier(Artifact(bare, model)), crops, is_real)
    directory = run.folder / ARTIFACT
    directory.mkdir(exist_ok=True)
    (directory / _MODEL).write_bytes(model)
    replace(bare, calibration=calibration, thresholds={"real_at_or_above": threshold}).write(directory)
    return directory


def _graph(run: Run, recipe: Recipe) -> bytes:
    network = fresh_network(recipe, torch.device("cpu"))
    run.load_weights(network)
    if isinstance(network, Student):
        return onnx_of(network.eval().folded(), recipe.input_px)
    return onnx_bytes(network, recipe.input_px)


def _manifest(recipe: Recipe, model: bytes, digest: str) -> Manifest:
    return Manifest(
        name=recipe.network,
        version=VERSION,
        file=_MODEL,
        sha256=sha256_of(model),
        input=InputFormat(recipe.input_px, recipe.mean, recipe.std),
        calibration=_NOT_CALIBRATED,
        thresholds={},
        data_digest=digest,
        metrics={},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _calibrated(classifier: Classifier, crops: Pixels, is_real: Flags) -> tuple[Calibration, float]:
    starts = range(0, len(crops), _BATCH)
    logits = np.concatenate([classifier.logits(crops[start : start + _BATCH]) for start in starts])
    calibration = fitted(logits, is_real)
    return calibration, decision_threshold(probabilities(logits, calibration), is_real)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    pictures = calibration_pictures(asked.data)
    for folder in asked.runs:
        print(artifact_of(Run(folder), pictures.crops, pictures.is_real, data_digest(asked.data)))


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
