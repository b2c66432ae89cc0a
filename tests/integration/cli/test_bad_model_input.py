"""Whatever is handed to the commands about models ends in one sentence and exit code 2."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from onnx import TensorProto, helper
from typer.testing import CliRunner

from cli.main import program
from models.artifacts import sha256_of
from photogate.settings import get_settings
from tests.guards.tree import ROOT
from tests.unit.models.artifact_made import brightness_network, write_artifact
from tests.unit.models.evaluation.made import drawn_folder

HEADER = "file,label,source_repo,licence,sha256\n"
DEEPER_THAN_ANY_PARSER = "[" * 100_000


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of folders, each wrong in its own way, that the commands run in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a_file").write_text("neither pictures nor a model")
    (tmp_path / "empty").mkdir()
    for name, content in {
        "no_text": b"\xff\xfe\x00",
        "no_columns": b"a,b\n1,2\n",
        "no_pictures": HEADER.encode(),
        "outside": HEADER.encode() + b"../../../etc/passwd,real,a,b," + b"0" * 64 + b"\n",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.csv").write_bytes(content)
    (tmp_path / "a_folder_for_a_table/manifest.csv").mkdir(parents=True)
    for name, content in {"deep": DEEPER_THAN_ANY_PARSER, "no_object": "[]", "no_json": "{"}.items():
        (tmp_path / f"model_{name}").mkdir()
        (tmp_path / f"model_{name}/manifest.json").write_text(content)
    return tmp_path


def told(*arguments: str) -> tuple[int, str]:
    """Exit code and what was said; an exception that no sentence was made for is raised here."""
    outcome = CliRunner().invoke(program(arguments), arguments, catch_exceptions=False)
    return outcome.exit_code, outcome.stderr.strip()


def is_a_sentence(said: str) -> bool:
    return said.endswith(".") and "\n" not in said and "Traceback" not in said and len(said) < 400


PICTURES = ("empty", "a_file", "not_there", "no_text", "no_columns", "no_pictures", "a_folder_for_a_table", "outside")


@pytest.mark.parametrize("pictures", PICTURES)
def test_pictures_that_cannot_be_evaluated_on(folder: Path, pictures):
    code, said = told("evaluate", "student", "--data", pictures)
    assert (code, is_a_sentence(said)) == (2, True), said


@pytest.mark.parametrize("model", ["model_deep", "model_no_object", "model_no_json", "empty", "../student", "a\0b", ""])
def test_a_model_that_is_none(folder: Path, model):
    code, said = told("evaluate", model, "--data", "no_pictures")
    assert (code, is_a_sentence(said)) == (2, True), said


@pytest.mark.parametrize("pictures", PICTURES)
def test_pictures_that_cannot_be_trained_on(folder: Path, pictures):
    code, said = told("train", "student", "--data", pictures)
    assert (code, is_a_sentence(said)) == (2, True), said


@pytest.mark.parametrize("change", ["epochs=abc", "epochs=-1", "batch=0", "nonsense=1", "x", "learning_rate=nan"])
def test_a_recipe_changed_into_nonsense(folder: Path, change):
    code, said = told("train", "student", "--data", "no_pictures", "--set", change)
    assert (code, is_a_sentence(said)) == (2, True), said


def test_a_run_in_a_place_that_is_no_folder(folder: Path):
    code, said = told("train", "student", "--data", "no_pictures", "--out", "a_file")
    assert (code, is_a_sentence(said)) == (2, True), said
    assert "a_file" in said


@pytest.mark.parametrize("recipe", ["a_file", "empty", "../student", "not_there", "no_text/manifest.csv"])
def test_a_recipe_that_is_none(folder: Path, recipe):
    code, said = told("train", recipe, "--data", "no_pictures")
    assert (code, is_a_sentence(said)) == (2, True), said


TAUGHT = {
    "nysenate/OpenLegislation": "train/faces",
    "ropensci/roweb3": "18F/18f.gsa.gov",
    "alohe/avatars": "zoo/icons",
    "twbs/icons": "SimpleMachines/SMF",
}
"""The sources of `drawn_folder`, and sources that train and calibrate in their place."""

NO_STEP = ("--set", "input_px=32", "--set", "epochs=1", "--set", "drawings=0", "--set", "renders=0")
ONE_STEP = (*NO_STEP, "--set", "views_per_epoch=8", "--set", "batch=8")
QUICK = ("--robustness", "0", "--drawn", "0", "--labelled", "0")
LAX = ("--alpha", "0.45", "--beta", "0.45", "--confidence", "0.5")


@pytest.fixture
def pictures(folder: Path) -> Path:
    """Drawings that train and calibrate."""
    made = drawn_folder(folder / "pictures", per_source=4)
    table = made / "manifest.csv"
    words = table.read_text()
    for source, taught in TAUGHT.items():
        words = words.replace(source, taught)
    table.write_text(words)
    return made


@pytest.fixture
def own(folder: Path, monkeypatch) -> Path:
    """The operator's folder of models, with a sound one."""
    monkeypatch.setenv("PHOTOGATE_MODELS_FOLDER", "own")
    get_settings.cache_clear()
    write_artifact(folder / "own", "sound")
    yield folder / "own"
    get_settings.cache_clear()


