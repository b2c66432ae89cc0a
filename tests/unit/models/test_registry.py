import json
from pathlib import Path

import pytest

from models.artifacts import ArtifactError
from models.registry import Registry, verify
from tests.unit.models.artifact_made import write_artifact


@pytest.fixture
def registry(tmp_path) -> Registry:
    """Two versions with the code, a newer one and another network in the operator's folder."""
    for version in ("1.9.0", "1.10.0"):
        write_artifact(tmp_path / "shipped", version=version)
    write_artifact(tmp_path / "own", version="2.0.0")
    write_artifact(tmp_path / "own", name="other")
    return Registry(tmp_path / "own", tmp_path / "shipped")


def serving(registry: Registry) -> list[str]:
    return [listed.reference for listed in registry.listed() if listed.serves]


def test_the_newest_version_serves_wherever_it_lies(registry):
    assert [listed.reference for listed in registry.listed()] == [
        "bright@1.9.0",
        "bright@1.10.0",
        "bright@2.0.0",
        "other@1.0.0",
    ]
    assert serving(registry) == ["bright@2.0.0", "other@1.0.0"]
    assert registry.find("bright").name == "2.0.0"
    assert registry.find("bright@1.9.0").name == "1.9.0"
    assert [listed.is_ours for listed in registry.listed()] == [True, True, False, False]


def test_a_promoted_version_serves_until_another_is_promoted(registry):
    assert registry.promote("bright@1.9.0") == "2.0.0"
    assert serving(registry) == ["bright@1.9.0", "other@1.0.0"]
    assert registry.find("bright").name == "1.9.0"
    assert registry.promote("bright@1.10.0") == "1.9.0"


def test_what_does_not_verify_is_not_promoted(registry):
    model = registry.find("bright@2.0.0") / "model.onnx"
    model.write_bytes(model.read_bytes() + b"\0")
    registry.promote("bright@1.10.0")
    with pytest.raises(ArtifactError, match="SHA-256"):
        registry.promote("bright@2.0.0")
    assert registry.find("bright").name == "1.10.0"


def test_a_version_that_comes_with_the_code_cannot_be_replaced(registry, tmp_path):
    write_artifact(tmp_path / "own", version="1.10.0", gain=-8)
    assert registry.find("bright@1.10.0").is_relative_to(tmp_path / "shipped")


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("nobody", "no model called 'nobody'"),
        ("bright@7.0.0", r"no version 7\.0\.0 of 'bright'; there are 1\.9\.0, 1\.10\.0, 2\.0\.0"),
        ("../shipped/bright", "named like"),
        ("bright@latest", "named like"),
        ("", "named like"),
    ],
)
def test_a_model_that_is_not_there_is_one_sentence(registry, reference, says):
    with pytest.raises(ArtifactError, match=says):
        registry.find(reference)


def test_a_promoted_version_that_is_gone_is_not_replaced_silently(registry, tmp_path):
    (tmp_path / "own" / "serving.json").write_text(json.dumps({"bright": "3.0.0"}))
    with pytest.raises(ArtifactError, match=r"no version 3\.0\.0"):
        registry.find("bright")


@pytest.mark.parametrize("content", ["not json", "[]", '{"bright": 1}', '{"bright": "../../etc"}'])
def test_a_broken_list_of_promoted_models_is_refused(registry, tmp_path, content):
    (tmp_path / "own" / "serving.json").write_text(content)
    with pytest.raises(ArtifactError, match="list of promoted models"):
        registry.find("bright")


def test_without_a_folder_of_the_operators_the_code_serves(tmp_path):
    write_artifact(tmp_path / "shipped")
    registry = Registry(tmp_path / "nowhere", tmp_path / "shipped")
    assert serving(registry) == ["bright@1.0.0"]
    assert verify(registry.find("bright"), registry).reference == "bright@1.0.0"
    assert not (tmp_path / "nowhere").exists()


def test_what_comes_with_the_code_verifies(tmp_path):
    registry = Registry(Path(tmp_path))
    assert [verify(listed.directory, registry).reference for listed in registry.listed()]
