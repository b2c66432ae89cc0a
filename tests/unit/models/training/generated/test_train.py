import json

import numpy as np
import pytest

import models.training.generated.train as training
from models.training.generated.train import Recipe, Views, drawn, taught, train

RECIPE = Recipe(views=80, epochs=40, batch=16)


@pytest.fixture(autouse=True)
def _few_views_a_file(monkeypatch):
    monkeypatch.setattr(training, "_VIEWS_PER_FILE", 40)


def test_chequers_are_learnt_and_one_network_a_generator_does_without_it(drawn_faces, tmp_path):
    out = train(drawn_faces, tmp_path / "run", RECIPE)
    assert {file.stem for file in out.glob("*.pt")} == {
        "all",
        "without_stylegan",
        "without_generated_photos",
        "without_diffusion",
    }
    losses = json.loads((out / "all.json").read_text())
    assert losses[-1] < losses[0] / 2


def test_a_stopped_run_draws_only_what_is_missing(drawn_faces, tmp_path):
    whole = drawn(drawn_faces, tmp_path, RECIPE)
    (tmp_path / "views_1.npz").unlink()
    before = (tmp_path / "views_0.npz").stat().st_mtime_ns
    again = drawn(drawn_faces, tmp_path, RECIPE)
    np.testing.assert_array_equal(whole.spectra, again.spectra)
    assert (tmp_path / "views_0.npz").stat().st_mtime_ns == before


def test_a_left_out_generator_is_not_among_the_views():
    views = Views(np.zeros((3, 364), np.float32), np.array(["None", "stylegan", "diffusion"]))
    assert views.without("stylegan").made_by.tolist() == ["None", "diffusion"]


def test_the_same_seed_teaches_the_same_network():
    rng = np.random.default_rng(0)
    views = Views(rng.normal(size=(64, 364)).astype(np.float32), np.array(["None", "stylegan"] * 32))
    first, second = (taught(views, Recipe(epochs=2, batch=16))[1] for _ in range(2))
    assert first == second
