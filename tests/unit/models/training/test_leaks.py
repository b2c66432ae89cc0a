import cv2
import numpy as np
import pytest

from models.drawings import draw
from models.training.duplicates import fingerprint
from models.training.leaks import apart, judges, leaks
from models.training.splits import Split, examples

TRAINS, CALIBRATES, TESTS = "zoo/icons", "SimpleMachines/SMF", "alohe/avatars"
HEADER = "file,label,source_repo,sha256,yunet_box_xywh,person_id,phash\n"


class Folder:
    """Drawings with a manifest; the same seed is the same drawing, saved as another JPEG each time."""

    def __init__(self, path):
        self.path = path
        self._lines = []

    def add(self, file, source, seed, *, person="", with_hash=True, content=None):
        pixels = np.asarray(draw("cartoon_face", np.random.default_rng(seed), 160))
        jpeg = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90 - 7 * len(self._lines)])[1]
        (self.path / file).write_bytes(jpeg.tobytes() if content is None else content)
        phash = f"{fingerprint(pixels).phash:016x}" if with_hash else ""
        self._lines.append(f"{file},placeholder,{source},{len(self._lines):064x},,{person},{phash}")
        (self.path / "manifest.csv").write_text(HEADER + "\n".join(self._lines) + "\n")

    def kept(self, split):
        return [example.file for example in apart(self.path, split)]


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize("with_hash", [True, False])
def test_what_looks_like_a_held_out_picture_does_not_train(folder, with_hash):
    folder.add("own.jpg", TRAINS, 1, with_hash=with_hash)
    folder.add("tested_too.jpg", TRAINS, 2, with_hash=with_hash)
    folder.add("calibrates_too.jpg", TRAINS, 3, with_hash=with_hash)
    folder.add("calibrates.jpg", CALIBRATES, 3, with_hash=with_hash)
    folder.add("tests.jpg", TESTS, 2, with_hash=with_hash)
    assert folder.kept(Split.TRAIN) == ["own.jpg"]
    assert folder.kept(Split.CALIBRATION) == ["calibrates.jpg"]
    assert folder.kept(Split.TEST) == ["tests.jpg"]


def test_what_calibrates_is_left_out_where_the_test_split_has_it(folder):
    folder.add("own.jpg", CALIBRATES, 1)
    folder.add("tested_too.jpg", CALIBRATES, 2)
    folder.add("tests.jpg", TESTS, 2)
    assert folder.kept(Split.CALIBRATION) == ["own.jpg"]


def test_a_person_who_is_held_out_does_not_train(folder):
    folder.add("stranger.jpg", TRAINS, 1, person="p1")
    folder.add("known.jpg", TRAINS, 2, person="p2")
    folder.add("nobody.jpg", TRAINS, 3)
    folder.add("tests.jpg", TESTS, 4, person="p2")
    folder.add("nameless.jpg", TESTS, 5)
    assert folder.kept(Split.TRAIN) == ["stranger.jpg", "nobody.jpg"]


def test_people_of_two_tables_are_strangers(folder, tmp_path_factory):
    elsewhere = Folder(tmp_path_factory.mktemp("elsewhere"))
    folder.add("known.jpg", TRAINS, 1, person="p1")
    elsewhere.add("tests.jpg", TESTS, 2, person="p1")
    assert leaks(examples(folder.path, Split.TRAIN), judges(elsewhere.path, Split.TRAIN)) == []


def test_a_hash_alone_proves_nothing(folder):
    folder.add("other.jpg", TRAINS, 1)
    folder.add("tests.jpg", TESTS, 2)
    table = folder.path / "manifest.csv"
    lines = table.read_text().splitlines()
    table.write_text("\n".join(line[: -len("0" * 16)] + "0" * 16 if "jpg" in line else line for line in lines))
    assert folder.kept(Split.TRAIN) == ["other.jpg"]


def test_a_picture_that_cannot_be_read_leaks_nothing(folder):
    folder.add("broken.jpg", TRAINS, 1, content=b"no picture")
    folder.add("tests.jpg", TESTS, 1)
    assert folder.kept(Split.TRAIN) == ["broken.jpg"]


def test_a_leak_is_told_once_and_names_both_pictures(folder):
    folder.add("twice.jpg", TRAINS, 1, person="p1")
    folder.add("tests.jpg", TESTS, 1, person="p1")
    folder.add("tests_again.jpg", TESTS, 1)
    [leak] = leaks(examples(folder.path, Split.TRAIN), judges(folder.path, Split.TRAIN))
    assert str(leak) == f"{folder.path}/twice.jpg shows the same person as {folder.path}/tests.jpg"
