import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from PIL import Image, ImageOps

from models.artifacts import Artifact, ArtifactError, InputFormat, load_artifact, newest_version
from models.classifier import Classifier, normalised
from models.detection.compact import CompactDetector
from models.drawings import KINDS, draw
from models.pixels import Pixels
from models.preparation import face_crop, prepare

SAMPLES = Path(__file__).parents[3] / "samples"
PORTRAITS = ["portrait_hopper.jpg", "portrait_collins.jpg"]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load()


@pytest.fixture(scope="module")
def detector() -> CompactDetector:
    return CompactDetector.load()


def crop_of(picture: Image.Image, detector: CompactDetector) -> Pixels:
    pixels = np.asarray(picture.convert("RGB"))
    return face_crop(pixels, detector.detect(pixels))


def test_it_names_its_version_and_the_digest_of_its_weights(classifier):
    assert classifier.name.startswith("student@")
    assert len(classifier.sha256) == 64


@pytest.mark.parametrize("name", PORTRAITS)
def test_a_portrait_is_confidently_real(classifier, detector, name):
    crop = prepare((SAMPLES / name).read_bytes(), detector).crop
    assert classifier.score(crop[None])[0] >= 0.98


@pytest.mark.parametrize("name", PORTRAITS)
def test_a_greyscale_portrait_is_real_too(classifier, detector, name):
    grey = ImageOps.grayscale(Image.open(SAMPLES / name))
    assert classifier.score(crop_of(grey, detector)[None])[0] >= classifier.thresholds["approve_at_or_above"]


@pytest.mark.parametrize("name", PORTRAITS)
def test_a_portrait_whose_face_the_detector_misses_is_not_refused(classifier, name):
    whole = face_crop(np.asarray(Image.open(SAMPLES / name).convert("RGB")), [])
    assert classifier.score(whole[None])[0] >= classifier.thresholds["real_at_or_above"]


@pytest.mark.parametrize("kind", KINDS)
def test_drawn_placeholders_are_confidently_not_real(classifier, detector, kind):
    drawn = [draw(kind, np.random.default_rng((77, seed)), 300) for seed in range(6)]
    p_real = classifier.score(np.stack([crop_of(picture, detector) for picture in drawn]))
    assert np.median(p_real) <= 0.02
    assert p_real.max() < classifier.thresholds["real_at_or_above"]


def test_a_landscape_is_not_a_face(classifier, detector):
    crop = prepare((SAMPLES / "landscape_no_face.jpg").read_bytes(), detector).crop
    assert classifier.score(crop[None])[0] <= 0.02


def test_a_batch_scores_as_its_pictures_one_by_one(classifier):
    crops = np.random.default_rng(1).integers(0, 256, (5, 224, 224, 3), dtype=np.uint8)
    together = classifier.score(crops)
    assert together.shape == (5,)
    assert together == pytest.approx(np.concatenate([classifier.score(crop[None]) for crop in crops]), abs=1e-5)


def test_no_crops_give_no_scores(classifier):
    assert classifier.score(np.empty((0, 224, 224, 3), np.uint8)).shape == (0,)


def test_scores_are_probabilities_for_any_pixels(classifier):
    extremes = np.stack([np.full((224, 224, 3), level, np.uint8) for level in (0, 255)])
    assert ((classifier.score(extremes) >= 0) & (classifier.score(extremes) <= 1)).all()


def test_every_channel_is_normalised_by_its_own_numbers():
    crops = np.full((1, 224, 224, 3), (10, 20, 30), np.uint8)
    pictures = normalised(crops, InputFormat(64, (10.0, 10.0, 10.0), (1.0, 2.0, 4.0)))
    assert pictures.shape == (1, 3, 64, 64)
    assert pictures[0, :, 0, 0].tolist() == [0, 5, 5]


def graph(*, inputs: list[onnx.ValueInfoProto], output: str = "logits") -> bytes:
    """A network that averages its first input, whatever it is called."""
    nodes = [helper.make_node("ReduceMean", [inputs[0].name], [output], axes=[1, 2, 3], keepdims=0)]
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n"])]
    made = helper.make_graph(nodes, "foreign", inputs, outputs)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def pictures(*shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info("pictures", TensorProto.FLOAT, shape)


FOREIGN = {
    "a pickle, which can run code": pickle.dumps({"weights": 1}),
    "not an ONNX network": b"anything",
    "wants pictures of shape": graph(inputs=[pictures("n", 3, 640, 640)]),
    "exactly 1 pictures": graph(inputs=[pictures(1, 3, 112, 112)]),
    "no output 'logits'": graph(inputs=[pictures("n", 3, 112, 112)], output="boxes"),
    "rather than one tensor": graph(
        inputs=[pictures("n", 3, 112, 112), helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])]
    ),
}


@pytest.mark.parametrize("says", FOREIGN)
def test_what_is_no_classifier_is_refused_in_one_sentence(says):
    shipped = replace(load_artifact(newest_version("student")).manifest, strangeness=None, int8=None)
    with pytest.raises(ArtifactError, match=says) as refused:
        Classifier(Artifact(replace(shipped, input=InputFormat(112, 0, 1)), FOREIGN[says]))
    assert str(refused.value).count(".") <= 4  # one sentence, and the dots of a version


def test_a_graph_of_the_right_form_is_taken_whoever_made_it():
    shipped = replace(load_artifact(newest_version("student")).manifest, strangeness=None, int8=None)
    mean = Classifier(Artifact(shipped, graph(inputs=[pictures("n", 3, shipped.input.size_px, shipped.input.size_px)])))
    assert mean.logits(np.full((2, 224, 224, 3), 255, np.uint8)) == pytest.approx(2)


def test_serving_imports_no_torch():
    program = (
        "import sys, models.classifier, models.preparation; print([m for m in sys.modules if m.startswith('torch')])"
    )
    seen = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"
