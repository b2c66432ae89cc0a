"""The pipeline that one writes first: full decode, the large detector, the source document's network, eager torch."""

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from benchmarks.timing import Stages
from models.detection.retinaface import IMAGENET_MEAN, IMAGENET_STD, RetinaFaceDetector
from models.networks.real_vs_placeholder import RealVsPlaceholder
from models.networks.retinaface import RetinaFace

CROP_PX = 224


class NaivePipeline:
    """Pillow, RetinaFace with ResNet-50 at 1024 and the Real_vs_Placeholder CNN at 224, one thread, no gradients.

    Both networks are untrained: their speed does not depend on their weights. Untrained weights are sure of no
    face, so suppressing overlaps costs nothing here and a box in the middle of the picture stands in for the face.
    """

    name = "naive"

    def __init__(self) -> None:
        """Build both networks, the same weights every time."""
        torch.manual_seed(7)
        self._detector = RetinaFaceDetector(RetinaFace(), size_px=1024)
        self._classifier = RealVsPlaceholder().eval()

    def screen(self, photo: bytes) -> dict[str, float]:
        """Screen one photo; returns the wall milliseconds of each stage."""
        stages = Stages()
        with stages.stage("decode"):
            picture = Image.open(io.BytesIO(photo)).convert("RGB")
            pixels = np.asarray(picture)
        with stages.stage("detect"):
            self._detector.detect(pixels)
        with stages.stage("crop"):
            crop = picture.resize((CROP_PX, CROP_PX), Image.Resampling.BILINEAR, box=_middle(picture))
        with stages.stage("classify"), torch.inference_mode():
            torch.sigmoid(self._classifier(_normal(crop))).item()
        return stages.ms


def _middle(picture: Image.Image) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of a square half as wide as the picture, where a portrait has its face."""
    half, x, y = picture.width / 4, picture.width / 2, picture.height / 2
    return x - half, y - half, x + half, y + half


def _normal(crop: Image.Image) -> Tensor:
    """Turn a picture into (1, 3, H, W) float32, ImageNet-normalised."""
    normal = (np.asarray(crop, dtype=np.float32) / 255 - IMAGENET_MEAN) / IMAGENET_STD
    return torch.from_numpy(normal).permute(2, 0, 1)[None]
