import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from models.artifacts import Artifact, ArtifactError, InputFormat, load_artifact
from models.calibration.risk_control import Aims, CannotPromise
from models.classifier import Classifier, Precision
from models.evaluation.pictures import Pictures
from models.networks.student import Student, Widths
from models.preparation import Prepared
from models.runtimes.gpu import TorchClassifier
from models.training import publishing
from models.training.onnx_graph import onnx_of
from models.training.publishing import Network, prepared, write
from models.training.splits import Example

NO_DATA = Path()
LAX = Aims(0.2, 0.2, 0.9)
RNG = np.random.default_rng(4)


def photo(level: int) -> Prepared:
    """A crop of noise around one brightness."""
    crop = np.clip(RNG.normal(level, 20, (224, 224, 3)), 0, 255).astype(np.uint8)
    return Prepared(crop=crop, review_copy=b"", width_px=224, height_px=224, faces=(), quality={}, ms={})


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """Bright pictures that are called real and dark ones that are not, of two sources each."""
    labels = ["real"] * 30 + ["placeholder"] * 30
    examples = [Example(f"{n}.png", label, f"s{n % 2}", "00", None) for n, label in enumerate(labels)]
    return Pictures(tuple(examples), tuple(photo(180 if label == "real" else 70) for label in labels))


@pytest.fixture(scope="module")
def network() -> Network:
    """A student that was told in its last layer which of its features tells bright from dark."""
    torch.manual_seed(5)
    student = Student(Widths((4, 4, 8, 8, 8))).eval().folded()
    bright, dark = (student.features(torch.full((1, 3, 64, 64), level)).mean((2, 3)) for level in (0.8, -0.9))
    with torch.no_grad():
        student.head.weight.copy_(torch.sign(bright - dark) * 40 / (bright - dark).abs().sum())
        student.head.bias.copy_(-(student.head.weight @ ((bright + dark) / 2).T)[0])
    return Network("student", "9.9.9", InputFormat(64, 127.5, 63.75), onnx_of(student, 64))


@pytest.fixture(autouse=True, scope="module")
def no_training_pictures():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "apart", lambda _data, _split: [])
        yield


@pytest.fixture(scope="module")
def artifact(network, pictures) -> Artifact:
    faces = np.stack([photo(180).crop for _ in range(30)])
    return prepared(network, NO_DATA, pictures, LAX, faces)


def test_what_is_published_loads_and_says_what_it_promises(artifact, pictures, tmp_path):
    directory = write(artifact, tmp_path)
    manifest = load_artifact(directory).manifest
    assert directory == tmp_path / "student/9.9.9"
    assert manifest.guarantee.placeholders_approved.pictures == 30
    assert manifest.guarantee.reals_refused.sources == 2
    assert manifest.thresholds.keys() == {"real_at_or_above", "refuse_below", "approve_at_or_above"}
    p_real = Classifier.load(directory).score(pictures.crops)
    assert ((p_real >= manifest.thresholds["real_at_or_above"]) == pictures.is_real).all()


def test_eight_bits_come_along_where_they_lose_nothing(artifact, pictures, tmp_path):
    directory = write(artifact, tmp_path)
    eight = load_artifact(directory).manifest.int8
    assert eight.loss_points <= publishing.MOST_LOSS_POINTS
    full, small = (Classifier.load(directory, precision=p) for p in (Precision.FP32, Precision.INT8))
    assert full.sha256 != small.sha256 == eight.sha256
    assert np.abs(full.score(pictures.crops) - small.score(pictures.crops)).max() <= eight.largest_change + 1e-4
    exact, rounded = full.logits(pictures.crops), small.logits(pictures.crops)
    assert 0 < np.abs(exact - rounded).max() < 0.2 * np.ptp(exact)


def test_eight_bits_that_lose_too_much_stay_away(network, pictures, tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "MOST_LOSS_POINTS", -1)
    directory = write(prepared(network, NO_DATA, pictures, LAX), tmp_path)
    assert load_artifact(directory).manifest.int8 is None
    assert not (directory / "model.int8.onnx").exists()
    assert "speed" in load_artifact(directory).manifest.metrics["eight_bits"]
    with pytest.raises(ArtifactError, match="without an eight-bit form"):
        Classifier.load(directory, precision=Precision.INT8)


def test_a_processor_that_gains_nothing_serves_in_32_bits(artifact):
    elsewhere = replace(artifact.manifest, int8=replace(artifact.manifest.int8, faster_with="no_such_instructions"))
    assert Classifier(replace(artifact, manifest=elsewhere)).precision is Precision.FP32


def test_a_promise_that_so_few_pictures_cannot_keep_is_not_made(network, pictures):
    with pytest.raises(CannotPromise, match="30 pictures cannot show a rate of at most 1"):
        prepared(network, NO_DATA, pictures)


def test_a_manifest_reads_as_plain_json(artifact, tmp_path):
    directory = write(artifact, tmp_path)
    written = json.loads((directory / "manifest.json").read_text())
    assert written["guarantee"]["holds_for"] == "pictures exchangeable with the calibration sources"


@pytest.mark.parametrize("precision", [Precision.FP32, Precision.INT8])
def test_what_is_unlike_the_training_faces_is_strange(artifact, pictures, precision):
    classifier = Classifier(artifact, precision=precision)
    seen = classifier.examine(pictures.crops)
    assert seen.p_real == pytest.approx(classifier.score(pictures.crops))
    assert (seen.strangeness[~pictures.is_real] > 1).all()
    assert np.median(seen.strangeness[pictures.is_real]) < 1


def test_one_is_the_quantile_of_the_calibrations_real_faces_that_the_manifest_names(artifact, pictures):
    told = artifact.manifest.strangeness
    real = Classifier(artifact, precision=Precision.FP32).examine(pictures.crops[pictures.is_real]).strangeness
    assert (told.fitted_on, told.calibrated_on) == (30, 30)
    assert np.quantile(real, told.quantile) == pytest.approx(1, rel=1e-3)


def test_an_output_more_changes_no_logit(artifact, network, pictures):
    told = Classifier(artifact, precision=Precision.FP32).logits(pictures.crops)
    before = Artifact(replace(artifact.manifest, strangeness=None, int8=None), network.model)
    assert told == pytest.approx(Classifier(before).logits(pictures.crops), abs=1e-4)


def test_torch_finds_the_same_pictures_strange(artifact, pictures):
    on_torch = TorchClassifier(artifact, "cpu", bf16=False).examine(pictures.crops)
    wanted = Classifier(artifact, precision=Precision.FP32).examine(pictures.crops)
    assert on_torch.strangeness == pytest.approx(wanted.strangeness, rel=1e-2)


def test_a_network_that_does_not_give_its_features_is_published_without(network, pictures):
    closed = onnx.load_model_from_string(network.model)
    del closed.graph.output[1]
    made = prepared(replace(network, model=closed.SerializeToString()), NO_DATA, pictures, LAX, pictures.crops[:5])
    assert made.manifest.strangeness is None
    assert Classifier(made).examine(pictures.crops[:1]).strangeness is None
