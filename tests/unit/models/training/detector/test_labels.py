import csv

import numpy as np
import pytest

from models.training.detector.labels import Labelled, labelled
from models.training.detector.reference import agreed, within

FIELDS = [
    "file",
    "label",
    "source_repo",
    "commit",
    "original_path",
    "licence",
    "width",
    "height",
    "person_id",
    "attributes",
    "processing",
    "yunet_score",
    "yunet_faces_ge_0.6",
    "yunet_box_xywh",
    "yunet_landmarks5",
    "sha256",
    "phash",
]
SEEN = {"yunet_box_xywh": "[1, 2, 3, 4]", "yunet_landmarks5": "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"}
SURE = {**SEEN, "yunet_score": "0.93", "yunet_faces_ge_0.6": "1"}


def row(file, label, source="somebody/trains", **more):
    return {**dict.fromkeys(FIELDS, ""), "file": file, "label": label, "source_repo": source, **more}


@pytest.fixture
def data(tmp_path):
    rows = [
        row("sure", "real", **SURE),
        row("unsure", "real", **{**SURE, "yunet_score": "0.5"}),
        row("two", "real", **{**SURE, "yunet_faces_ge_0.6": "2"}),
        row("generated", "ai_generated", **SURE),
        row("cartoon", "placeholder", "somebody/zzz", **SEEN),
        row("dog", "other_no_face"),
        row("dog and man", "other_no_face", **SEEN),
        row("held out", "real", "nysenate/OpenLegislation", **SURE),
    ]
    with (tmp_path / "manifest.csv").open("w", newline="") as out:
        writer = csv.DictWriter(out, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    return tmp_path


def test_sure_portraits_teach_faces_drawings_teach_none_and_the_doubtful_teach_nothing(data):
    taught = {picture.path.name: picture for picture in labelled(data)}
    assert set(taught) == {"sure", "generated", "cartoon", "dog"}
    assert taught["sure"] == Labelled(data / "sure", (1, 2, 3, 4), ((1, 2), (3, 4), (5, 6), (7, 8), (9, 10)))
    assert taught["cartoon"].box is None


def test_two_teachers_agree_on_the_mean_of_their_boxes_or_not_at_all():
    one = np.array([0, 0, 10, 10], np.float32)
    assert agreed(one, np.array([[50, 50, 60, 60], [0, 0, 12, 10]], np.float32)).tolist() == [0, 0, 11, 10]
    assert agreed(one, np.array([[8, 8, 18, 18]], np.float32)) is None
    assert agreed(one, np.empty((0, 4), np.float32)) is None
    assert within(np.array([-5, 2, 30, 9], np.float32), 20, 8).tolist() == [0, 2, 20, 8]
