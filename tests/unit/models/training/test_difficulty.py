import numpy as np
import pytest
import torch

from models.training.difficulty import Difficulty

ALL = np.arange(4)


def test_at_first_every_picture_is_worth_as_much():
    assert len(set(Difficulty(4).chances(ALL))) == 1


def test_what_costs_more_is_seen_more_and_what_is_learnt_still_comes_back():
    difficulty = Difficulty(4)
    for _ in range(20):
        difficulty.note(ALL, torch.tensor([0.0, 0.1, 0.5, 2.0]))
    chances = difficulty.chances(ALL)
    assert list(np.argsort(chances)) == [0, 1, 2, 3]
    assert chances[0] >= 0.3


def test_one_picture_that_never_fits_does_not_take_over():
    difficulty = Difficulty(1000)
    difficulty.note(np.array([7]), torch.tensor([1e9]))
    assert difficulty.chances(np.arange(1000))[7] <= 6.3


def test_it_goes_on_where_another_process_stopped():
    first, second = Difficulty(4), Difficulty(4)
    first.note(ALL, torch.tensor([0.0, 0.1, 0.5, 2.0]))
    second.load_state_dict(first.state_dict())
    np.testing.assert_array_equal(first.chances(ALL), second.chances(ALL))
    with pytest.raises(ValueError, match="saw 4 pictures, not 5"):
        Difficulty(5).load_state_dict(first.state_dict())