def one_class_of(made: Path) -> None:
    """Leave real faces alone in the table."""
    table = made / "manifest.csv"
    lines = table.read_text().splitlines()
    table.write_text("\n".join(line for line in lines if not line.startswith("placeholder")))


def corrupted(made: Path) -> None:
    """Cut one picture of each class off."""
    for name in ("real/nysenate_OpenLegislation_0.png", "real/ropensci_roweb3_0.png", "placeholder/twbs_icons_0.png"):
        (made / name).write_bytes((made / name).read_bytes()[:60])


@pytest.mark.parametrize(
    "command",
    [("train", "student", *ONE_STEP), ("evaluate", "student"), ("models", "combine", "a@1.0.0", "student", "sound")],
)
def test_pictures_of_one_class_only(own: Path, pictures: Path, command):
    one_class_of(pictures)
    split = ("--split", "calibration") if command[0] == "evaluate" else ()
    code, said = told(*command, "--data", "pictures", *split)
    assert (code, is_a_sentence(said)) == (2, True), said


@pytest.mark.parametrize(
    ("command", "listed"),
    [
        (
            ("train", "student", *ONE_STEP),
            "Left out, as it cannot be read: pictures/real/nysenate_OpenLegislation_0.png",
        ),
        (("evaluate", "student", "--split", "calibration", *QUICK), "Skipped real/ropensci_roweb3_0.png"),
        (("models", "combine", "a@1.0.0", "student", "sound", *LAX), "Skipped real/ropensci_roweb3_0.png"),
    ],
)
def test_a_corrupt_picture_among_good_ones_is_skipped_and_listed(own: Path, pictures: Path, command, listed):
    corrupted(pictures)
    code, said = told(*command, "--data", "pictures")
    assert code == 0, said
    assert listed in said


def test_a_training_whose_loss_is_no_number(pictures: Path):
    wild = ("--set", "learning_rate=1e30", "--set", "clip_norm=0", "--set", "network=student", "--set", "batch=4")
    code, said = told("train", "real_vs_placeholder", "--data", "pictures", "--set", "input_px=32", *wild)
    assert (code, is_a_sentence(said.splitlines()[-1])) == (2, True), said
    assert "loss became" in said


def weights(name: str, folder: Path) -> Path:
    """A file in the place of weights."""
    content = {
        "pickle.pth": pickle.dumps(print),
        "noise.pth": b"no weights",
        "noise.safetensors": b"no weights",
        "foreign.safetensors": safetensors.numpy.save({"of.another": np.zeros(3, np.float32)}),
    }[name]
    (folder / name).write_bytes(content)
    return folder / name


WEIGHTS = ("pickle.pth", "noise.pth", "noise.safetensors", "foreign.safetensors")


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_to_start_from_that_are_none(folder: Path, name):
    code, said = told("train", "student", "--data", "no_pictures", "--set", f"start_from={weights(name, folder)}")
    assert (code, is_a_sentence(said), name in said) == (2, True, True), said


def test_weights_to_start_from_with_another_hash(folder: Path):
    start = f"start_from={weights('noise.pth', folder)}"
    code, said = told("train", "student", "--data", "no_pictures", "--set", start, "--set", f"start_sha256={'0' * 64}")
    assert (code, is_a_sentence(said), "SHA-256" in said) == (2, True, True), said


