"""Crops between two workers: PNG, so that the score is the same as if it had stayed in memory."""

import cv2
import numpy as np

from models.pixels import Pixels
from worker.wire import CROP_SHAPE


class CropBroken(Exception):
    """What lies in the store is not a crop of ours."""


def to_png(crop: Pixels) -> bytes:
    """Write a (224, 224, 3) uint8 RGB crop without loss."""
    _, written = cv2.imencode(".png", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR))
    return written.tobytes()


def from_png(content: bytes) -> Pixels:
    """Read what `to_png` wrote; raises CropBroken."""
    # The header says the size before anything is decoded: a picture of any other size is none of ours.
    height_and_width = (int.from_bytes(content[20:24], "big"), int.from_bytes(content[16:20], "big"))
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or height_and_width != CROP_SHAPE[:2]:
        raise CropBroken("the stored crop is not one that a worker wrote")
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise CropBroken("the stored crop cannot be read")
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)
