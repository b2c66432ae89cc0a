"""Go on training a student that was folded for serving.

`python -m models.training.unfolding --artifact DIR --data DIR --out FILE` writes weights for a recipe's `start_from`;
with `--wider 2` for student_large's.
"""

import argparse
from pathlib import Path
from typing import cast

import numpy as np
import onnx
import safetensors.torch
import torch
from onnx import numpy_helper
from rich.progress import track
from torch import Tensor, nn

from models.artifacts import ArtifactError, load_artifact
from models.classifier import normalised
from models.evaluation.pictures import chosen_examples, read_pictures
from models.networks.student import ConvNorm, RepBlock, Student, widened
from models.training.sentences import ends_in_a_sentence
from models.training.splits import Split

_SIDE_BRANCHES = 1e-3
"""How much of itself a branch that folding took away begins with."""

_PICTURES = 512
_SEED, _NOISE = 1, 0.05


@torch.no_grad()
def unfolded(folded: Student, pictures: Tensor) -> Student:
    """A student in training form with the logits of a folded one, but for a thousandth of its new side branches.

    Every kernel becomes the 3×3 branch of its block. Its normalisation takes the statistics of `pictures`
    (N, 3, H, W) and undoes them, so that the function is kept in training mode as well.
    """
    student = Student(folded.widths).eval()
    features = pictures
    for block, conv in zip(student.features, folded.convolutions(), strict=True):
        _take(cast("RepBlock", block), conv, features)
        features = block(features)
    student.head.load_state_dict(folded.head.state_dict())
    return student


def _take(block: RepBlock, conv: nn.Conv2d, features: Tensor) -> None:
    square, point = cast("nn.Conv2d", block.square[0]), cast("nn.Conv2d", block.point[0])
    square.weight.copy_(conv.weight)
    sampled = features[:, :, :: block.stride, :: block.stride]
    branches = [(_norm(block.square), square(features)), (_norm(block.point), point(sampled))]
    if block.identity is not None:
        branches.append((block.identity, features))
    for norm, values in branches:
        _take_statistics(norm, values)
        nn.init.constant_(norm.weight, _SIDE_BRANCHES)
    norm, values = branches[0]
    mean, variance = values.mean((0, 2, 3)), values.var((0, 2, 3), unbiased=False)
    norm.weight.copy_((variance + norm.eps).sqrt())
    norm.bias.copy_(cast("Tensor", conv.bias) + mean)


def _take_statistics(norm: nn.BatchNorm2d, values: Tensor) -> None:
    cast("Tensor", norm.running_mean).copy_(values.mean((0, 2, 3)))
    cast("Tensor", norm.running_var).copy_(values.var((0, 2, 3), unbiased=False))


def _norm(branch: ConvNorm) -> nn.BatchNorm2d:
    return cast("nn.BatchNorm2d", branch[1])


def folded_student(model: bytes) -> Student:
    """The network that `onnx_of` once wrote, read back; raises `ArtifactError` for another one."""
    kept = onnx.load_model_from_string(model).graph.initializer
    values = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in kept}
    student = Student().folded()
    try:
        for number, conv in enumerate(student.convolutions()):
            conv.load_state_dict({"weight": values[f"weight{number}"], "bias": values[f"bias{number}"]})
        student.head.load_state_dict({"weight": values["head"], "bias": values["head_bias"]})
    except (KeyError, RuntimeError) as error:
        raise ArtifactError("The artifact holds no student of the small width.") from error
    return student


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifact", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--wider", type=int, default=1, help="so many times the channels")
    asked = parser.parse_args()
    artifact = load_artifact(asked.artifact)
    training = chosen_examples(asked.data, Split.TRAIN)
    chosen = [training[place] for place in np.linspace(0, len(training) - 1, _PICTURES).astype(int)]
    crops = read_pictures(asked.data, chosen, lambda some, total: track(some, "pictures", total=total)).crops
    student = unfolded(folded_student(artifact.model), torch.from_numpy(normalised(crops, artifact.manifest.input)))
    if asked.wider > 1:
        torch.manual_seed(_SEED)
        student = widened(student, asked.wider, _NOISE)
    safetensors.torch.save_file(student.state_dict(), asked.out)


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
