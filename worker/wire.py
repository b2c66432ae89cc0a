"""What passes between a worker and its box: lengths, JSON, raw bytes. Never a pickle: the box holds hostile bytes."""

import json
import math
import struct
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from models.detection.face import Face, Landmarks
from models.preparation import CROP_PX, Prepared
from models.quality.measure import Measure

REQUEST = struct.Struct(">Q")
"""The length of the photo that follows."""

ANSWER = struct.Struct(">III")
"""The lengths of the JSON, the crop and the review copy that follow."""

CROP_SHAPE = (CROP_PX, CROP_PX, 3)
MAX_JSON_BYTES = 1 << 18
MAX_REVIEW_COPY_BYTES = 1 << 24


class WireError(Exception):
    """The box said something that it would never say of its own accord."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the box prepared nothing: `kind` is `unreadable`, `too_large`, `limits` or `failed`."""

    kind: str
    detail: str


def pack(said: Prepared | Refusal) -> bytes:
    """Write one answer of the box."""
    if isinstance(said, Refusal):
        return _frame({"refused": asdict(said)})
    facts = {
        "width_px": said.width_px,
        "height_px": said.height_px,
        "faces": [asdict(face) for face in said.faces],
        "quality": {name: asdict(measure) for name, measure in said.quality.items()},
        "ms": said.ms,
    }
    return _frame(facts, said.crop.tobytes(), said.review_copy)


def _frame(facts: dict[str, Any], crop: bytes = b"", review_copy: bytes = b"") -> bytes:
    written = json.dumps(facts).encode()
    return ANSWER.pack(len(written), len(crop), len(review_copy)) + written + crop + review_copy


def lengths(header: bytes) -> tuple[int, int, int]:
    """Read an answer's header; raises WireError for parts longer than a photo can make them."""
    facts, crop, review_copy = ANSWER.unpack(header)
    if facts > MAX_JSON_BYTES or crop not in {0, math.prod(CROP_SHAPE)} or review_copy > MAX_REVIEW_COPY_BYTES:
        raise WireError("the box announced an answer of an impossible size")
    return facts, crop, review_copy


def unpack(facts: bytes, crop: bytes, review_copy: bytes) -> Prepared | Refusal:
    """Read one answer of the box; raises WireError for everything but what `pack` writes."""
    try:
        read = json.loads(facts)
        if "refused" in read:
            return Refusal(kind=str(read["refused"]["kind"]), detail=str(read["refused"]["detail"]))
        return Prepared(
            crop=np.frombuffer(crop, np.uint8).reshape(CROP_SHAPE),
            review_copy=review_copy,
            width_px=int(read["width_px"]),
            height_px=int(read["height_px"]),
            faces=tuple(_face(face) for face in read["faces"]),
            quality={str(name): _measure(measure) for name, measure in read["quality"].items()},
            ms=_numbers(read["ms"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise WireError("the box gave an answer that cannot be read") from error


def _face(read: dict[str, Any]) -> Face:
    x, y, width, height = (int(read[name]) for name in ("x", "y", "width", "height"))
    return Face(x, y, width, height, score=_finite(read["score"]), landmarks=_landmarks(read["landmarks"]))


def _landmarks(read: list[list[float]] | None) -> Landmarks | None:
    if read is None:
        return None
    one, two, three, four, five = ((_finite(x), _finite(y)) for x, y in read)
    return one, two, three, four, five


def _measure(read: dict[str, Any]) -> Measure:
    native, score = (None if read[name] is None else _finite(read[name]) for name in ("native", "score"))
    return Measure(native, score, approximate=bool(read["approximate"]))


def _numbers(read: dict[str, Any]) -> dict[str, float]:
    return {str(name): _finite(value) for name, value in read.items()}


def _finite(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a number is wanted")
    return float(value)
