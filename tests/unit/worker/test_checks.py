"""A check with several models: each is heard, one decides, and a picture comes back only when it is wanted."""

import base64
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from models.classifier import Examined
from models.decoding import UnreadablePhoto
from models.detection.face import Face
from models.preparation import Prepared
from photogate.jobs.checks import Asked, ModelUnknown, Wish
from tests.factories import PROFILE
from worker.checks import look_at
from worker.heat_map import SIDE_PX
from worker.screening import Judges

LANDMARKS = ((40.0, 60.0), (80.0, 60.0), (60.0, 85.0), (45.0, 110.0), (75.0, 110.0))
PREPARED = Prepared(
    crop=np.full((224, 224, 3), 120, np.uint8),
    review_copy=b"\xff\xd8\xff our own",
    width_px=600,
    height_px=800,
    faces=(Face(10, 20, 100, 120, 0.9, LANDMARKS), Face(300, 20, 50, 60, 0.8)),
    quality={},
    ms={"decode": 3.0},
)


class Says:
    """A scorer that always says the same."""

    def __init__(self, name, p_real, **thresholds):
        self.name, self.sha256, self.thresholds, self._p_real = name, "ab" * 32, thresholds, p_real

    faceless, guarantee = 0.0, None

    def score(self, crops):
        return np.full(len(crops), self._p_real)

    def examine(self, crops):
        return Examined(self.score(crops), np.full(len(crops), 0.3))

    def logits(self, crops):
        return np.arange(len(crops), dtype=float)


STUDENT = Says("student@1.0.0", 0.995, real_at_or_above=0.6)
DOUBTER = Says("doubter@1.0.0", 0.01, real_at_or_above=0.6)
DETECTOR = Says("real_vs_ai@1.0.0", 0.2)


def tools(prepare=lambda photo: PREPARED):
    scorers = {scorer.name: scorer for scorer in (STUDENT, DOUBTER, DETECTOR)}
    return SimpleNamespace(
        sandbox=SimpleNamespace(prepare=prepare),
        classifier=STUDENT,
        judges=Judges(STUDENT, DETECTOR),
        scorers=scorers,
        profile=PROFILE,
    )


def look(**wish):
    return look_at(Asked(b"photo", Wish(**wish)), tools())


def test_every_model_is_heard_and_the_default_decides():
    told = look()
    assert [(said["name"], said["verdict"]) for said in told["models"]] == [
        ("student@1.0.0", "real"),
        ("doubter@1.0.0", "not_real"),
        ("real_vs_ai@1.0.0", "generated"),
    ]
    assert [said["threshold"] for said in told["models"]] == [0.6, 0.6, 0.5]
    assert (told["model"], told["p_real"]) == ("student@1.0.0", 0.995)
    assert [reason["code"] for reason in told["reasons"]] == ["MULTIPLE_FACES"]
    assert told["landmarks"] == [list(point) for point in LANDMARKS]


def test_another_model_may_decide():
    told = look(model="doubter@1.0.0")
    assert (told["model"], told["verdict"]) == ("doubter@1.0.0", "resubmission_requested")
    assert [said["name"] for said in told["models"]] == ["doubter@1.0.0", "student@1.0.0", "real_vs_ai@1.0.0"]


def test_a_model_that_is_not_installed_is_refused_by_name():
    with pytest.raises(ModelUnknown, match=r"called teacher@1\. Installed are student@1\.0\.0, doubter@1\.0\.0\."):
        look(model="teacher@1")


def test_the_detector_of_generated_faces_is_heard_and_never_judges():
    with pytest.raises(ModelUnknown):
        look(model="real_vs_ai@1.0.0")


def test_where_no_face_is_nobody_asks_whether_a_generator_made_it():
    told = look_at(Asked(b"photo", Wish()), tools(lambda photo: replace(PREPARED, faces=())))
    assert [said["name"] for said in told["models"]] == ["student@1.0.0", "doubter@1.0.0"]


def test_a_heat_map_is_made_when_asked_for_only():
    assert look()["heat_map"] is None
    heat_map = look(heat_map=True)["heat_map"]
    assert heat_map["model"] == "student@1.0.0"
    assert np.array(heat_map["importances"]).shape == (7, 7)


def test_pictures_are_our_own_and_come_when_wanted_only():
    assert "shown" not in look()
    shown = look(pictures=True, heat_map=True)["shown"]
    assert base64.b64decode(shown["review_copy"]) == PREPARED.review_copy
    for name, side in (("crop", 224), ("heat_map", SIDE_PX)):
        picture = base64.b64decode(shown[name])
        assert picture.startswith(b"\x89PNG")
        assert int.from_bytes(picture[16:20], "big") == side
    assert [face["box"] for face in shown["faces"]] == [[10, 20, 100, 120], [300, 20, 50, 60]]
    assert look(pictures=True)["shown"]["heat_map"] is None


def test_what_cannot_be_read_is_told_without_pictures():
    def unreadable(photo):
        raise UnreadablePhoto("The photo is damaged.")

    told = look_at(Asked(b"photo", Wish(heat_map=True, pictures=True)), tools(unreadable))
    assert [reason["code"] for reason in told["reasons"]] == ["FILE_UNREADABLE"]
    assert (told["models"], told["heat_map"], "shown" in told) == ([], None, False)
