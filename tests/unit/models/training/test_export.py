import pickle
from dataclasses import replace
from pathlib import Path

import onnxruntime
import pytest
import torch
from safetensors.torch import save_file

from models.artifacts import ArtifactError, InputFormat, load_artifact
from models.calibration.risk_control import Aims
from models.networks.student import INPUT_PX, LARGE, Student, large
from models.training import export as exporting
from models.training.export import export, student_of
from models.training.onnx_graph import onnx_of
from models.training.publishing import Network, data_digest


def test_the_onnx_graph_gives_the_folded_networks_logits_for_any_batch():
    torch.manual_seed(3)
    folded = Student().eval().folded()
    session = onnxruntime.InferenceSession(onnx_of(folded), providers=["CPUExecutionProvider"])
    for size in (1, 5):
        pictures = torch.randn(size, 3, INPUT_PX, INPUT_PX)
        with torch.inference_mode():
            wanted = folded(pictures).numpy()
        logits, features = session.run(None, {"pictures": pictures.numpy()})
        assert features.shape == (size, 224)
        assert logits.shape == (size,)
        assert logits == pytest.approx(wanted, abs=1e-4)


def test_the_same_weights_export_to_the_same_bytes():
    torch.manual_seed(3)
    folded = Student().eval().folded()
    assert onnx_of(folded) == onnx_of(folded)


def test_an_export_is_an_artifact_that_loads_and_can_be_measured(pictures_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "WEIGHTS", tmp_path / "weights")
    torch.save(Student().state_dict(), tmp_path / "student.pt")
    directory = export(tmp_path / "student.pt", pictures_folder, "9.9.9", aims=Aims(0.9, 0.9, 0.1))
    manifest = load_artifact(directory).manifest
    assert directory == tmp_path / "weights/student/9.9.9"
    assert manifest.data_digest == data_digest(pictures_folder)
    assert student_of(directory / manifest.weights.file).widths == Student().widths
    exporting.add_test_metrics(directory, pictures_folder)
    assert set(load_artifact(directory).manifest.metrics) == {"calibration", "eight_bits", "test"}


@pytest.mark.parametrize("content", [b"anything", pickle.dumps({"weights": 1}), pickle.dumps(Path)])
def test_what_holds_no_student_exports_nothing(content, tmp_path):
    for name in ("student.pt", "student.safetensors"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ArtifactError, match="cannot be read as tensors"):
            student_of(tmp_path / name)
    torch.save(torch.nn.Linear(2, 2).state_dict(), tmp_path / "other.pt")
    with pytest.raises(ArtifactError, match="not those of a student"):
        student_of(tmp_path / "other.pt")


def test_weights_too_large_to_come_with_the_code_stay_away():
    network = Network("student", "9.9.9", InputFormat(64, 0, 1), b"onnx", bytes(5_000_000))
    assert network.kept_weights is None
    assert replace(network, weights=bytes(3_000_000)).kept_weights == bytes(3_000_000)


def test_either_width_is_told_by_its_weights(tmp_path):
    save_file(large().state_dict(), tmp_path / "large.safetensors")
    assert student_of(tmp_path / "large.safetensors").widths == LARGE
