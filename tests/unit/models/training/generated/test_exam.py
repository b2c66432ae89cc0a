import numpy as np
import pytest

from models.training.generated.evaluate import Exams, as_served, flagged
from models.training.generated.exam import Exam, alike, by_generator, separated, served
from models.training.generated.export import review_threshold
from models.training.generated.sources import Part, Portrait, portraits


def quietly(chosen, _what):
    return chosen


def portrait(generator: str | None, source: str = "18F/18f.gsa.gov") -> Portrait:
    return Portrait("a.jpg", source, generator, "a.jpg", "0" * 64, (0, 0, 9, 9))


def brightness(crops):
    return crops.mean(axis=(1, 2, 3)) / 255


@pytest.fixture
def dark_fakes() -> Exam:
    makers = [None] * 50 + ["stylegan"] * 10
    crops = np.array([200] * 50 + [40] * 10, np.uint8)[:, None, None, None] * np.ones((1, 8, 8, 3), np.uint8)
    return Exam([portrait(maker) for maker in makers], crops)


def test_scores_that_never_mix_separate_wholly():
    found = separated(np.linspace(0.6, 1, 100), np.linspace(0, 0.4, 30))
    assert (found.pictures, found.auc, found.found) == (30, pytest.approx(1.0), 1.0)


def test_scores_that_are_alike_separate_by_chance():
    same = np.linspace(0, 1, 101)
    assert separated(same, same).auc == pytest.approx(0.5)


def test_only_generators_that_are_there_are_measured(dark_fakes):
    scores = dark_fakes.judged(brightness)
    assert by_generator(dark_fakes, scores, scores[:50]).keys() == {"stylegan"}


def test_people_who_would_be_flagged_wrongly_are_counted_by_source(dark_fakes):
    assert flagged(dark_fakes, brightness(dark_fakes.crops), 0.9) == {"18F/18f.gsa.gov": {"pictures": 50, "share": 1.0}}


def test_what_is_measured_says_so_by_generator_and_by_source(dark_fakes):
    measured = as_served(brightness, 0.5, Exams(dark_fakes, dark_fakes))
    assert measured["found"] == {"stylegan": 1.0}
    assert measured["within"]["unseen_photos"]["stylegan"]["auc"] >= 0.9
    assert "paired_photos" not in measured["within"]  # the clean pair is not in this folder
    assert measured["flagged_photos"]["18F/18f.gsa.gov"]["share"] == 0.0


def test_the_worst_calibration_source_sets_the_threshold():
    sources = ["a/easy"] * 200 + ["b/hard"] * 200
    exam = Exam([portrait(None, source) for source in sources], np.empty((400, 1, 1, 3), np.uint8))
    p_photo = np.concatenate([np.linspace(0.9, 1, 200), np.linspace(0.3, 1, 200)])
    threshold = review_threshold(exam, p_photo)
    assert (p_photo[200:] < threshold).mean() <= 0.01
    assert threshold < 0.35


def test_crops_are_those_of_the_service_or_all_made_alike(drawn_faces):
    chosen = portraits(drawn_faces, Part.CALIBRATION)[:4]
    assert served(chosen, drawn_faces, quietly).crops.shape == (4, 224, 224, 3)
    once, again = (alike(chosen, drawn_faces, quietly).crops for _ in range(2))
    np.testing.assert_array_equal(once, again)
