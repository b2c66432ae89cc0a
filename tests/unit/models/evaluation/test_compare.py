import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.compare import compare, drawn_within, weighted_auc
from models.evaluation.curves import auc
from models.evaluation.pictures import EvaluationError
from tests.unit.models.evaluation.made import few_examples, measured

scores = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.4, 0.6, 1.0]), st.booleans(), st.integers(1, 3)), min_size=2)


@few_examples
@given(scores.filter(lambda some: len({real for _, real, _ in some}) == 2))
def test_a_picture_drawn_twice_counts_as_two(drawn):
    p_real, is_real, times = (np.array(column) for column in zip(*drawn, strict=True))
    repeated = auc(np.repeat(p_real, times), np.repeat(is_real, times))
    assert weighted_auc(p_real, is_real, times[None].astype(np.float32))[0] == pytest.approx(repeated)


def test_every_source_is_drawn_in_its_own_size_and_the_same_seed_draws_the_same():
    parts = [("real", "a")] * 3 + [("placeholder", "b")] * 5 + [("real", "c")]
    weights = drawn_within(parts, replicates=50)
    assert weights.shape == (50, 9)
    assert (weights[:, :3].sum(axis=1) == 3).all()
    assert (weights[:, 3:8].sum(axis=1) == 5).all()
    assert (weights[:, 8] == 1).all()
    assert (weights == drawn_within(parts, replicates=50)).all()


def test_a_model_that_answers_alike_differs_by_nothing():
    one, two = (measured(real=[0.9, 0.4, 0.8], other=[0.6, 0.1], model=name) for name in ("a@1", "b@1"))
    first, second = compare([one, two], replicates=100)
    assert first.against_first == {}
    assert all(not difference.is_clear for difference in second.against_first.values())
    assert {difference.value for difference in second.against_first.values()} == {0}


def test_a_model_that_errs_on_a_fifth_more_is_clearly_worse_by_a_fifth():
    good = measured(real=[0.9] * 200, other=[0.1] * 200, model="good@1")
    bad = measured(real=[0.9] * 200, other=[0.95] * 40 + [0.1] * 160, model="bad@1")
    against = compare([good, bad], replicates=500)[1].against_first
    assert against["apcer"].value == pytest.approx(0.2)
    assert 0.13 < against["apcer"].low < 0.2 < against["apcer"].high < 0.27
    assert against["apcer"].is_clear
    assert against["bpcer"].value == 0
    assert against["auc"].is_clear
    assert against["auc"].value < 0


def test_what_is_hard_for_both_does_not_blur_what_separates_them():
    rng = np.random.default_rng(1)
    hard = rng.random(200) < 0.4
    other = np.where(hard, 0.9, 0.1)
    slightly = other.copy()
    slightly[np.flatnonzero(~hard)[:20]] = 0.9
    first = measured(real=[0.9] * 20, other=other, model="a@1")
    second = measured(real=[0.9] * 20, other=slightly, model="b@1")
    assert compare([first, second], replicates=500)[1].against_first["apcer"].is_clear


def test_a_model_is_not_compared_with_itself():
    one = measured(real=[0.9], other=[0.1])
    with pytest.raises(EvaluationError, match="with itself"):
        compare([one, one])
