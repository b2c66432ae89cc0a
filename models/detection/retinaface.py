"""RetinaFace as a detector like any other: pixels in, faces out."""

import hashlib
import io
import pickle
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from models.artifacts import ArtifactError
from models.detection.candidates import Candidates
from models.detection.face import Face
from models.networks.retinaface import RetinaFace, anchors
from models.pixels import Pixels

CENTRE_VARIANCE, SIZE_VARIANCE = 0.1, 0.2  # scale the offsets that the network was trained to predict
IMAGENET_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
IMAGENET_STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


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
        """Find the faces in (H, W, 3) uint8 RGB pixels, largest first; the score lies in 0…1."""
        scale = self._size_px / max(pixels.shape[:2])
        found = self._candidates(self._square(pixels, scale))
        return found.sure(self._min_score).without_overlaps(self._max_overlap).times(1 / scale).faces(pixels)

    @torch.inference_mode()
    def _candidates(self, square: Tensor) -> Candidates:
        """What the network says of every anchor of a (1, 3, size, size) square."""
        offsets, classes, landmarks = (values[0] for values in self._network(square))
        corners, points = decode_boxes(offsets, self._anchors), decode_landmarks(landmarks, self._anchors)
        return Candidates(corners.numpy(), points.numpy(), functional.softmax(classes, dim=1)[:, 1].numpy())

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


def _tensors(path: Path, sha256: str) -> dict[str, Tensor]:
    checkpoint = path.read_bytes()
    if (found := hashlib.sha256(checkpoint).hexdigest()) != sha256:
        raise ArtifactError(f"{path} has the SHA-256 {found}, not {sha256}; it is not loaded.")
    # The bytes that were hashed are the bytes that are read: the file cannot change in between.
    tensors: dict[str, Tensor] = torch.load(io.BytesIO(checkpoint), map_location="cpu", weights_only=True)
    return tensors
