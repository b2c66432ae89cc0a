"""RetinaFace as a detector like any other: pixels in, faces out."""

import hashlib
import io
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.artifacts import ArtifactError
from models.detection import Face
from models.networks.retinaface import RetinaFace, anchors
from models.pixels import Pixels

CENTRE_VARIANCE, SIZE_VARIANCE = 0.1, 0.2  # scale the offsets that the network was trained to predict
IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
IMAGENET_STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Candidates:
    """K faces, surest first: (K, 4) left, top, right, bottom and (K, 5, 2) points in px of the picture, (K,) scores."""

    corners: Tensor
    landmarks: Tensor
    scores: Tensor


class RetinaFaceDetector:
    """Looks at a whole picture in a square of `size_px`, as retinaface-pytorch does."""

    def __init__(
        self, network: RetinaFace, *, size_px: int = 1024, min_score: float = 0.7, max_overlap: float = 0.4
    ) -> None:
        self._network = network.eval()
        self._size_px = size_px
        self._anchors = anchors(size_px, size_px)
        self._min_score, self._max_overlap = min_score, max_overlap

    @classmethod
    def from_checkpoint(cls, path: Path, sha256: str, *, size_px: int = 1024) -> Self:
        """Load a state dict of retinaface-pytorch.

        Raises `ArtifactError` when the file has another SHA-256, holds anything but tensors or is of another network.
        """
        network = RetinaFace()
        try:
            network.load_state_dict(_tensors(path, sha256))
        except (RuntimeError, pickle.UnpicklingError) as error:
            raise ArtifactError(f"{path} holds no weights of a RetinaFace with ResNet-50.") from error
        return cls(network, size_px=size_px)

    def detect(self, pixels: Pixels) -> list[Face]:
        """Find the faces in (H, W, 3) uint8 RGB pixels, largest first."""
        found = self.candidates(pixels)
        height, width = pixels.shape[:2]
        corners = found.corners.clamp(min=0).minimum(torch.tensor([width, height, width, height]))
        faces = [_face(box, score) for box, score in zip(corners.tolist(), found.scores.tolist(), strict=True)]
        return sorted(faces, key=lambda face: face.area, reverse=True)

    @torch.inference_mode()
    def candidates(self, pixels: Pixels) -> Candidates:
        """Find the faces with their five landmarks: eyes, nose, corners of the mouth."""
        scale = self._size_px / max(pixels.shape[:2])
        offsets, classes, landmarks = (values[0] for values in self._network(self._square(pixels, scale)))
        scores = functional.softmax(classes, dim=1)[:, 1]
        sure = torch.nonzero(scores > self._min_score).squeeze(1)
        sure = sure[scores[sure].argsort(descending=True)]
        corners = decode_boxes(offsets[sure], self._anchors[sure])
        kept = without_overlaps(corners, self._max_overlap)
        points = decode_landmarks(landmarks[sure][kept], self._anchors[sure][kept])
        return Candidates(corners[kept] / scale, points / scale, scores[sure][kept])

    def _square(self, pixels: Pixels, scale: float) -> Tensor:
        """(H, W, 3) uint8 -> (1, 3, size, size) float32, the picture at the top left, ImageNet's mean around it."""
        height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
        shrunk = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)
        square = torch.zeros(1, 3, self._size_px, self._size_px)
        normal = (shrunk.astype(np.float32) / 255 - IMAGENET_MEAN) / IMAGENET_STD
        square[0, :, :height, :width] = torch.from_numpy(normal).permute(2, 0, 1)
        return square


def decode_boxes(offsets: Tensor, priors: Tensor) -> Tensor:
    """Turn (K, 4) predicted offsets at (K, 4) anchors into (K, 4) left, top, right, bottom (SSD, arXiv 1512.02325)."""
    centre = priors[:, :2] + offsets[:, :2] * CENTRE_VARIANCE * priors[:, 2:]
    size = priors[:, 2:] * torch.exp(offsets[:, 2:] * SIZE_VARIANCE)
    return torch.cat([centre - size / 2, centre + size / 2], dim=1)


def decode_landmarks(offsets: Tensor, priors: Tensor) -> Tensor:
    """Turn (K, 10) predicted offsets at (K, 4) anchors into (K, 5, 2) points x, y."""
    return priors[:, None, :2] + offsets.reshape(-1, 5, 2) * CENTRE_VARIANCE * priors[:, None, 2:]


def without_overlaps(corners: Tensor, max_overlap: float) -> Tensor:
    """Greedy non-maximum suppression of (K, 4) boxes, surest first: the indices of those that stay.

    A box goes when its intersection over union with a surer one that stays is above `max_overlap`.
    """
    waiting = torch.arange(len(corners))
    kept: list[Tensor] = []
    while len(waiting):
        best, waiting = waiting[0], waiting[1:]
        kept.append(best)
        waiting = waiting[_overlap(corners[best], corners[waiting]) <= max_overlap]
    return torch.stack(kept) if kept else waiting


def _overlap(box: Tensor, others: Tensor) -> Tensor:
    """Intersection over union of one (4,) box with (K, 4) others -> (K,)."""
    sides = (torch.minimum(box[2:], others[:, 2:]) - torch.maximum(box[:2], others[:, :2])).clamp(min=0)
    shared = sides.prod(dim=1)
    area, areas = (box[2:] - box[:2]).prod(), (others[:, 2:] - others[:, :2]).prod(dim=1)
    return shared / (area + areas - shared)


def _tensors(path: Path, sha256: str) -> dict[str, Tensor]:
    checkpoint = path.read_bytes()
    if (found := hashlib.sha256(checkpoint).hexdigest()) != sha256:
        raise ArtifactError(f"{path} has the SHA-256 {found}, not {sha256}; it is not loaded.")
    # The bytes that were hashed are the bytes that are read: the file cannot change in between.
    tensors: dict[str, Tensor] = torch.load(io.BytesIO(checkpoint), map_location="cpu", weights_only=True)
    return tensors


def _face(corners: list[float], score: float) -> Face:
    left, top, right, bottom = map(round, corners)
    return Face(left, top, right - left, bottom - top, score)
