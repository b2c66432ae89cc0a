import json
import shutil
from pathlib import Path

import pytest

from models.artifacts import ArtifactError, load_artifact, newest_version


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
