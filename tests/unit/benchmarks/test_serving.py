from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from benchmarks.figures import serving
from benchmarks.figures.promise import Context
from models.artifacts import load_artifact
from models.calibration.risk_control import Aims, controlled
from tests.unit.models.artifact_made import write_artifact

FIGURES = [promise.figure for promise in serving.SERVING.promises]


def measured(directory: Path, monkeypatch) -> dict[str, tuple[float | str, bool]]:
    """Every figure of an artifact, beside a source's network that only waits."""
    monkeypatch.setattr(serving, "newest_version", lambda _name: directory)
    monkeypatch.setattr(serving, "real_vs_placeholder", torch.nn.Flatten)
    return {said.figure: (said.value, said.ok) for said in serving.serving(Context(Path()))}


def test_every_figure_is_there_and_what_an_artifact_lacks_is_not_kept(tmp_path, monkeypatch):
    found = measured(write_artifact(tmp_path), monkeypatch)
    assert list(found) == FIGURES
    assert found[serving.GUARANTEE.figure] == ("nothing", False)
    assert found[serving.LOSS.figure][1] is found[serving.INT8.figure][1] is False
    assert found[serving.TORCH_FP32.figure][1] is True


def test_a_promise_that_the_default_profile_keeps_is_told_in_words(tmp_path, monkeypatch):
    directory = write_artifact(tmp_path)
    is_real = np.arange(2_000) < 1_000
    thresholds, guarantee = controlled([np.where(is_real, 0.99, 0.01)], is_real, ["s"] * 2_000, Aims())
    manifest = replace(load_artifact(directory).manifest, guarantee=guarantee, thresholds=thresholds)
    manifest.write(directory)
    assert measured(directory, monkeypatch)[serving.GUARANTEE.figure] == (guarantee.sentence, True)
    replace(manifest, thresholds={**thresholds, "approve_at_or_above": 0.999}).write(directory)
    assert measured(directory, monkeypatch)[serving.GUARANTEE.figure] == (guarantee.sentence, False)
