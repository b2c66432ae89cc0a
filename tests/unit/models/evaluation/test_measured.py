import numpy as np
import pytest

from models.evaluation.measured import measure
from models.evaluation.pictures import EvaluationError, Pictures
from tests.unit.models.evaluation.made import Fixed, example, prepared

BRIGHT, DARK = np.full((224, 224, 3), 204, np.uint8), np.full((224, 224, 3), 51, np.uint8)


@pytest.fixture
def pictures():
    examples = [example(real=True), example(real=False), example(real=False, number=1)]
    return Pictures(tuple(examples), (prepared(BRIGHT), prepared(DARK), prepared(BRIGHT)))


def test_every_picture_is_scored_in_order_and_judged_at_the_shipped_threshold(pictures):
    measured = measure(Fixed(), pictures)
    assert measured.p_real == pytest.approx([0.8, 0.2, 0.8])
    assert measured.accepted.tolist() == [True, False, True]
    assert measured.wrong.tolist() == [False, False, True]


@pytest.mark.parametrize(
    "answer",
    [
        lambda crops: np.full(len(crops), np.nan),
        lambda crops: np.full(len(crops), 3.0),
        lambda crops: np.zeros((len(crops), 2)),
    ],
    ids=["NaN", "no probability", "two numbers a picture"],
)
def test_answers_that_are_no_probabilities_are_refused(pictures, answer):
    with pytest.raises(EvaluationError, match="does not answer with one probability a picture"):
        measure(Fixed(answer), pictures)


def test_a_model_that_fails_is_named_with_the_first_line_of_its_complaint(pictures):
    def fails(_):
        raise RuntimeError("Got invalid dimensions\nfor input: x")

    with pytest.raises(EvaluationError, match=r"fixed@1\.0\.0 cannot score a crop: Got invalid dimensions\.$"):
        measure(Fixed(fails), pictures)


def test_a_model_without_a_threshold_is_refused(pictures):
    with pytest.raises(EvaluationError, match="without the threshold"):
        measure(Fixed(thresholds={}), pictures)
