"""`photogate train`: whatever is wrong is one sentence, and exit code 2."""

import pickle

import pytest
from typer.testing import CliRunner

from cli.main import program

HEADER = "file,label,source_repo,sha256,yunet_box_xywh\n"


def ran(*arguments):
    return CliRunner().invoke(program(["train"]), ["train", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def refusal(result) -> str:
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_an_empty_folder(folder, tmp_path):
    assert "There is no manifest.csv in" in refusal(ran("student", "--data", folder, "--out", tmp_path / "run"))


def test_a_manifest_without_a_column(folder, tmp_path):
    (folder / "manifest.csv").write_text("file,sha256\na.png,00\n")
    assert "has no column" in refusal(ran("student", "--data", folder, "--out", tmp_path / "run"))


def test_a_manifest_without_pictures(folder, tmp_path):
    (folder / "manifest.csv").write_text(HEADER)
    assert "No manifest.csv names a picture of a train source" in refusal(
        ran("student", "--data", folder, "--out", tmp_path / "run")
    )


def test_one_class_only(folder, tmp_path):
    (folder / "manifest.csv").write_text(HEADER + "a.png,real,mine,00,\nb.png,real,mine,01,\n")
    sentence = refusal(ran("student", "--data", folder, "--out", tmp_path / "run"))
    assert "hold real faces only; a classifier needs both classes" in sentence


def test_a_recipe_that_is_not_there(folder):
    assert "There is no recipe 'vgg'" in refusal(ran("vgg", "--data", folder))


def test_a_checkpoint_with_another_hash(folder, tmp_path):
    (tmp_path / "w.pth").write_bytes(b"weights")
    changes = ["--set", f"start_from={tmp_path / 'w.pth'}", "--set", f"start_sha256={'0' * 64}"]
    sentence = refusal(ran("student", "--data", folder, "--out", tmp_path / "run", *changes))
    assert "it is not loaded" in sentence


def test_a_pickle_as_checkpoint(folder, tmp_path):
    (tmp_path / "w.pth").write_bytes(pickle.dumps(print))
    changes = ["--set", f"start_from={tmp_path / 'w.pth'}"]
    sentence = refusal(ran("student", "--data", folder, "--out", tmp_path / "run", *changes))
    assert "w.pth" in sentence
