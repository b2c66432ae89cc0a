from dataclasses import fields

import pytest

from models.networks.build import BUILDERS
from models.networks.student import INPUT_PX, MEAN, STD
from models.training.errors import TrainingError
from models.training.recipe import Recipe, recipe_names
from tests.guards.tree import ROOT


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_that_comes_with_the_code_is_whole(name):
    recipe = Recipe.read(name)
    assert recipe.network in BUILDERS
    assert Recipe.of(recipe.as_json(), "Read back") == recipe


def test_every_network_has_a_recipe_of_its_own_and_every_sources_network_an_improved_one():
    assert set(BUILDERS) <= set(recipe_names())
    assert {name.removesuffix("_improved") for name in recipe_names() if name.endswith("_improved")} == {
        "real_vs_placeholder",
        "inception_style",
        "resnet_style",
        "inception_resnet_v1",
        "resnet50",
    }


def test_real_vs_placeholder_is_trained_as_its_card_says():
    recipe = Recipe.read("real_vs_placeholder")
    assert (recipe.optimizer, recipe.learning_rate, recipe.weight_decay) == ("adam", 1e-4, 1e-4)
    assert (recipe.schedule, recipe.label_smoothing, recipe.batch, recipe.epochs) == ("plateau", 0.1, 64, 100)
    assert (recipe.patience, recipe.min_delta, recipe.keep) == (20, 0.001, "best_accuracy")
    assert (recipe.clip_norm, recipe.mixed_precision, recipe.balanced_loss) == (1.0, True, True)
    assert (recipe.validation, recipe.views, recipe.input_px) == ("a_fifth", "source", 224)
    assert [round(mean / 255, 3) for mean in recipe.mean] == [0.485, 0.456, 0.406]
    assert [round(std / 255, 3) for std in recipe.std] == [0.229, 0.224, 0.225]


def test_inception_style_is_trained_as_its_card_says():
    recipe = Recipe.read("inception_style")
    assert (recipe.optimizer, recipe.learning_rate, recipe.batch) == ("adam", 1e-4, 32)


def test_the_students_recipe_normalises_as_its_artifacts_do():
    for name in ("student", "student_large"):
        recipe = Recipe.read(name)
        assert (recipe.input_px, recipe.mean, recipe.std) == (INPUT_PX, (MEAN,) * 3, (STD,) * 3)


def test_a_value_can_be_changed_for_one_run():
    changed = Recipe.read("student", ["input_px=64", "keep=best_loss", "learning_rate=1"])
    assert (changed.input_px, changed.keep, changed.learning_rate) == (64, "best_loss", 1.0)
    assert changed.differences(Recipe.read("student")) == ["input_px", "learning_rate", "keep"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (["colour=red"], "a key that means nothing: 'colour'"),
        (["batch=many"], "batch is a whole number, not 'many'"),
        (["batch=-1"], "batch is not below zero"),
        (["keep=all"], "keep is one of best_accuracy, best_loss, last, not 'all'"),
        (["mean=[1, 2]"], "mean is three numbers"),
        (["average=1"], "average is true or false"),
        (["batch"], "written key=value"),
    ],
)
def test_a_recipe_that_cannot_be_meant_is_refused_in_one_sentence(changes, sentence):
    with pytest.raises(TrainingError, match=sentence.replace("[", r"\[")):
        Recipe.read("student", changes)


def test_a_recipe_that_is_not_there_or_no_toml_is_refused(tmp_path):
    with pytest.raises(TrainingError, match=r"no recipe 'vgg'; there are .*student"):
        Recipe.read("vgg")
    (tmp_path / "mine.toml").write_text("network = ")
    with pytest.raises(TrainingError, match="cannot be read"):
        Recipe.read(str(tmp_path / "mine.toml"))
    (tmp_path / "mine.toml").write_text('network = "student"')
    with pytest.raises(TrainingError, match=r"mine\.toml does not say 'batch'"):
        Recipe.read(str(tmp_path / "mine.toml"))


def test_the_handbook_explains_every_key():
    handbook = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
    assert [field.name for field in fields(Recipe) if f"`{field.name}`" not in handbook] == []
