from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.detection.face import Face
from models.detection.haar import HaarDetector, without_echoes
from models.drawings import draw

SAMPLES = Path(__file__).parents[4] / "samples"


@pytest.fixture(scope="module")
def detector() -> HaarDetector:
    return HaarDetector()


def portrait(name: str, size: tuple[int, int] = (480, 600)) -> Image.Image:
    return Image.open(SAMPLES / name).convert("RGB").resize(size)


@pytest.mark.parametrize("name", ["portrait_hopper.jpg", "portrait_collins.jpg"])
def test_a_portrait_has_one_face_and_its_box_holds_the_eyes(detector, name):
    pixels = np.asarray(Image.open(SAMPLES / name).convert("RGB"))
    (face,) = detector.detect(pixels)
    height, width = pixels.shape[:2]
    assert 0.2 * width < face.width < 0.75 * width
    assert face.y < height / 2 < face.y + 1.6 * face.height


@pytest.mark.parametrize("size", [(960, 600), (1600, 600)])
def test_two_people_beside_each_other_are_two_faces(detector, size):
    both = Image.new("RGB", size, "white")
    both.paste(portrait("portrait_hopper.jpg"), (0, 0))
    both.paste(portrait("portrait_collins.jpg"), (size[0] - 480, 0))
    faces = detector.detect(np.asarray(both))
    assert len(faces) == 2
    assert faces[0].area >= faces[1].area


def test_a_face_that_fills_the_picture_is_found_and_its_box_stays_inside(detector):
    pixels = np.asarray(portrait("portrait_hopper.jpg", (512, 600)))
    (loose,) = detector.detect(pixels)
    tight = pixels[loose.y : loose.y + loose.height, loose.x : loose.x + loose.width]
    (face,) = detector.detect(tight)
    assert face.x >= 0
    assert face.x + face.width <= tight.shape[1]
    assert face.y + face.height <= tight.shape[0]


@pytest.mark.parametrize("kind", ["blank", "gradient", "noise", "initials", "text_page"])
def test_nothing_is_found_where_nobody_is(detector, kind):
    assert detector.detect(np.asarray(draw(kind, np.random.default_rng(3), 400))) == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 5000, 3), (5000, 2, 3)])
def test_a_picture_of_no_size_to_speak_of_is_no_error(detector, shape):
    assert detector.detect(np.zeros(shape, np.uint8)) == []


SURE = Face(100, 100, 200, 200, score=30)


@pytest.mark.parametrize(
    "echo",
    [
        Face(150, 320, 150, 150, score=6),  # a collar: far less sure
        Face(400, 100, 60, 60, score=25),  # somebody's poster: far smaller
        Face(120, 160, 160, 160, score=20),  # the same face once more
    ],
)
def test_what_is_no_second_person_is_dropped(echo):
    assert without_echoes([echo, SURE]) == [SURE]


def test_a_second_person_stays():
    second = Face(400, 120, 150, 150, score=18)
    assert without_echoes([second, SURE]) == [SURE, second]


def test_a_box_follows_its_picture_in_size():
    assert Face(10, 20, 30, 40, score=2).scaled(4) == Face(40, 80, 120, 160, score=2)
