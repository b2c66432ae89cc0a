"""What a cell should say, and what it costs to say something else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from models.networks.face_detector import STRIDES_PX, cell_centres, decoded
from models.training.detector.composing import Scene

_LEVEL_RANGES_PX = ((0, 80), (48, 100_000))
"""Sizes of the faces that each stride answers for; where they overlap, both do."""

_TAUGHT_FROM = 0.4
"""Cells this near to a face's centre (as a Gaussian) also learn its box and landmarks."""

_HALF = 0.5
_BOX_WEIGHT, _POINT_WEIGHT = 2.0, 15.0


@dataclass(frozen=True, slots=True)
class Losses:
    """Each () float32, `box` and `points` per face cell."""

    score: Tensor
    box: Tensor
    points: Tensor

    @property
    def total(self) -> Tensor:
        """What training makes smaller."""
        return self.score + _BOX_WEIGHT * self.box + _POINT_WEIGHT * self.points


def losses(levels: Sequence[Tensor], scenes: Sequence[Scene]) -> Losses:
    """Compare the network's two maps for N scenes with the scenes' faces."""
    score, box, points, cells = (torch.zeros(()) for _ in range(4))
    for values, stride, sizes in zip(levels, STRIDES_PX, _LEVEL_RANGES_PX, strict=True):
        logits, boxes, landmarks = decoded(values, stride)
        centres = cell_centres(values.shape[2], values.shape[3], stride).numpy()
        wanted = [_wanted(scene, centres, stride, sizes) for scene in scenes]
        heat = torch.from_numpy(np.stack([heat for heat, _ in wanted]))
        owner = np.stack([owner for _, owner in wanted])
        score = score + _focal(logits, heat)
        scene_of, cell = np.nonzero((owner >= 0) & (heat.numpy() >= _TAUGHT_FROM))
        cells = cells + len(cell)
        if len(cell):
            taught = [(scenes[int(s)], int(f)) for s, f in zip(scene_of, owner[scene_of, cell], strict=True)]
            true_box = torch.from_numpy(np.stack([scene.boxes[face] for scene, face in taught]))
            true_points = torch.from_numpy(np.stack([scene.points[face] for scene, face in taught]))
            box = box + generalised_iou(boxes[scene_of, cell], true_box).sum()
            points = points + _point_loss(landmarks[scene_of, cell], true_points, true_box).sum()
    cells = cells.clamp(min=1)
    return Losses(score / cells, box / cells, points / cells)


def _wanted(
    scene: Scene, centres: NDArray, stride: int, sizes: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Heat (cells,) 0…1, -1 where nothing is asked, and which face each cell belongs to, -1 for none."""
    heat, owner = np.zeros(len(centres), np.float32), np.full(len(centres), -1)
    for number, (box, counts) in enumerate(zip(scene.boxes, scene.counts, strict=True)):
        offsets = (centres - box[:2]) / box[2:]
        if not counts:
            heat[(np.abs(offsets) < _HALF).all(axis=1)] = -1
            continue
        if not sizes[0] <= np.sqrt(box[2] * box[3]) < sizes[1]:
            continue
        spread = np.maximum(0.15, 0.4 * stride / box[2:])
        near = np.exp(-((offsets / spread) ** 2).sum(axis=1) / 2)
        near = (near / max(near.max(), 1e-6)).astype(np.float32)
        closer = near > np.maximum(heat, 0.02)
        heat[closer], owner[closer] = near[closer], number
    return heat, owner


def _focal(logits: Tensor, heat: Tensor) -> Tensor:
    """Quality focal loss (arXiv 2006.04388) summed over the cells that are asked."""
    asked = heat >= 0
    target = heat.clamp(min=0)
    wrong = (torch.sigmoid(logits) - target).abs().square()
    entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (wrong * entropy * asked).sum()


def generalised_iou(found: Tensor, true: Tensor) -> Tensor:
    """1 - generalised IoU (arXiv 1902.09630) of (K, 4) boxes as centre x, y, width, height -> (K,)."""
    low, high = found[:, :2] - found[:, 2:] / 2, found[:, :2] + found[:, 2:] / 2
    true_low, true_high = true[:, :2] - true[:, 2:] / 2, true[:, :2] + true[:, 2:] / 2
    shared = (torch.minimum(high, true_high) - torch.maximum(low, true_low)).clamp(min=0).prod(dim=1)
    union = found[:, 2:].prod(dim=1) + true[:, 2:].prod(dim=1) - shared
    hull = (torch.maximum(high, true_high) - torch.minimum(low, true_low)).prod(dim=1)
    return 1 - shared / union + (hull - union) / hull


def _point_loss(found: Tensor, true: Tensor, box: Tensor) -> Tensor:
    """Mean distance of (K, 5, 2) points in sides of the true box -> (K,)."""
    side = box[:, 2:].prod(dim=1).sqrt()
    return (found - true).abs().mean(dim=(1, 2)) / side
