"""Turn trained weights into an artifact that serves.

`python -m models.training.export --weights FILE --data DIR --version 1.0.0`
"""

import argparse
import hashlib
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from rich.progress import track

from models.artifacts import WEIGHTS, Artifact, Calibration, InputFormat, Manifest
from models.classifier import Classifier
from models.networks.student import INPUT_PX, Student
from models.training.calibration import expected_calibration_error, fitted, operating_points, probabilities
from models.training.evaluate import as_metrics, held_out, prepared_crops
from models.training.onnx_graph import onnx_of
from models.training.splits import Split, examples
from models.training.train import MEAN, STD

_NO_CALIBRATION = Calibration(temperature=1.0, bias=0.0)


def export(weights: Path, data: Path, version: str) -> Path:
    """Fold, calibrate on the calibration sources, write the artifact's folder and return it; no test source is read."""
    network = Student()
    network.load_state_dict(torch.load(weights, weights_only=True))
    model = onnx_of(network.eval().folded())
    manifest = Manifest(
        name="student",
        version=version,
        file="model.onnx",
        sha256=hashlib.sha256(model).hexdigest(),
        input=InputFormat(size_px=INPUT_PX, mean=MEAN, std=STD, layout="NCHW"),
        calibration=_NO_CALIBRATION,
        thresholds={},
        data_digest=data_digest(data),
        metrics={},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return _written(_calibrated(Artifact(manifest, model), data), model)


def add_test_metrics(directory: Path, data: Path) -> None:
    """Measure the held-out sources once and keep the figures in the manifest."""
    manifest = Manifest.read(directory / "manifest.json")
    measured = held_out(data, Classifier.load(directory))
    _write_manifest(directory, replace(manifest, metrics={**manifest.metrics, "test": as_metrics(measured)}))


def data_digest(data: Path) -> str:
    """SHA-256 over the sorted SHA-256 of the training pictures, one a line."""
    lines = sorted(example.sha256 for example in examples(data, Split.TRAIN))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _calibrated(artifact: Artifact, data: Path) -> Manifest:
    chosen = examples(data, Split.CALIBRATION)
    prepared = prepared_crops(data, chosen, lambda some, total: track(some, "calibration sources", total=total))
    logits = Classifier(artifact).logits(np.stack([photo.crop for photo in prepared]))
    is_real = np.array([example.is_real for example in chosen])
    calibration = fitted(logits, is_real)
    p_real = probabilities(logits, calibration)
    thresholds = operating_points(p_real, is_real)
    accepted = p_real >= thresholds["real_at_or_above"]
    metrics = {
        "calibration": {
            "bpcer": round(float((~accepted)[is_real].mean()), 5),
            "apcer": round(float(accepted[~is_real].mean()), 5),
            "ece": round(expected_calibration_error(p_real, is_real), 5),
        }
    }
    return replace(artifact.manifest, calibration=calibration, thresholds=thresholds, metrics=metrics)


def _written(manifest: Manifest, model: bytes) -> Path:
    directory = WEIGHTS / manifest.name / manifest.version
    directory.mkdir(parents=True, exist_ok=True)
    (directory / manifest.file).write_bytes(model)
    _write_manifest(directory, manifest)
    return directory


def _write_manifest(directory: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), indent=2, ensure_ascii=False)
    (directory / "manifest.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--measure-test", action="store_true", help="open the test sources: once, at the end")
    asked = parser.parse_args()
    folder = export(asked.weights, asked.data, asked.version)
    if asked.measure_test:
        add_test_metrics(folder, asked.data)
