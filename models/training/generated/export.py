"""Turn a finished run into the artifact `real_vs_ai`.

`python -m models.training.generated.export --run runs/real_vs_ai --data DIR --version 1.0.0`
"""

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models.artifacts import Artifact, Calibration, InputFormat, Manifest, sha256_of
from models.calibration.scaling import expected_calibration_error, fitted, probabilities
from models.classifier import Classifier
from models.networks.real_vs_ai import INPUT_PX, RealVsAI
from models.training.generated.evaluate import (
    NETWORK,
    THRESHOLD,
    Exams,
    as_served,
    beside_shortcuts,
    exams,
    flagged,
    shown,
)
from models.training.generated.exam import FLAGGED_PHOTOS, Exam, Floats, separated, served
from models.training.generated.graph import onnx_of
from models.training.generated.sources import GENERATORS, Part, portraits
from models.training.generated.train import MEAN, SHIPPED, STD, without
from models.training.publishing import write
from models.training.sentences import ends_in_a_sentence

_ENOUGH_FOR_A_QUANTILE = 100


def export(run: Path, data: Path, version: str) -> Path:
    """Calibrate, measure within and left out, write the artifact's folder and return it."""
    model = onnx_of(_network(run / f"{SHIPPED}.pt"))
    bare = Manifest(
        name=NETWORK,
        version=version,
        file="model.onnx",
        sha256=sha256_of(model),
        input=InputFormat(size_px=INPUT_PX, mean=MEAN, std=STD),
        calibration=Calibration(temperature=1.0, bias=0.0),
        thresholds={},
        data_digest=_digest(data),
        metrics={},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    manifest = _calibrated(Artifact(bare, model), served(portraits(data, Part.CALIBRATION), data, shown))
    classifier = Classifier(Artifact(manifest, model))
    crops = exams(data)
    measured = {
        **as_served(classifier.score, manifest.thresholds[THRESHOLD], crops),
        "alike": beside_shortcuts(classifier.score, data, shown),
        "left_out": {name: _left_out(run, name, crops) for name in GENERATORS.values()},
    }
    return write(Artifact(replace(manifest, metrics={**manifest.metrics, **measured}), model))


def _calibrated(artifact: Artifact, exam: Exam) -> Manifest:
    logits = exam.judged(Classifier(artifact).logits)
    calibration = fitted(logits, exam.is_photo)
    p_photo = probabilities(logits, calibration)
    threshold = review_threshold(exam, p_photo)
    metrics = {
        "ece": round(expected_calibration_error(p_photo, exam.is_photo), 5),
        "flagged_photos": flagged(exam, p_photo, threshold),
    }
    return replace(
        artifact.manifest,
        calibration=calibration,
        thresholds={THRESHOLD: threshold},
        metrics={"calibration": metrics},
    )


def review_threshold(exam: Exam, p_photo: Floats) -> float:
    """The highest score below which no calibration source of enough photos has more than 1 % of them.

    The worst source decides, not the mean: whoever is flagged wrongly sits in one source.
    """
    sources = {portrait.source for portrait in exam.portraits if portrait.is_photo}
    of_sources = [p_photo[exam.photos_of(source)] for source in sources]
    enough = [scores for scores in of_sources if len(scores) >= _ENOUGH_FOR_A_QUANTILE] or [p_photo[exam.is_photo]]
    return float(min(np.quantile(scores, FLAGGED_PHOTOS, method="lower") for scores in enough))


def _left_out(run: Path, generator: str, crops: Exams) -> dict[str, Any]:
    """A generator as judged by the network that never saw it."""
    network = _network(run / f"{without(generator)}.pt")
    classifier = Classifier(_uncalibrated(onnx_of(network)))
    held, unseen = crops.held_out.judged(classifier.logits), crops.unseen.judged(classifier.logits)
    foreign = held[crops.held_out.made_by(generator)]
    against = {"": held[crops.held_out.is_photo], "_unseen_photos": unseen}
    compared = {suffix: separated(photos, foreign) for suffix, photos in against.items()}
    figures = {f"auc{suffix}": round(found.auc, 4) for suffix, found in compared.items()}
    return figures | {f"found{suffix}": round(found.found, 4) for suffix, found in compared.items()}


def _uncalibrated(model: bytes) -> Artifact:
    """A network to be asked for logits alone."""
    wanted = InputFormat(size_px=INPUT_PX, mean=MEAN, std=STD)
    manifest = Manifest(
        NETWORK, "0.0.0", "model.onnx", sha256_of(model), wanted, Calibration(1.0, 0.0), {}, "", {}, created=""
    )
    return Artifact(manifest, model)


def _network(weights: Path) -> RealVsAI:
    network = RealVsAI()
    network.load_state_dict(torch.load(weights, weights_only=True))
    return network.eval()


def _digest(data: Path) -> str:
    """SHA-256 over the sorted SHA-256 of the training portraits, one a line."""
    return sha256_of("\n".join(sorted(portrait.sha256 for portrait in portraits(data, Part.TRAIN))).encode())


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--version", required=True)
    asked = parser.parse_args()
    export(asked.run, asked.data, asked.version)


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
