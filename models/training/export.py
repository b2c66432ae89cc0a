"""Turn a trained student into an artifact that serves, in one go: fold, calibrate, promise, quantise, write.

`python -m models.training.export --weights student.safetensors --data DIR --version 2.0.0`
"""

import argparse
from dataclasses import replace
from pathlib import Path

import safetensors.torch
from torch import Tensor

from models.artifacts import MANIFEST, WEIGHTS, ArtifactError, InputFormat, Manifest
from models.calibration.risk_control import Aims
from models.classifier import Classifier
from models.evaluation.held_out import as_metrics, held_out
from models.networks.student import INPUT_PX, LARGE, MEAN, SMALL, STD, Student
from models.training.errors import TrainingError
from models.training.onnx_graph import onnx_of
from models.training.publishing import Network, publish
from models.training.sentences import ends_in_a_sentence
from models.training.weights import tensors_of

_NAMES = {SMALL: "student", LARGE: "student_large"}


def export(weights: Path, data: Path, version: str, size_px: int = INPUT_PX, aims: Aims | None = None) -> Path:
    """Publish a student of either width and return its folder; no test source is read. Raises `ArtifactError`."""
    student = student_of(weights)
    model = onnx_of(student.eval().folded(), size_px)
    wanted = InputFormat(size_px=size_px, mean=MEAN, std=STD)
    trained = safetensors.torch.save({name: values.contiguous() for name, values in student.state_dict().items()})
    return publish(Network(_NAMES[student.widths], version, wanted, model, trained), data, WEIGHTS, aims)


def student_of(weights: Path) -> Student:
    """The student, small or large, that a .safetensors or .pt file was written of; raises `ArtifactError`."""
    state = _tensors(weights)
    for widths in _NAMES:
        student = Student(widths)
        if {name: values.shape for name, values in student.state_dict().items()} == {
            name: values.shape for name, values in state.items()
        }:
            student.load_state_dict(state)
            return student
    raise ArtifactError(f"The weights {weights} are not those of a student.")


def add_test_metrics(directory: Path, data: Path) -> None:
    """Measure the held-out sources once and keep the figures in the manifest."""
    manifest = Manifest.read(directory / MANIFEST)
    measured = held_out(data, Classifier.load(directory))
    replace(manifest, metrics={**manifest.metrics, "test": as_metrics(measured)}).write(directory)


def _tensors(weights: Path) -> dict[str, Tensor]:
    try:
        return tensors_of(weights.read_bytes(), str(weights))
    except (OSError, TrainingError) as error:
        raise ArtifactError(f"The weights {weights} cannot be read as tensors.") from error


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--size-px", type=int, default=INPUT_PX)
    parser.add_argument("--alpha", type=float, default=Aims.placeholders_approved, help="placeholders approved at most")
    parser.add_argument("--beta", type=float, default=Aims.reals_refused, help="real faces refused at most")
    parser.add_argument("--confidence", type=float, default=Aims.confidence)
    parser.add_argument("--measure-test", action="store_true", help="open the test sources: once, at the end")
    asked = parser.parse_args()
    aims = Aims(asked.alpha, asked.beta, asked.confidence)
    folder = export(asked.weights, asked.data, asked.version, asked.size_px, aims)
    if asked.measure_test:
        add_test_metrics(folder, asked.data)
    _show(Manifest.read(folder / MANIFEST), folder)


def _show(manifest: Manifest, folder: Path) -> None:
    print(f"{manifest.reference} in {folder}")
    print(manifest.guarantee.sentence if manifest.guarantee else "")
    for name, value in {**manifest.thresholds, **manifest.metrics}.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
