import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from models.artifacts import load_artifact
from models.classifier import Classifier
from models.networks.build import build
from models.training.errors import TrainingError
from models.training.loop import Asked, train
from models.training.recipe import Recipe
from models.training.run import CHECKPOINT, CURVES, METRICS, WEIGHTS, Run
from models.training.run_export import artifact_of

OURS = ["input_px=32", "epochs=2", "views_per_epoch=16", "batch=8", "drawings=0", "renders=0"]
FAITHFUL = ["network=student", "input_px=32", "epochs=2", "batch=4"]
"""The source's loop on a network that is quick."""


def asked(data: Path, out: Path, minutes: float | None = None) -> Asked:
    return Asked((data,), out, data.parent / "pictures", minutes, threads=1)


@pytest.mark.parametrize(("name", "changes"), [("student", OURS), ("real_vs_placeholder", FAITHFUL)])
def test_a_run_leaves_weights_metrics_and_curves_and_a_second_start_changes_nothing(
    name, changes, pictures_folder, tmp_path
):
    recipe, out = Recipe.read(name, changes), tmp_path / "run"
    metrics = train(recipe, asked(pictures_folder, out))
    assert (metrics["ended_by"], metrics["ran_to_its_end"], metrics["epochs"]) == ("all epochs", True, 2)
    assert metrics["parameters"] == sum(weights.numel() for weights in build("student").parameters())
    assert json.loads((out / METRICS).read_text())["history"] == metrics["history"]
    with Image.open(out / CURVES) as curves:
        assert curves.format == "PNG"
    Run(out).load_weights(build("student"))

    weights = (out / WEIGHTS).read_bytes()
    train(recipe, asked(pictures_folder, out))
    assert (out / WEIGHTS).read_bytes() == weights


def test_a_run_that_was_stopped_ends_where_one_in_a_single_go_does(pictures_folder, tmp_path, monkeypatch):
    recipe = Recipe.read("student", OURS)
    train(recipe, asked(pictures_folder, tmp_path / "single"))

    keep_state = Run.keep_state

    def stopped_after_keeping(self, state):
        keep_state(self, state)
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "keep_state", stopped_after_keeping)
    with pytest.raises(KeyboardInterrupt):
        train(recipe, asked(pictures_folder, tmp_path / "stopped"))
    monkeypatch.setattr(Run, "keep_state", keep_state)
    metrics = train(recipe, asked(pictures_folder, tmp_path / "stopped"))
    assert [note["epoch"] for note in metrics["history"]] == [1, 2]
    assert (tmp_path / "stopped" / WEIGHTS).read_bytes() == (tmp_path / "single" / WEIGHTS).read_bytes()


def test_a_run_out_of_time_keeps_what_it_has_and_says_so(pictures_folder, tmp_path):
    metrics = train(Recipe.read("student", OURS), asked(pictures_folder, tmp_path / "run", minutes=1e-6))
    assert (metrics["ended_by"], metrics["ran_to_its_end"], metrics["epochs"]) == ("time budget", False, 0)
    assert metrics["kept"] is None

    recipe = Recipe.read("student", [*OURS, "views_per_epoch=4000"])
    metrics = train(recipe, asked(pictures_folder, tmp_path / "longer", minutes=0.01))
    assert (metrics["ended_by"], metrics["epochs"]) == ("time budget", 0)
    assert 8 <= metrics["views"] < 4000
    Run(tmp_path / "longer").load_weights(build("student"))
    assert not (tmp_path / "longer" / CHECKPOINT).exists()


def test_a_loss_that_is_no_number_ends_the_run_in_one_sentence(pictures_folder, tmp_path):
    recipe = Recipe.read("real_vs_placeholder", [*FAITHFUL, "learning_rate=1e30", "clip_norm=0"])
    with pytest.raises(TrainingError, match=r"loss became (nan|inf) in epoch 1; a lower learning_rate"):
        train(recipe, asked(pictures_folder, tmp_path / "run"))


def test_an_unreadable_picture_is_left_out_and_named(pictures_folder, tmp_path):
    broken = pictures_folder / "real" / "train_faces_0.png"
    broken.write_bytes(broken.read_bytes()[:60])
    metrics = train(Recipe.read("student", [*OURS, "epochs=1"]), asked(pictures_folder, tmp_path / "run"))
    assert metrics["unreadable"] == [str(broken)]
    assert metrics["pictures"]["learnt"] == 9


def test_a_picture_that_is_held_out_too_does_not_train_and_is_named(pictures_folder, tmp_path):
    copied = pictures_folder / "placeholder" / "zoo_icons_0.png"
    tested = pictures_folder / "placeholder" / "alohe_avatars_0.png"
    copied.write_bytes(tested.read_bytes())
    metrics = train(Recipe.read("student", [*OURS, "epochs=1"]), asked(pictures_folder, tmp_path / "run"))
    assert metrics["leaking"] == [f"{copied} shows the same picture as {tested}"]
    assert metrics["pictures"]["learnt"] == 9


def test_a_folder_of_another_run_is_not_written_over(pictures_folder, tmp_path):
    Run(tmp_path / "run").begin(Recipe.read("student", OURS))
    with pytest.raises(TrainingError, match=r"another recipe \(batch, seed differ\)"):
        train(Recipe.read("student", [*OURS, "seed=1", "batch=4"]), asked(pictures_folder, tmp_path / "run"))


@pytest.mark.parametrize("content", [b"", b"no checkpoint"])
def test_a_broken_checkpoint_is_named(content, pictures_folder, tmp_path):
    recipe = Recipe.read("student", OURS)
    Run(tmp_path / "run").begin(recipe)
    (tmp_path / "run" / CHECKPOINT).write_bytes(content)
    with pytest.raises(TrainingError, match=r"checkpoint\.pt is no checkpoint of this program"):
        train(recipe, asked(pictures_folder, tmp_path / "run"))


def test_a_run_of_any_network_becomes_an_artifact_that_scores_as_the_network_does(tmp_path):
    torch.manual_seed(11)
    recipe, run = Recipe.read("resnet_style", ["input_px=32"]), Run(tmp_path)
    run.begin(recipe)
    network = build("resnet_style").eval()
    run.keep_weights(network)
    crops = np.random.default_rng(1).integers(0, 256, (12, 224, 224, 3), dtype=np.uint8)
    folder = artifact_of(run, crops, np.arange(12) % 2 == 0, digest="of nothing")
    classifier = Classifier(load_artifact(folder))
    assert classifier.name == "resnet_style@0.0.1"
    assert set(classifier.thresholds) == {"real_at_or_above"}
    assert classifier.score(crops).shape == (12,)
