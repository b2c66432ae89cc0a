"""`photogate models combine`: several models answer as one, wherever one model does."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import program
from models.artifacts import newest_version
from models.explanation import GRID, occlusion
from models.registry import Registry
from models.runtimes.loading import Runtime, load_by_digest, load_scorer
from photogate.settings import get_settings
from tests.guards.tree import ROOT
from tests.unit.models.artifact_made import grey, write_artifact
from tests.unit.models.evaluation.made import drawn_folder
from worker.tools import Tools

LAX = ("--alpha", "0.45", "--beta", "0.45", "--confidence", "0.5")
QUICK = ("--robustness", "0", "--drawn", "0", "--labelled", "0")
STUDENT = f"student@{newest_version('student').name}"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The operator's folder with a network that has no eight-bit form."""
    monkeypatch.setenv("PHOTOGATE_MODELS_FOLDER", str(tmp_path / "own"))
    get_settings.cache_clear()
    write_artifact(tmp_path / "own", "bright")
    yield tmp_path / "own"
    get_settings.cache_clear()


@pytest.fixture
def data(tmp_path) -> Path:
    """Drawings of which half calibrate and half test."""
    made = drawn_folder(tmp_path / "data", per_source=4)
    table = made / "manifest.csv"
    words = table.read_text().replace("nysenate/OpenLegislation", "18F/18f.gsa.gov")
    table.write_text(words.replace("twbs/icons", "SimpleMachines/SMF"))
    return made


def run(*arguments):
    typed = list(map(str, arguments))
    return CliRunner().invoke(program(typed), typed, catch_exceptions=False)


@pytest.fixture
def panel(folder, data) -> Path:
    done = run("models", "combine", "panel@1.0.0", "student=3", "bright", "--data", data, *LAX)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"panel@1.0.0 answers for {STUDENT}, bright@1.0.0.")
    return folder / "panel/1.0.0"


def test_an_ensemble_is_calibrated_and_promises_as_a_single_network_does(panel):
    written = json.loads((panel / "manifest.json").read_text())
    assert written["members"] == [{"model": STUDENT, "weight": 3}, {"model": "bright@1.0.0", "weight": 1}]
    assert written["thresholds"].keys() == {"real_at_or_above", "refuse_below", "approve_at_or_above"}
    assert written["guarantee"]["placeholders_approved"]["pictures"] == 4
    assert written["guarantee"]["confidence"] == 0.5
    assert written["calibration"] != {"temperature": 1, "bias": 0, "faceless": 0}
    assert written["metrics"]["calibration"].keys() == {"apcer", "bpcer", "ece"}


def test_it_is_listed_verified_and_evaluated_like_any_model(panel, data, tmp_path):
    assert "ensemble of 2" in run("models", "list").output
    verified = run("models", "verify", "panel")
    assert (verified.exit_code, "Of placeholders at most 45.00% are approved" in verified.output) == (0, True)
    out = tmp_path / "out"
    for asked in (("panel",), ("--compare", "panel", "student")):
        done = run("evaluate", *asked, "--data", data, "--out", out, *QUICK)
        assert (done.exit_code, "panel@1.0.0" in (out / "report.html").read_text()) == (0, True), done.output


def test_it_judges_photos_where_the_settings_say_so(panel, monkeypatch):
    monkeypatch.setenv("PHOTOGATE_CLASSIFIER", "panel")
    get_settings.cache_clear()
    [said] = run("check", "--json", ROOT / "samples/portrait_collins.jpg").stdout.splitlines()
    assert json.loads(said)["model"] == "panel@1.0.0"
    at_hand = Tools(get_settings())
    assert next(iter(at_hand.scorers)) == at_hand.judges.classifier.name == "panel@1.0.0"
    assert occlusion(at_hand.classifier, grey(90)[0]).shape == (GRID, GRID)


def test_a_decision_is_replayed_by_the_digest_of_any_form(panel, folder):
    registry = Registry(folder)
    digests = {load_scorer("panel", registry, form).sha256 for form in (Runtime.FP32, Runtime.INT8)}
    assert len(digests) == 2
    assert {load_by_digest("panel@1.0.0", digest, registry).sha256 for digest in digests} == digests


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("panel", "student", "bright"), "called like panel@1.0.0"),
        (("Panel@1", "student", "bright"), "A model is named like"),
        (("student@1.0.0", "student"), "two different models or more"),
        (("twice@1.0.0", "student", "student"), "two different models or more"),
        (("bright@1.0.0", "student", "bright"), "There is a bright@1.0.0 already"),
        (("panel@1.0.0", "student", "nobody"), "There is no model called 'nobody'"),
        (("panel@1.0.0", "student", "face_detector"), "is no classifier of this kind"),
        (("panel@1.0.0", "student", "real_vs_ai"), "no question of an ensemble's"),
        (("panel@1.0.0", "student", "bright=0"), "gives a model no weight"),
        (("panel@1.0.0", "student", "bright=much"), "gives a model no weight"),
    ],
)
def test_what_cannot_be_combined_is_one_sentence(folder, tmp_path, arguments, says):
    failed = run("models", "combine", *arguments, "--data", tmp_path)
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert says in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_an_ensemble_has_networks_as_members(panel, data):
    failed = run("models", "combine", "panels@1.0.0", "panel", "bright", "--data", data)
    assert (failed.exit_code, "the members of an ensemble are networks" in failed.stderr) == (2, True)


def test_too_few_pictures_for_a_promise_are_one_sentence(folder, data):
    failed = run("models", "combine", "panel@1.0.0", "student", "bright", "--data", data)
    assert (failed.exit_code, "pictures cannot show a rate of at most" in failed.stderr) == (2, True)
    assert not (folder / "panel").exists()


def test_an_empty_folder_of_pictures_is_one_sentence(folder, tmp_path):
    failed = run("models", "combine", "panel@1.0.0", "student", "bright", "--data", tmp_path)
    assert (failed.exit_code, failed.stderr.count("\n")) == (2, 1)
