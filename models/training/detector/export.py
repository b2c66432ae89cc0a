"""Turn a trained detector into an artifact that serves.

`python -m models.training.detector.export --first-look FILE --closer-look FILE --data DIR --version 2.0.0`
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from rich.progress import track

from models.artifacts import WEIGHTS, Artifact, Calibration, InputFormat, Manifest, load_artifact, sha256_of
from models.decoding import decode
from models.detection.candidates import overlap
from models.detection.compact import CANDIDATE, NETWORK, THRESHOLD, CompactDetector
from models.networks.face_detector import FaceDetectorNet
from models.networks.face_refiner import FaceRefinerNet
from models.training.detector.graph import onnx_of
from models.training.detector.reading import network_of
from models.training.detector.reference import teacher_labels, within
from models.training.publishing import data_digest
from models.training.sentences import ends_in_a_sentence
from models.training.splits import Split, examples

_FIRST_LOOK_PX = 128
_MAY_BE_A_FACE = 0.1
_ANY = 0.02
_MAY_MISS = 0.002
_LOWEST, _HIGHEST = 0.3, 0.9
_FOUND = 0.5


def export(network: FaceDetectorNet, refiner: FaceRefinerNet, data: Path, version: str) -> Path:
    """Fold, choose the threshold on the calibration sources, write the artifact's folder and return it."""
    model = onnx_of(network.eval(), refiner.eval())
    manifest = Manifest(
        name=NETWORK,
        version=version,
        file="model.onnx",
        sha256=sha256_of(model),
        input=InputFormat(size_px=_FIRST_LOOK_PX, mean=127.5, std=127.5),
        calibration=Calibration(temperature=1.0, bias=0.0),
        thresholds={CANDIDATE: _MAY_BE_A_FACE, THRESHOLD: _ANY},
        data_digest=data_digest(data),
        metrics={},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    scores = np.array(list(_scores_of_faces(CompactDetector(Artifact(manifest, model)), data)))
    threshold = chosen(scores)
    missed = float((scores < threshold).mean())
    directory = WEIGHTS / NETWORK / version
    directory.mkdir(parents=True, exist_ok=True)
    (directory / manifest.file).write_bytes(model)
    metrics = {"calibration": {"portraits": len(scores), "missed_at_first_look": round(missed, 5)}}
    replace(manifest, thresholds={**manifest.thresholds, THRESHOLD: threshold}, metrics=metrics).write(directory)
    return directory


def chosen(scores: np.ndarray) -> float:
    """The threshold under which two faces in a thousand fall at the first look, within bounds, rounded down."""
    low = float(np.quantile(scores, _MAY_MISS))
    return float(np.floor(np.clip(low, _LOWEST, _HIGHEST) * 100) / 100)


def _scores_of_faces(detector: CompactDetector, data: Path) -> Iterator[float]:
    """How sure the detector is of each calibration portrait's face: 0 where its box is not about that face."""
    labels = teacher_labels(data)
    portraits = [example for example in examples(data, Split.CALIBRATION) if example.file in labels and example.is_real]
    for example in track(portraits, "calibration portraits"):
        photo = decode((data / example.file).read_bytes(), short_side_px=640)
        truth = within(labels[example.file].box, photo.width_px, photo.height_px)
        faces = [face.scaled(1 / photo.scale) for face in detector.look(photo.pixels, _FIRST_LOOK_PX)]
        same = (face.score for face in faces if overlap(truth, face.corners[None])[0] >= _FOUND)
        yield max(same, default=0.0)


def _first_look(path: Path) -> FaceDetectorNet:
    if path.is_dir():
        return network_of(load_artifact(path).model)
    network = FaceDetectorNet()
    network.load_state_dict(torch.load(path, weights_only=True))
    return network


def _closer_look(path: Path) -> FaceRefinerNet:
    refiner = FaceRefinerNet()
    refiner.load_state_dict(torch.load(path, weights_only=True))
    return refiner


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--first-look", type=Path, required=True, help="weights, or an artifact's folder to take them from"
    )
    parser.add_argument("--closer-look", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--version", required=True)
    asked = parser.parse_args()
    print(export(_first_look(asked.first_look), _closer_look(asked.closer_look), asked.data, asked.version))


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