def changed_network(own: Path, fault: str) -> None:
    """Put something else in the place of the sound model's network, under its own hash unless that is the fault."""
    tokens, words = (helper.make_tensor_value_info(name, TensorProto.INT64, [1, 8]) for name in ("tokens", "words"))
    graph = helper.make_graph([helper.make_node("Identity", ["tokens"], ["words"])], "language", [tokens], [words])
    foreign = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    content = {
        "another hash": brightness_network(gain=2),
        "a pickle": pickle.dumps(print, protocol=4),
        "noise": b"no network",
        "a foreign network": foreign.SerializeToString(),
        "answers that are no numbers": brightness_network(gain=float("nan")),
    }[fault]
    model = own / "sound/1.0.0/model.onnx"
    model.write_bytes(content)
    manifest = model.with_name("manifest.json")
    if fault != "another hash":
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"sha256": sha256_of(content)}))


NETWORKS = ("another hash", "a pickle", "noise", "a foreign network")


@pytest.mark.parametrize("fault", [*NETWORKS, "answers that are no numbers"])
def test_a_model_to_evaluate_whose_network_is_none(own: Path, pictures: Path, fault):
    changed_network(own, fault)
    code, said = told("evaluate", "sound", "--data", "pictures", "--split", "calibration", *QUICK)
    assert (code, is_a_sentence(said)) == (2, True), said


@pytest.mark.parametrize("fault", NETWORKS)
@pytest.mark.parametrize(
    ("command", "ends"),
    [
        (("models", "verify", "sound"), 1),
        (("models", "promote", "sound@1.0.0"), 2),
        (("models", "combine", "a@1.0.0", "student", "sound", "--data", "empty"), 2),
    ],
)
def test_a_model_of_the_operators_whose_network_is_none(own: Path, fault, command, ends):
    changed_network(own, fault)
    code, said = told(*command)
    assert (code, is_a_sentence(said)) == (ends, True), said


@pytest.mark.parametrize("fault", NETWORKS)
def test_photos_are_not_checked_by_a_network_that_is_none(own: Path, fault, monkeypatch):
    changed_network(own, fault)
    monkeypatch.setenv("PHOTOGATE_CLASSIFIER", "sound")
    code, said = ran("cli.main", "check", ROOT / "samples/portrait_collins.jpg")
    assert (code, is_a_sentence(said)) == (1, True), said


@pytest.mark.parametrize("pictures", PICTURES)
def test_pictures_that_cannot_calibrate_an_ensemble(own: Path, pictures):
    code, said = told("models", "combine", "a@1.0.0", "student", "sound", "--data", pictures)
    assert (code, is_a_sentence(said)) == (2, True), said


def test_pulled_weights_with_another_hash(own: Path, folder: Path):
    code, said = told("models", "pull", "yunet", str(weights("noise.pth", folder)), "--sha256", "0" * 64)
    assert (code, is_a_sentence(said.replace("\n", " "))) == (2, True), said


def ran(*words) -> tuple[int, str]:
    """The same of a program of its own."""
    asked = [sys.executable, "-m", *map(str, words)]
    done = subprocess.run(asked, check=False, capture_output=True, text=True, env=None)
    return done.returncode, done.stderr.strip()


PROGRAMS = {
    "models.training.export": ("--weights", "pickle.pth", "--data", "empty", "--version", "9.9.9"),
    "models.training.run_export": ("empty", "--data", "empty"),
    "models.training.unfolding": ("--artifact", "own/sound/1.0.0", "--data", "empty", "--out", "student.safetensors"),
    "models.training.generated.train": ("--data", "empty", "--out", "run"),
    "models.training.generated.export": ("--run", "empty", "--data", "empty", "--version", "9.9.9"),
    "models.training.generated.evaluate": ("--data", "empty"),
    "models.training.detector.train": ("--data", "empty", "--out", "w.pt", "--cache", "pictures"),
    "models.training.detector.refine": ("--data", "empty", "--out", "w.pt", "--cache", "pictures"),
    "models.training.detector.evaluate": ("--data", "empty"),
}


@pytest.mark.parametrize("module", PROGRAMS)
def test_a_program_of_the_training_given_nothing(own: Path, folder: Path, module, monkeypatch):
    weights("pickle.pth", folder)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    code, said = ran(module, *PROGRAMS[module])
    assert (code, is_a_sentence(said)) == (2, True), said
