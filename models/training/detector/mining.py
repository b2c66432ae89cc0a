"""Which pictures without a face the network still takes for one."""

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from models.detection.candidates import letterboxed
from models.training.detector.pictures import Pictures

_SIZE_PX = 192
_BATCH = 32
_SUSPICIOUS = 0.2


@torch.no_grad()
def hard_negatives(network: nn.Module, pictures: Pictures) -> list[int]:
    """Indices of the pictures without a face in which some cell says at least 0.2."""
    network.eval()
    hard = [
        index
        for first in range(0, len(pictures.without_face), _BATCH)
        for some in [pictures.without_face[first : first + _BATCH]]
        for index, score in zip(some, _highest(network, pictures, some), strict=True)
        if score >= _SUSPICIOUS
    ]
    network.train()
    return hard


def _highest(network: nn.Module, pictures: Pictures, indices: list[int]) -> list[float]:
    """The surest cell of each picture, looked at whole."""
    levels = network(torch.cat([_whole(pictures[index]) for index in indices]))
    return torch.stack([level[:, 0].amax(dim=(1, 2)) for level in levels]).amax(dim=0).sigmoid().tolist()


def _whole(pixels: np.ndarray) -> Tensor:
    small, _ = letterboxed(pixels, _SIZE_PX, _SIZE_PX, ground=127)
    return torch.from_numpy(cv2.dnn.blobFromImage(small, 1 / 127.5, mean=(127.5, 127.5, 127.5)))
