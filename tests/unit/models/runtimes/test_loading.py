"""A model that decided is found again by what it was, not by what it is called."""

from dataclasses import replace

import pytest

from models.artifacts import ArtifactError, EightBits, sha256_of
from models.registry import Registry
from models.runtimes.loading import load_by_digest
from tests.unit.models.artifact_made import artifact_of, brightness_network, grey, write_artifact

FP32, INT8 = brightness_network(8), brightness_network(7.9)


@pytest.fixture
def registry(tmp_path):
    """A network in two forms that score a little differently."""
    directory = write_artifact(tmp_path)
    eight = EightBits("model.int8.onnx", sha256_of(INT8), 0, 0, 2, None)
    (directory / eight.file).write_bytes(INT8)
    replace(artifact_of(FP32).manifest, int8=eight).write(directory)
    return Registry(tmp_path / "none", shipped=tmp_path)


@pytest.mark.parametrize("form", [FP32, INT8])
def test_the_form_that_decided_scores_again(registry, form):
    scorer = load_by_digest("bright@1.0.0", sha256_of(form), registry)
    assert scorer.sha256 == sha256_of(form)
    assert scorer.logits(grey(255)) == pytest.approx(16 if form is FP32 else 15.8)


@pytest.mark.parametrize(
    ("reference", "complaint"),
    [
        ("bright@1.0.0", "is not the one with the SHA-256"),
        ("bright@2.0.0", "no version 2.0.0"),
        ("dark@1.0.0", "no model called 'dark'"),
        ("../bright@1.0.0", "not '../bright@1.0.0'"),
    ],
)
def test_another_model_does_not_take_its_place(registry, reference, complaint):
    with pytest.raises(ArtifactError, match=complaint):
        load_by_digest(reference, "ab" * 32, registry)


def test_a_network_without_eight_bits_is_looked_for_in_32_alone(tmp_path):
    write_artifact(tmp_path)
    alone = Registry(tmp_path / "none", shipped=tmp_path)
    assert load_by_digest("bright@1.0.0", sha256_of(FP32), alone).name == "bright@1.0.0"
    with pytest.raises(ArtifactError, match="is not the one"):
        load_by_digest("bright@1.0.0", "ab" * 32, alone)
