from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.artifacts import Artifact, ArtifactError, load_artifact, newest_version
from models.detection.compact import NETWORK, CompactDetector
from models.drawings import draw

SAMPLES = Path(__file__).parents[4] / "samples"


@pytest.fixture(scope="module")
def detector() -> CompactDetector:
    return CompactDetector.load()


def portrait(name: str, size: tuple[int, int] = (480, 600)) -> Image.Image:
    return Image.open(SAMPLES / name).convert("RGB").resize(size)


@pytest.mark.parametrize("name", ["portrait_hopper.jpg", "portrait_collins.jpg"])
def test_a_portrait_has_one_face_with_its_landmarks_in_order(detector, name):
    (face,) = detector.detect(np.asarray(Image.open(SAMPLES / name).convert("RGB")))
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    assert face.x < left_eye[0] < nose[0] < right_eye[0] < face.x + face.width
    assert left_mouth[0] < right_mouth[0]
    assert face.y < max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1]) < face.y + face.height
    assert 0.5 < face.score <= 1


@pytest.mark.parametrize("size", [(960, 600), (1600, 600)])
def test_two_people_beside_each_other_are_two_faces(detector, size):
    both = Image.new("RGB", size, "white")
    both.paste(portrait("portrait_hopper.jpg"), (0, 0))
    both.paste(portrait("portrait_collins.jpg"), (size[0] - 480, 0))
    faces = detector.detect(np.asarray(both))
    assert len(faces) == 2
    assert faces[0].area >= faces[1].area


def test_a_small_face_in_a_large_picture_is_found_at_the_second_look(detector):
    wide = Image.new("RGB", (1280, 1280), "white")
    wide.paste(portrait("portrait_hopper.jpg", (144, 180)), (900, 300))
    (face,) = detector.detect(np.asarray(wide))
    assert 900 < face.x < face.x + face.width < 1044
    assert 300 < face.y < face.y + face.height < 480


@pytest.mark.parametrize("turn", [-20, 20])
def test_a_tilted_head_has_tilted_eyes(detector, turn):
    tilted = portrait("portrait_hopper.jpg").rotate(turn, resample=Image.Resampling.BILINEAR, fillcolor="grey")
    (face,) = detector.detect(np.asarray(tilted))
    (x1, y1), (x2, y2) = face.landmarks[:2]
    assert np.degrees(np.arctan2(y1 - y2, x2 - x1)) == pytest.approx(turn, abs=10)


@pytest.mark.parametrize("kind", ["blank", "gradient", "noise", "initials", "text_page"])
def test_nothing_is_found_where_nobody_is(detector, kind):
    assert detector.detect(np.asarray(draw(kind, np.random.default_rng(3), 400))) == []


@pytest.mark.parametrize("name", ["icon.png", "logo.webp", "qr_code.png", "landscape_no_face.jpg", "silhouette.png"])
def test_no_sample_without_a_face_has_one(detector, name):
    assert detector.detect(np.asarray(Image.open(SAMPLES / name).convert("RGB"))) == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 5000, 3), (5000, 2, 3)])
def test_a_picture_of_no_size_to_speak_of_is_no_error(detector, shape):
    assert detector.detect(np.zeros(shape, np.uint8)) == []


def test_a_graph_of_something_else_is_refused():
    manifest = load_artifact(newest_version(NETWORK)).manifest
    with pytest.raises(ArtifactError, match="no ONNX graph that can be run"):
        CompactDetector(Artifact(manifest, b"no graph"))
    with pytest.raises(ArtifactError, match="its outputs are others"):
        CompactDetector(load_artifact(newest_version("student")))
