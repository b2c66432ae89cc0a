import hashlib
import io

import numpy as np
import pytest
from PIL import Image

from models.drawings import draw
from models.training.inspection import inspect
from models.training.manifest import ManifestError, Row, read_manifest, write_manifest

TRAINS, TESTS = "somebody/pictures", "alohe/avatars"


def picture(seed, quality=90):
    written = io.BytesIO()
    draw("cartoon_face", np.random.default_rng(seed), 160).save(written, "JPEG", quality=quality)
    return written.getvalue()


@pytest.fixture
def folder(tmp_path):
    """A folder in order: eleven pictures of a source that trains, one of a source that tests."""

    class Folder:
        path = tmp_path
        rows = ()

        def add(self, name, content, source=TRAINS, **columns):
            (tmp_path / name).write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            row = {"label": "placeholder", "licence": "MIT", "sha256": digest, **columns}
            self.rows = (*self.rows, Row(name, source_repo=source, **row))

        def inspected(self):
            write_manifest(tmp_path, self.rows)
            return inspect(tmp_path, lambda rows, total: rows)

    made = Folder()
    for seed in range(11):
        made.add(f"{seed}.jpg", picture(seed))
    made.add("test.jpg", picture(90), TESTS)
    return made


def test_a_folder_in_order_has_no_faults(folder):
    found = folder.inspected()
    assert (found.faults, found.notes) == ([], [])
    assert found.splits == {"train": 11, "calibration": 0, "test": 1}


def test_a_recompressed_copy_in_another_split_is_refused(folder):
    folder.add("copy.jpg", picture(3, quality=40), TESTS)
    [fault] = folder.inspected().faults
    assert fault.startswith("3.jpg looks like copy.jpg in another split")


@pytest.mark.parametrize(
    ("columns", "content", "words"),
    [
        ({"sha256": "0" * 64}, picture(70), "does not have the SHA-256 that the table gives"),
        ({"licence": ""}, picture(70), "has no licence"),
        ({"label": "portrait"}, picture(70), "has the label “portrait”"),
        ({}, picture(70)[:900], "cannot be read"),
        ({}, b"", "cannot be read"),
        ({}, picture(3), "is 3.jpg once more, byte for byte"),
    ],
)
def test_one_picture_s_fault_is_named(folder, columns, content, words):
    folder.add("faulty.jpg", content, **columns)
    [fault] = folder.inspected().faults
    assert fault.startswith("faulty.jpg: ")
    assert words in fault


def test_a_missing_picture_and_one_outside_are_named(folder):
    folder.add("gone.jpg", picture(71))
    folder.add("../outside.jpg", picture(72))
    (folder.path / "gone.jpg").unlink()
    missing, outside = folder.inspected().faults
    assert missing == "gone.jpg: is named in the table and not there"
    assert outside == "../outside.jpg: lies outside the folder"


def test_a_person_in_two_splits_is_refused(folder):
    folder.add("train.jpg", picture(73), person_id="p1")
    folder.add("tested.jpg", picture(74), TESTS, person_id="p1")
    assert folder.inspected().faults == ["Person p1 is in test and train"]


def test_what_lies_there_unnamed_is_a_note(folder):
    (folder.path / "stray.jpg").write_bytes(picture(75))
    (folder.path / "README.md").write_text("words")
    found = folder.inspected()
    assert found.faults == []
    assert found.notes == ["stray.jpg is not in the table, and nothing uses it"]


def test_a_folder_without_a_table_and_broken_tables_are_refused_in_a_sentence(tmp_path):
    table = tmp_path / "manifest.csv"
    for content, words in (
        (None, "There is no manifest.csv"),
        (b"", "lacks the columns file, label, source_repo, licence, sha256"),
        (b"file,label,source_repo,sha256\n", "lacks the column licence"),
        (b"file,label,source_repo,licence,sha256\n", "names no picture"),
        (b"\xff\xfe\x00", "cannot be read"),
    ):
        if content is not None:
            table.write_bytes(content)
        with pytest.raises(ManifestError, match=words):
            read_manifest(tmp_path)


def test_a_picture_that_can_be_anything_is_opened_as_a_photo_only(folder):
    written = io.BytesIO()
    Image.new("RGB", (200, 200)).save(written, "GIF")
    folder.add("moving.jpg", written.getvalue())
    [fault] = folder.inspected().faults
    assert "cannot be read" in fault
