"""Torch gives the scores of ONNX Runtime: within 1e-3 in 32 bits, 1e-2 in bfloat16."""

from dataclasses import replace

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from models.artifacts import Artifact, ArtifactError, load_artifact, newest_version
from models.classifier import LOGITS, Classifier, Precision
from models.drawings import KINDS, draw
from models.pixels import Pixels
from models.registry import Registry
from models.runtimes.gpu import TorchClassifier
from models.runtimes.graph import Graph
from models.runtimes.loading import Runtime, load_scorer
from tests.unit.models.artifact_made import SIZE_PX, artifact_of, grey, write_artifact


@pytest.fixture(scope="module")
def crops() -> Pixels:
    """More crops than one batch takes would be slow; noise and drawings of every kind."""
    drawn = [draw(kind, np.random.default_rng(3), 224).convert("RGB").resize((224, 224)) for kind in KINDS[:12]]
    noise = np.random.default_rng(4).integers(0, 256, (4, 224, 224, 3), np.uint8)
    return np.concatenate([np.stack([np.asarray(picture) for picture in drawn]), noise])


@pytest.fixture(scope="module")
def shipped() -> Artifact:
    return load_artifact(newest_version("student"))


@pytest.mark.parametrize(("bf16", "within"), [(False, 1e-3), (True, 1e-2)])
def test_both_runtimes_give_the_same_scores(shipped, crops, bf16, within):
    onnx_runtime = Classifier(shipped, precision=Precision.FP32)
    on_torch = TorchClassifier(shipped, "cpu", bf16=bf16)
    assert np.abs(on_torch.score(crops) - onnx_runtime.score(crops)).max() <= within
    assert (on_torch.name, on_torch.sha256) == (onnx_runtime.name, onnx_runtime.sha256)
    assert on_torch.thresholds == onnx_runtime.thresholds


def test_batches_are_put_together_in_their_order(tmp_path):
    directory = write_artifact(tmp_path)
    levels = np.random.default_rng(1).integers(0, 256, 150)
    on_torch, onnx_runtime = TorchClassifier.load(directory, "cpu"), Classifier.load(directory)
    many, wanted = on_torch.examine(grey(*levels)), onnx_runtime.examine(grey(*levels))
    assert many.p_real == pytest.approx(wanted.p_real, abs=1e-6)
    assert many.strangeness == pytest.approx(wanted.strangeness, rel=1e-3)
    assert on_torch.score(np.empty((0, 224, 224, 3), np.uint8)).shape == (0,)


def network(nodes: list, weights: dict[str, np.ndarray]) -> bytes:
    """A graph from `pictures` to the node output called `logits`."""
    pictures = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, SIZE_PX, SIZE_PX])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n"])
    tensors = [numpy_helper.from_array(values, name) for name, values in weights.items()]
    graph = helper.make_graph(nodes, "made", [pictures], [logits], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def test_every_node_that_classifiers_are_made_of_means_the_same_in_torch():
    rng = np.random.default_rng(2)
    weights = {
        "kernel": rng.normal(size=(4, 3, 3, 3)).astype(np.float32),
        "bias": rng.normal(size=4).astype(np.float32),
        "gain": rng.uniform(0.5, 2, 8).astype(np.float32),
        "shift": rng.normal(size=8).astype(np.float32),
        "mean": rng.normal(size=8).astype(np.float32),
        "variance": rng.uniform(0.5, 2, 8).astype(np.float32),
        "dense": rng.normal(size=(1, 8)).astype(np.float32),
        "dense_bias": rng.normal(size=1).astype(np.float32),
        "low": np.array(-2, np.float32),
        "high": np.array(2, np.float32),
        "flat": np.array([-1], np.int64),
    }
    node = helper.make_node
    half = numpy_helper.from_array(np.array(0.5, np.float32))
    nodes = [
        node("Constant", [], ["half"], value=half),
        node("Conv", ["pictures", "kernel", "bias"], ["c"], pads=[0, 0, 1, 1], strides=[2, 2]),
        node("Relu", ["c"], ["r"]),
        node("Sigmoid", ["c"], ["s"]),
        node("Concat", ["r", "s"], ["both"], axis=1),
        node("BatchNormalization", ["both", "gain", "shift", "mean", "variance"], ["n1"]),
        node("MaxPool", ["n1"], ["m"], kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2]),
        node("AveragePool", ["m"], ["a"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Clip", ["a", "low", "high"], ["l"]),
        node("Add", ["l", "l"], ["twice"]),
        node("Mul", ["twice", "half"], ["once"]),
        node("Sub", ["once", "half"], ["less"]),
        node("Div", ["less", "half"], ["more"]),
        node("GlobalAveragePool", ["more"], ["g"]),
        node("Flatten", ["g"], ["f"]),
        node("Gemm", ["f", "dense", "dense_bias"], ["column"], transB=1),
        node("Reshape", ["column", "flat"], ["logits"]),
    ]
    made = artifact_of(network(nodes, weights))
    artifact = Artifact(replace(made.manifest, strangeness=None), made.model)
    crops = np.random.default_rng(5).integers(0, 256, (3, SIZE_PX, SIZE_PX, 3), np.uint8)
    wanted = Classifier(artifact).logits(crops)
    assert TorchClassifier(artifact, "cpu").logits(crops) == pytest.approx(wanted, abs=1e-4)


def test_a_node_that_torch_does_not_know_is_named():
    nodes = [helper.make_node("GlobalLpPool", ["pictures"], ["p"]), helper.make_node("Erf", ["p"], ["logits"])]
    with pytest.raises(ArtifactError, match="does not know the ONNX nodes Erf, GlobalLpPool"):
        Graph(network(nodes, {}))


def test_the_graphs_weights_move_with_the_module():
    graph = Graph(onnx.load_model_from_string(load_artifact(newest_version("student")).model).SerializeToString())
    assert sum(weights.numel() for weights in graph.buffers()) > 500_000
    assert graph(torch.zeros(2, 3, 112, 112))[LOGITS].shape == (2,)


def test_the_operator_chooses_the_runtime(tmp_path):
    write_artifact(tmp_path)
    registry = Registry(tmp_path / "own", tmp_path)
    assert isinstance(load_scorer("bright", registry, Runtime.TORCH), TorchClassifier)
    assert isinstance(load_scorer("bright@1.0.0", registry), Classifier)
    with pytest.raises(ArtifactError, match="eight-bit"):
        load_scorer("bright", registry, Runtime.INT8)
