"""Whatever is handed to the commands about models ends in one sentence and exit code 2."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import program

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
