"""The worst mistakes as small pictures."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import simplejpeg

from models.evaluation.measured import Measured

_SIDE_PX = 112
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Mistake:
    """A crop that was judged wrongly, as JPEG in a data URI; `is_wrong` is False for one that only came close."""

    file: str
    source: str
    label: str
    p_real: float
    is_wrong: bool
    thumbnail: str


def worst(measured: Measured, *, real: bool, most: int = 18) -> tuple[Mistake, ...]:
    """The mistakes of one class, surest first; without any, the few pictures that came closest to one."""
    indices = np.flatnonzero(measured.is_real == real)
    by_harm = indices[np.argsort(measured.p_real[indices] * (1 if real else -1), kind="stable")]
    wrong = by_harm[measured.wrong[by_harm]][:most]
    shown = wrong if len(wrong) else by_harm[: most // 3]
    return tuple(_mistakes(measured, shown))


def thumbnail(crop: np.ndarray) -> str:
    """A (224, 224, 3) uint8 RGB crop as a small JPEG in a data URI."""
    small = np.ascontiguousarray(cv2.resize(crop, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA))
    encoded = simplejpeg.encode_jpeg(small, quality=_QUALITY, colorsubsampling="420")
    return f"data:image/jpeg;base64,{base64.b64encode(encoded).decode()}"


def _mistakes(measured: Measured, indices: np.ndarray) -> Iterator[Mistake]:
    for index in indices:
        example = measured.pictures.examples[index]
        yield Mistake(
            example.file,
            example.source,
            example.label,
            float(measured.p_real[index]),
            bool(measured.wrong[index]),
            thumbnail(measured.pictures.prepared[index].crop),
        )
