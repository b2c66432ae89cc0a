import json
from dataclasses import replace

import numpy as np
import pytest

from models.artifacts import ArtifactError, Calibration
from models.calibration.scaling import log_odds
from models.ensemble import Ensemble, EnsembleManifest, Member
from models.registry import Registry, verify
from models.runtimes.loading import load_scorer
from tests.unit.models.artifact_made import OPERATING_POINTS, grey, write_artifact

MANIFEST = EnsembleManifest(
    name="panel",
    version="1.0.0",
    members=(Member("bright@1.0.0", 3), Member("dark@1.0.0")),
    calibration=Calibration(1.0, 0.0),
    thresholds=OPERATING_POINTS,
    metrics={},
    created="2026-01-01T00:00:00+00:00",
)


@pytest.fixture
def registry(tmp_path) -> Registry:
    """A panel of one model that likes it bright and one that likes it dark."""
    write_artifact(tmp_path, "bright", gain=4)
    write_artifact(tmp_path, "dark", gain=-2)
    write(tmp_path, MANIFEST)
    return Registry(tmp_path / "own", tmp_path)


def write(folder, manifest: EnsembleManifest) -> None:
    directory = folder / manifest.name / manifest.version
    directory.mkdir(parents=True, exist_ok=True)
    manifest.write(directory)


def test_members_are_heard_by_their_weight(registry):
    panel, bright, dark = (load_scorer(name, registry) for name in ("panel", "bright", "dark"))
    crops = grey(60, 120, 160)
    wanted = (3 * log_odds(bright.score(crops)) + log_odds(dark.score(crops))) / 4
    assert panel.logits(crops) == pytest.approx(wanted)
    assert panel.score(crops) == pytest.approx(1 / (1 + np.exp(-wanted)))
    assert panel.examine(crops).p_real == pytest.approx(panel.score(crops))
    assert panel.examine(crops).strangeness == pytest.approx(bright.examine(crops).strangeness)
    assert panel.name == "panel@1.0.0"


def test_its_digest_changes_with_any_member(registry, tmp_path):
    before = load_scorer("panel", registry).sha256
    write_artifact(tmp_path, "dark", "1.1.0", gain=-3)
    write(tmp_path, replace(MANIFEST, members=(Member("bright@1.0.0"), Member("dark@1.1.0"))))
    assert load_scorer("panel", registry).sha256 != before


def test_it_verifies_with_its_members(registry, tmp_path):
    assert verify(registry.find("panel"), registry) == MANIFEST
    model = tmp_path / "dark/1.0.0/model.onnx"
    model.write_bytes(model.read_bytes()[:-1])
    with pytest.raises(ArtifactError, match="SHA-256"):
        verify(registry.find("panel"), registry)


def test_a_member_that_is_missing_is_one_sentence(registry, tmp_path):
    write(tmp_path, replace(MANIFEST, members=(Member("bright@1.0.0"), Member("teacher@1.0.0"))))
    with pytest.raises(ArtifactError, match="no model called 'teacher'"):
        load_scorer("panel", registry)


def test_other_members_than_the_manifests_are_refused():
    with pytest.raises(ArtifactError, match=r"wants other models: bright@1\.0\.0, dark@1\.0\.0"):
        Ensemble(MANIFEST, [])


@pytest.mark.parametrize("wrong", [{"weight": 0}, {"weight": -1}, {"weight": float("inf")}, {"model": "bright"}])
def test_a_member_that_counts_nothing_or_has_no_version_is_refused(registry, tmp_path, wrong):
    path = tmp_path / "panel/1.0.0/manifest.json"
    written = json.loads(path.read_text())
    written["members"][0] |= wrong
    path.write_text(json.dumps(written))
    with pytest.raises(ArtifactError, match="cannot be understood"):
        EnsembleManifest.read(path)
