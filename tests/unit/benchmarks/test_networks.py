from pathlib import Path

import numpy as np
import pytest

from benchmarks.figures import networks
from benchmarks.figures.networks import STATED, Stated, sizes
from benchmarks.figures.promise import Context
from benchmarks.networks import HEADER, measured
from models.artifacts import newest_version
from models.detection.load import load_detector
from models.evaluation.pictures import Pictures
from models.preparation import prepare
from models.training.splits import Example
from tests.guards.tree import ROOT


def test_a_network_that_is_not_what_its_card_says_is_told(monkeypatch):
    right = {"resnet_style": STATED["resnet_style"]}
    monkeypatch.setattr(networks, "STATED", right)
    assert [figure.ok for figure in sizes(Context(Path()))] == [True, True]
    monkeypatch.setattr(networks, "STATED", {"resnet_style": Stated(112, 11_000_000, 1.81)})
    assert [figure.ok for figure in sizes(Context(Path()))] == [False, False]


@pytest.fixture
def pictures() -> Pictures:
    samples = sorted(path for path in (ROOT / "samples").rglob("*") if path.suffix in {".jpg", ".png"})[:4]
    examples = [Example(path.name, "real" if n % 2 else "placeholder", "s", "", None) for n, path in enumerate(samples)]
    detector = load_detector()
    return Pictures(tuple(examples), tuple(prepare(path.read_bytes(), detector) for path in samples))


def test_a_row_says_what_the_header_names(pictures):
    row = measured(newest_version("student"), pictures)
    assert len(str(row).split(" | ")) == len(HEADER.split(" | "))
    assert np.isfinite(row.auc)
    assert row.ms > 0
