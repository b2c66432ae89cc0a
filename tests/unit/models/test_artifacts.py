import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from models.artifacts import (
    ArtifactError,
    EightBits,
    InputFormat,
    Manifest,
    load_artifact,
    newest_version,
    versions_in,
)


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the shipped student that a test may break."""
    shutil.copytree(newest_version("student"), tmp_path / "student")
    return tmp_path / "student"


def rewrite(directory: Path, **changes: object) -> None:
    path = directory / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_what_comes_with_the_code_loads_and_says_what_it_is(copy):
    artifact = load_artifact(copy)
    assert artifact.manifest.name == "student"
    assert set(artifact.manifest.thresholds) == {"real_at_or_above", "refuse_below", "approve_at_or_above"}
    assert len(artifact.manifest.data_digest) == 64


def test_a_single_changed_byte_is_refused(copy):
    model = copy / "model.onnx"
    changed = bytearray(model.read_bytes())
    changed[len(changed) // 2] ^= 1
    model.write_bytes(changed)
    with pytest.raises(ArtifactError, match="does not have the SHA-256 that its manifest names"):
        load_artifact(copy)


def test_a_file_outside_the_artifacts_folder_is_refused(copy):
    shutil.copy(copy / "model.onnx", copy.parent / "model.onnx")
    rewrite(copy, file="../model.onnx")
    with pytest.raises(ArtifactError, match="outside its own folder"):
        load_artifact(copy)


def test_a_missing_model_manifest_or_network_is_one_sentence(copy):
    (copy / "model.onnx").unlink()
    with pytest.raises(ArtifactError, match="cannot be read"):
        load_artifact(copy)
    with pytest.raises(ArtifactError, match="There is no model manifest"):
        load_artifact(copy.parent)
    with pytest.raises(ArtifactError, match="'teacher'"):
        newest_version("teacher")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": "student"}', "not json"])
def test_a_manifest_that_makes_no_sense_is_refused(copy, text):
    (copy / "manifest.json").write_text(text)
    with pytest.raises(ArtifactError, match="cannot be understood"):
        load_artifact(copy)


def test_an_unknown_field_is_refused_rather_than_ignored(copy):
    rewrite(copy, surprise=1)
    with pytest.raises(ArtifactError, match="surprise"):
        load_artifact(copy)


def test_a_mean_may_be_one_number_or_one_a_channel_and_reads_back_as_it_was_written(copy):
    imagenet = InputFormat(224, [123.675, 116.28, 103.53], (58.395, 57.12, 57.375))
    assert imagenet.mean == (123.675, 116.28, 103.53)
    replace(Manifest.read(copy / "manifest.json"), input=imagenet).write(copy)
    assert Manifest.read(copy / "manifest.json").input == imagenet


@pytest.mark.parametrize(
    "wrong",
    [
        {"size_px": 0},
        {"size_px": "224"},
        {"mean": [1, 2]},
        {"mean": "x"},
        {"std": 0},
        {"std": [1, 0, 1]},
        {"layout": "?"},
    ],
)
def test_an_input_that_no_network_can_want_is_refused(copy, wrong):
    rewrite(copy, input={"size_px": 112, "mean": 1, "std": 1, "layout": "NCHW"} | wrong)
    with pytest.raises(ArtifactError, match="cannot be understood"):
        load_artifact(copy)


def test_every_file_that_the_manifest_names_is_verified(copy):
    (copy / "model.int8.onnx").write_bytes(b"eight bits")
    rewrite(copy, int8=asdict(EightBits("model.int8.onnx", "00" * 32, 0, 0, 1, None)))
    with pytest.raises(ArtifactError, match=r"model\.int8\.onnx does not have the SHA-256"):
        load_artifact(copy)


def test_versions_are_ordered_as_numbers_and_other_folders_are_none(tmp_path):
    for version in ("1.10.0", "1.9.0", "draft"):
        (tmp_path / "student" / version).mkdir(parents=True)
        (tmp_path / "student" / version / "manifest.json").touch()
    assert [path.name for path in versions_in(tmp_path, "student")] == ["1.9.0", "1.10.0"]
