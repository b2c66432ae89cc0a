"""Artifacts as small as they can be, so that tests of what is around a network need not wait for one."""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from models.artifacts import Artifact, Calibration, InputFormat, Manifest, Strangeness, sha256_of

SIZE_PX = 32
OPERATING_POINTS = {"real_at_or_above": 0.5, "refuse_below": 0.05, "approve_at_or_above": 0.95}


def brightness_network(gain: float = 8.0) -> bytes:
    """`logits` = gain × the mean of the normalised picture; `strangeness` its square."""
    pictures = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, SIZE_PX, SIZE_PX])
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n"]) for name in ("logits", "strangeness")]
    nodes = [
        helper.make_node("ReduceMean", ["pictures"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "gain"], ["logits"]),
        helper.make_node("Mul", ["mean", "mean"], ["strangeness"]),
    ]
    weights = [numpy_helper.from_array(np.array(gain, np.float32), "gain")]
    graph = helper.make_graph(nodes, "brightness", [pictures], outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def artifact_of(model: bytes, name: str = "bright", version: str = "1.0.0") -> Artifact:
    """An artifact around a network, uncalibrated."""
    manifest = Manifest(
        name=name,
        version=version,
        file="model.onnx",
        sha256=sha256_of(model),
        input=InputFormat(SIZE_PX, 127.5, 63.75),
        calibration=Calibration(1.0, 0.0),
        thresholds=OPERATING_POINTS,
        data_digest="00" * 32,
        metrics={},
        created="2026-01-01T00:00:00+00:00",
        strangeness=Strangeness(0.995, 10, 10),
    )
    return Artifact(manifest, model)


def write_artifact(into: Path, name: str = "bright", version: str = "1.0.0", gain: float = 8.0) -> Path:
    """Write a whole artifact and return its folder."""
    artifact = artifact_of(brightness_network(gain), name, version)
    directory = into / name / version
    directory.mkdir(parents=True)
    (directory / "model.onnx").write_bytes(artifact.model)
    artifact.manifest.write(directory)
    return directory


def grey(*levels: int) -> np.ndarray:
    """Plain crops of these brightnesses."""
    return np.stack([np.full((224, 224, 3), level, np.uint8) for level in levels])
