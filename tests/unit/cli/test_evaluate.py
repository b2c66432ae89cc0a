"""`photogate evaluate` as somebody types it."""

import json
import shutil

import onnx
import pytest
from onnx import TensorProto, helper
from typer.testing import CliRunner

from cli.main import program
from models.artifacts import newest_version, sha256_of
from tests.unit.models.evaluation.made import drawn_folder

QUICK = ["--robustness", "0", "--drawn", "0", "--labelled", "0"]
SHIPPED = newest_version("student")


@pytest.fixture
def data(tmp_path):
    return drawn_folder(tmp_path / "data", per_source=1)


@pytest.fixture
def evaluate(tmp_path, data):
    def run(*arguments, folder=data):
        typed = ["evaluate", *map(str, arguments), "--data", str(folder), "--out", str(tmp_path / "out"), *QUICK]
        return CliRunner().invoke(program(typed), typed)

    return run


@pytest.fixture
def another(tmp_path):
    """The shipped student under another version's name."""
    folder = tmp_path / "student/99.0.0"
    shutil.copytree(SHIPPED, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"version": "99.0.0"}))
    return folder


def test_a_model_is_measured_and_the_report_written(evaluate, data, tmp_path):
    (data / "placeholder/twbs_icons_0.png").write_bytes(b"not a picture")
    done = evaluate("student")
    assert done.exit_code == 0
    assert "BPCER: real faces refused" in done.stdout
    assert "Skipped placeholder/twbs_icons_0.png" in done.stderr
    figures = json.loads((tmp_path / "out/report.json").read_text())
    assert figures["model"] == f"student@{SHIPPED.name}"
    page = (tmp_path / "out/report.html").read_text()
    assert page.startswith("<!doctype html>")
    assert figures["promise"]["confidence"] == 0.95
    assert "Of placeholders at most 1.00% are approved" in page


def test_an_ensemble_is_a_model_like_any_other(evaluate, tmp_path):
    panel = tmp_path / "panel/1.0.0"
    panel.mkdir(parents=True)
    shipped = json.loads((SHIPPED / "manifest.json").read_text())
    manifest = {
        "name": "panel",
        "version": "1.0.0",
        "members": [{"model": f"student@{SHIPPED.name}"}],
        "calibration": {"temperature": 1.0, "bias": 0.0},
        "thresholds": shipped["thresholds"],
        "metrics": {},
        "created": shipped["created"],
    }
    (panel / "manifest.json").write_text(json.dumps(manifest))
    done = evaluate(panel)
    assert done.exit_code == 0
    assert json.loads((tmp_path / "out/report.json").read_text())["model"] == "panel@1.0.0"


def test_models_are_put_side_by_side(evaluate, another, tmp_path):
    done = evaluate("--compare", f"student@{SHIPPED.name}", another)
    assert done.exit_code == 0
    assert "student@99.0.0" in done.stdout
    assert "+0.00% to +0.00%" in done.stdout
    assert len(json.loads((tmp_path / "out/report.json").read_text())["models"]) == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nobody"], "There is no model called 'nobody' here."),
        (["student@0.0.1"], "There is no version 0.0.1 of 'student'"),
        (["real_vs_ai"], "which is measured by its own program"),
        (["README.md"], "README.md is a file; a model is named as"),
        (["student", "student"], "2 models were named; --compare puts several side by side."),
        (["student", "--compare"], "A comparison needs two models or more."),
        (["student", "student", "--compare"], "A model cannot be compared with itself"),
        (["student", "--split", "exam"], "There is no split called 'exam'"),
        (["student", "--profile", "nobody"], "There is no issuer profile called 'nobody'"),
        (["student", "--split", "calibration"], "names no picture of the calibration split"),
    ],
)
def test_what_cannot_be_evaluated_is_one_sentence(evaluate, arguments, sentence):
    failed = evaluate(*arguments)
    assert failed.exit_code == 2
    assert sentence in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1


def test_an_empty_folder_is_one_sentence(evaluate, tmp_path):
    (tmp_path / "empty").mkdir()
    failed = evaluate("student", folder=tmp_path / "empty")
    assert failed.exit_code == 2
    assert failed.stderr.startswith("There are no pictures with a manifest.csv in")


def test_one_class_only_is_one_sentence(evaluate, data):
    manifest = data / "manifest.csv"
    lines = manifest.read_text().splitlines()
    manifest.write_text("\n".join(line for line in lines if not line.startswith("placeholder")))
    failed = evaluate("student")
    assert failed.exit_code == 2
    assert "are all real faces; an evaluation needs placeholders too." in failed.stderr


def test_a_foreign_network_is_one_sentence(evaluate, another):
    tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, 8])
    words = helper.make_tensor_value_info("words", TensorProto.INT64, [1, 8])
    graph = helper.make_graph([helper.make_node("Identity", ["tokens"], ["words"])], "language", [tokens], [words])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, another / "model.onnx")
    manifest = json.loads((another / "manifest.json").read_text())
    manifest["sha256"] = sha256_of((another / "model.onnx").read_bytes())
    manifest.pop("int8", None)
    (another / "manifest.json").write_text(json.dumps(manifest))
    failed = evaluate(another)
    assert failed.exit_code == 2
    assert "student@99.0.0 is no classifier of this kind" in failed.stderr
