"""YuNet's outputs read as its authors mean them; a stand-in graph says the same of every picture."""

import hashlib
import math

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.artifacts import ArtifactError
from models.detection.yunet import YuNetDetector

SIZE_PX = 64
PARTS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
ANYWHERE = np.zeros((SIZE_PX, SIZE_PX, 3), np.uint8)


def graph(outputs):
    weights = [numpy_helper.from_array(values, f"{name}_said") for name, values in outputs.items()]
    nodes = [helper.make_node("Identity", [f"{name}_said"], [name]) for name in outputs]
    picture = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, SIZE_PX, SIZE_PX])
    said = [helper.make_tensor_value_info(n, TensorProto.FLOAT, list(values.shape)) for n, values in outputs.items()]
    model = helper.make_model(
        helper.make_graph(nodes, "stand_in", [picture], said, weights),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    return model.SerializeToString()


def sees_a_face(score=0.9):
    """At stride 16, row 1, column 2: shifted half a cell right, 32 px wide, 48 px high; points a cell apart."""
    outputs = {
        f"{part}_{stride}": np.zeros((1, (SIZE_PX // stride) ** 2, width), np.float32)
        for stride in (8, 16, 32)
        for part, width in PARTS.items()
    }
    cell = 1 * (SIZE_PX // 16) + 2
    outputs["cls_16"][0, cell] = outputs["obj_16"][0, cell] = score
    outputs["bbox_16"][0, cell] = [0.5, 1.0, math.log(2), math.log(3)]
    outputs["kps_16"][0, cell] = np.arange(10) / 10
    return outputs


def test_a_face_is_read_from_its_cell():
    (face,) = YuNetDetector(graph(sees_a_face())).detect(ANYWHERE)
    assert (face.x, face.y, face.width, face.height) == (24, 8, 32, 48)
    assert face.score == pytest.approx(0.9)
    assert face.landmarks[1] == pytest.approx(((2 + 0.2) * 16, (1 + 0.3) * 16))


def test_a_larger_picture_gets_its_own_pixels():
    (face,) = YuNetDetector(graph(sees_a_face())).detect(np.zeros((SIZE_PX * 2, SIZE_PX * 4, 3), np.uint8))
    assert (face.x, face.y, face.width, face.height) == (96, 32, 128, 96)


def test_what_it_is_not_sure_of_is_no_face():
    assert YuNetDetector(graph(sees_a_face(score=0.5))).detect(ANYWHERE) == []


def test_its_file_is_loaded_with_the_right_hash_only(tmp_path):
    path = tmp_path / "some.onnx"
    path.write_bytes(graph(sees_a_face()))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert len(YuNetDetector.from_file(path, sha256).detect(ANYWHERE)) == 1
    with pytest.raises(ArtifactError, match="does not have the SHA-256"):
        YuNetDetector.from_file(path, "0" * 64)
    with pytest.raises(ArtifactError, match="say which SHA-256"):
        YuNetDetector.from_file(path)


def test_a_file_of_its_authors_name_must_be_its_authors_file(tmp_path):
    path = tmp_path / "yunet_n_dynamic.onnx"
    path.write_bytes(graph(sees_a_face()))
    with pytest.raises(ArtifactError, match="does not have the SHA-256"):
        YuNetDetector.from_file(path)


def test_a_graph_of_something_else_is_refused():
    outputs = sees_a_face()
    del outputs["kps_8"]
    with pytest.raises(ArtifactError, match="not those of a YuNet"):
        YuNetDetector(graph(outputs))
    with pytest.raises(ArtifactError, match="no ONNX graph"):
        YuNetDetector(b"no graph")
