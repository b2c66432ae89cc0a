"""One photo from untrusted bytes to what the classifier and the people who review it need."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import simplejpeg

from models.decoding import MAX_BYTES, MAX_PIXELS, DecodedPhoto, PhotoFormat, decode, format_of
from models.detection.face import Face, FaceDetector
from models.pixels import Pixels, resized
from models.quality.measure import Measure
from models.quality.measures import assess

CROP_PX = 224
REVIEW_COPY_PX = 1600
REVIEW_COPY_QUALITY = 85

_DECODED_SHORT_SIDE_PX = 640
"""Leaves a face of a third of the short side with about the crop's own pixels; 12 MP then decode at a quarter."""

FACE_SIDES_PER_CROP = 1.775
"""Of the box's mean side, which spans brow to chin; so many hold the whole head with hair."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What we refuse to decode."""

    max_bytes: int = MAX_BYTES
    max_pixels: int = MAX_PIXELS


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photo ready for scoring.

    `crop` is (224, 224, 3) uint8 RGB; `review_copy` a JPEG of at most 1600 px without metadata; the sizes and the
    boxes of `faces` (largest first) are pixels of the full upright photo; `quality` holds the measures of
    ISO/IEC 29794-5 of the largest face, empty without one; `ms` what each stage took.
    """

    crop: Pixels
    review_copy: bytes
    width_px: int
    height_px: int
    faces: tuple[Face, ...]
    quality: dict[str, Measure]
    ms: dict[str, float]


def prepare(data: bytes, detector: FaceDetector, limits: Limits | None = None) -> Prepared:
    """Decode within limits, find the faces, crop the largest and measure it; raises `PhotoError`."""
    limits = limits or Limits()
    ms: dict[str, float] = {}
    with _timed("decode", ms):
        photo = decode(
            data,
            short_side_px=_DECODED_SHORT_SIDE_PX,
            max_bytes=limits.max_bytes,
            max_pixels=limits.max_pixels,
        )
    with _timed("detect", ms):
        faces = detector.detect(photo.pixels)
    with _timed("crop", ms):
        crop = face_crop(photo.pixels, faces)
    with _timed("quality", ms):
        quality = _quality(data, photo, faces)
    with _timed("review_copy", ms):
        copy = review_copy(photo.pixels)
    in_full_photo = tuple(face.scaled(1 / photo.scale) for face in faces)
    return Prepared(crop, copy, photo.width_px, photo.height_px, in_full_photo, quality, ms)


def face_crop(pixels: Pixels, faces: list[Face]) -> Pixels:
    """The first face with margin as (224, 224, 3) uint8 RGB; without a face the whole picture, squeezed square."""
    if not faces:
        return resized(pixels, CROP_PX, CROP_PX)
    face = faces[0]
    height, width = pixels.shape[:2]
    side = min(round(math.sqrt(face.area) * FACE_SIDES_PER_CROP), height, width)
    # Near an edge the square moves inwards rather than showing a border that only some photos have.
    left = min(max(0, face.x + (face.width - side) // 2), width - side)
    top = min(max(0, face.y + (face.height - side) // 2), height - side)
    return resized(pixels[top : top + side, left : left + side], CROP_PX, CROP_PX)


def review_copy(pixels: Pixels) -> bytes:
    """A JPEG of our own making for people to look at: nothing of the original file's bytes is in it."""
    factor = REVIEW_COPY_PX / max(pixels.shape[:2])
    if factor < 1:
        width, height = (math.floor(side * factor) for side in (pixels.shape[1], pixels.shape[0]))
        pixels = cv2.resize(pixels, (max(1, width), max(1, height)), interpolation=cv2.INTER_AREA)
    return simplejpeg.encode_jpeg(pixels, quality=REVIEW_COPY_QUALITY, colorsubsampling="420", fastdct=True)


def _quality(data: bytes, photo: DecodedPhoto, faces: list[Face]) -> dict[str, Measure]:
    if not faces:
        return {}
    jpeg = data if format_of(data) is PhotoFormat.JPEG else None
    return assess(photo.pixels, faces[0], scale=photo.scale, jpeg=jpeg, others=faces[1:])


@contextmanager
def _timed(stage: str, ms: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    ms[stage] = (time.perf_counter() - started) * 1000
