import pytest

from models.training.recipe import Recipe
from models.training.summary import End, best, ended


def history(*accuracies: float, whole: bool = True) -> list[dict]:
    return [
        {
            "epoch": number + 1,
            "accuracy": accuracy,
            "loss": 1 - accuracy,
            "whole": whole or number < len(accuracies) - 1,
        }
        for number, accuracy in enumerate(accuracies)
    ]


def recipe(**changes) -> Recipe:
    return Recipe.read("real_vs_placeholder", [f"{key}={value}" for key, value in changes.items()])


def test_a_run_without_progress_for_as_long_as_the_patience_stops_early():
    stuck = history(0.8, 0.9, 0.9005, 0.9)  # 0.0005 is no progress: the least is 0.001
    assert ended(stuck, recipe(patience=3), out_of_time=False) is End.NOT_YET
    assert ended(stuck, recipe(patience=2), out_of_time=False) is End.EARLY
    assert ended(history(0.8, 0.9, 0.9005, 0.902), recipe(patience=2), out_of_time=False) is End.NOT_YET
    assert ended(stuck, recipe(patience=0), out_of_time=False) is End.NOT_YET


def test_a_run_ends_with_its_last_epoch_or_when_its_time_is_up():
    assert ended([], recipe(), out_of_time=False) is End.NOT_YET
    assert ended([], recipe(), out_of_time=True) is End.OUT_OF_TIME
    assert ended(history(0.8, 0.9), recipe(epochs=2), out_of_time=True) is End.ALL_EPOCHS
    assert ended(history(0.8, 0.9, whole=False), recipe(epochs=2), out_of_time=False) is End.OUT_OF_TIME


@pytest.mark.parametrize(("keep", "epoch"), [("last", 3), ("best_accuracy", 2), ("best_loss", 2)])
def test_the_epoch_that_the_recipe_wants_is_kept(keep, epoch):
    assert best(history(0.7, 0.9, 0.8), recipe(keep=keep))["epoch"] == epoch
