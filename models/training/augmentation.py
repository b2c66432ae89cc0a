"""Random views of a picture, drawn alike for every class, so that no class can be told by its camera or its file.

A view is made the way the service makes a crop (square, 224 px, shrunk to the network's input); what happens to
pictures on their way to us (recompression, rescaling, blur, noise, colour) happens to a real face and to a logo alike.
"""

import math

import cv2
import numpy as np
import simplejpeg
from numpy.random import Generator

from models.pixels import Pixels
from models.preparation import CROP_PX, FACE_SIDES_PER_CROP
from models.training.coverings import partly_covered
from models.training.hard_faces import hard_face
from models.training.pictures import Box, Entry
from models.training.recapture import recaptured

_ALIASES_BELOW = 0.6
_USUAL_PLACES = ((0.27, 0.38), (0.73, 0.38), (0.5, 0.58), (0.31, 0.73), (0.7, 0.73))
"""Eyes, nose and corners of the mouth within a labelled box: medians over 5,900 faces."""


def view(pixels: Pixels, entry: Entry, other: Pixels, rng: Generator, size_px: int) -> tuple[Pixels, bool]:
    """One training input, (size, size, 3) uint8 RGB, and whether it shows a real face.

    `other` is a picture without a real face. Now and then the view lies small inside it, and stays what it is: the
    detector misses a face sometimes, the whole picture is scored, and what surrounds a person should not decide. Now
    and then a part of it takes the place of a real face, or that face's pieces change places: hair, skin and
    shoulders alone make no face photo. What is hard to see, behind a mask, dark glasses or in the dark, stays what it
    is: a person, an avatar or a dog, so that dark glasses make nobody real.
    """
    square, shows_face = _framing(entry, rng)
    if shows_face and entry.labelled_face and _happens(0.12, rng):
        pixels, shows_face = _with_another_face(pixels, entry.labelled_face, other, rng), False
    if _happens(0.2, rng) and (face := _likely_face(entry)):
        pixels = _made_hard(pixels, face, rng)
    crop = _warped(pixels, square, rng, other if _happens(0.15, rng) else None)
    if shows_face and _happens(0.08, rng):
        crop, shows_face = _in_pieces(crop, rng), False
    for change, chance in _CHANGES:
        if _happens(chance, rng):
            crop = change(crop, rng)
    return cv2.resize(crop, (size_px, size_px), interpolation=cv2.INTER_AREA), shows_face


def _likely_face(entry: Entry) -> Box | None:
    """Where a face is, or where a drawn or modelled one would be: the middle."""
    if entry.labelled_face or entry.found_face or entry.shows_face or entry.label == "other_no_face":
        return entry.labelled_face or entry.found_face
    side = 0.55 * min(entry.width, entry.height)
    return (entry.width - side) / 2, (entry.height - side) / 2, side, side


def _framing(entry: Entry, rng: Generator) -> tuple[Box, bool]:
    """Choose what the crop shows: what serving would crop, a looser or tighter frame, or the whole picture."""
    whole = (0.0, 0.0, float(entry.width), float(entry.height))
    beside = _beside_the_face(entry, rng) if entry.shows_face and _happens(0.06, rng) else None
    if beside:
        return beside, False
    face = entry.found_face or entry.labelled_face
    if face is None:
        return whole if _happens(0.5, rng) else _random_part(whole, rng), entry.shows_face
    if _happens(0.12 if entry.shows_face else 0.4, rng):
        return whole, entry.shows_face
    if entry.labelled_face and _happens(0.65, rng):
        face = entry.labelled_face
    looseness = rng.uniform(0.75, 1.4) if _happens(0.4, rng) else rng.normal(1, 0.08)
    sides = looseness * FACE_SIDES_PER_CROP
    return _around(face, sides, rng, whole), entry.shows_face


def _with_another_face(pixels: Pixels, face: Box, other: Pixels, rng: Generator) -> Pixels:
    """Lay a part of another picture over the face, in an ellipse whose edge is sharp or soft."""
    height, width = pixels.shape[:2]
    left, top = max(0, round(face[0])), max(0, round(face[1]))
    right, bottom = min(width, round(face[0] + face[2])), min(height, round(face[1] + face[3]))
    size = (max(1, right - left), max(1, bottom - top))
    whole = (0.0, 0.0, float(other.shape[1]), float(other.shape[0]))
    x, y, side, _ = (round(value) for value in _random_part(whole, rng))
    part = cv2.resize(other[y : y + max(1, side), x : x + max(1, side)], size, interpolation=cv2.INTER_AREA)
    across, down = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    softness = rng.uniform(0.02, 0.5)
    share = np.clip((1 - np.hypot(across, down)) / softness, 0, 1)[..., None]
    changed = pixels.copy()
    place = changed[top : top + size[1], left : left + size[0]]
    place[:] = (place + (part.astype(np.float32) - place) * share).astype(np.uint8)
    return changed


def _made_hard(pixels: Pixels, face: Box, rng: Generator) -> Pixels:
    """What honest people send that looks least like the rest; the landmarks are guessed from the box."""
    if _happens(0.35, rng):
        return partly_covered(pixels, face, rng)
    x, y, width, height = face
    eye, other_eye, nose, corner, other_corner = (
        (x + width * across, y + height * down) for across, down in _USUAL_PLACES
    )
    return hard_face(pixels, (eye, other_eye, nose, corner, other_corner), rng)


def _in_pieces(crop: Pixels, rng: Generator) -> Pixels:
    """Cut into 3×3 or 4×4 tiles and lay them in another order."""
    tiles = int(rng.integers(3, 5))
    side = CROP_PX // tiles
    order = rng.permutation(tiles * tiles)
    laid = crop.copy()
    for place, tile in enumerate(order):
        (to_y, to_x), (from_y, from_x) = divmod(place, tiles), divmod(int(tile), tiles)
        piece = crop[from_y * side : (from_y + 1) * side, from_x * side : (from_x + 1) * side]
        laid[to_y * side : (to_y + 1) * side, to_x * side : (to_x + 1) * side] = piece
    return laid


def _happens(chance: float, rng: Generator) -> bool:
    return bool(rng.random() < chance)


def _around(face: Box, sides: float, rng: Generator, whole: Box) -> Box:
    """A square about the face's middle, moved a little, inside the picture as far as it fits."""
    x, y, width, height = face
    side = min(math.sqrt(width * height) * sides, whole[2], whole[3])
    left = x + (width - side) / 2 + rng.normal(0, 0.06) * side
    top = y + (height - side) / 2 + rng.normal(0, 0.06) * side
    return min(max(0.0, left), whole[2] - side), min(max(0.0, top), whole[3] - side), side, side


def _random_part(whole: Box, rng: Generator) -> Box:
    share = rng.uniform(0.45, 1)
    side = share * min(whole[2], whole[3])
    return rng.uniform(0, whole[2] - side), rng.uniform(0, whole[3] - side), side, side


def _beside_the_face(entry: Entry, rng: Generator) -> Box | None:
    """A square of a real photo that holds no part of the face: background, clothes. Not a face photo."""
    if entry.labelled_face is None:
        return None
    x, y, width, height = entry.labelled_face
    for _ in range(8):
        side = rng.uniform(0.25, 0.5) * min(entry.width, entry.height)
        left, top = rng.uniform(0, entry.width - side), rng.uniform(0, entry.height - side)
        apart_x = left > x + width * 1.05 or left + side < x - width * 0.05
        apart_y = top > y + height * 1.15 or top + side < y - height * 0.15
        if apart_x or apart_y:
            return left, top, side, side
    return None


def _warped(pixels: Pixels, square: Box, rng: Generator, scene: Pixels | None) -> Pixels:
    """Cut the box out as 224×224, mirrored, turned and stretched a little; beyond the picture lies a border."""
    x, y, width, height = square
    angle = rng.normal(0, 7) if _happens(0.5, rng) else 0.0
    stretch = rng.normal(1, 0.06) if _happens(0.3, rng) else 1.0
    zoom = rng.uniform(0.35, 0.9) if scene is not None or _happens(0.12, rng) else 1.0
    scale_x, scale_y = CROP_PX / width * zoom * stretch, CROP_PX / height * zoom
    if _happens(0.5, rng):
        scale_x = -scale_x
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    matrix = np.array([[cos * scale_x, -sin * scale_y, 0], [sin * scale_x, cos * scale_y, 0]])
    middle = CROP_PX / 2 + rng.uniform(-0.5, 0.5, 2) * CROP_PX * (1 - zoom)
    matrix[:, 2] = middle - matrix[:, :2] @ (x + width / 2, y + height / 2)
    if min(abs(scale_x), scale_y) < _ALIASES_BELOW:
        pixels, matrix = _halved(pixels, matrix)
    if scene is not None:
        around = cv2.resize(scene, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)
        return _laid_onto(around, pixels, matrix, rng)
    border, paper = (cv2.BORDER_REPLICATE, (0.0,) * 3) if _happens(0.5, rng) else (cv2.BORDER_CONSTANT, _paper(rng))
    return cv2.warpAffine(pixels, matrix, (CROP_PX, CROP_PX), borderMode=border, borderValue=paper)


def _laid_onto(around: Pixels, pixels: Pixels, matrix: np.ndarray, rng: Generator) -> Pixels:
    """Place the picture in the scene, with edges as sharp as a print's or fading into what is behind."""
    placed = cv2.warpAffine(pixels, matrix, (CROP_PX, CROP_PX))
    inside = cv2.warpAffine(np.ones(pixels.shape[:2], np.float32), matrix, (CROP_PX, CROP_PX))
    if _happens(0.7, rng):
        inside = np.clip(2 * cv2.blur(inside, (31, 31)) - 1, 0, 1)
    return (around + (placed.astype(np.float32) - around) * inside[..., None]).astype(np.uint8)


def _halved(pixels: Pixels, matrix: np.ndarray) -> tuple[Pixels, np.ndarray]:
    """Shrink first, so that a far smaller view does not alias."""
    height, width = (max(1, side // 2) for side in pixels.shape[:2])
    factors = np.array([pixels.shape[1] / width, pixels.shape[0] / height, 1.0])
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), matrix * factors


def _paper(rng: Generator) -> tuple[float, ...]:
    if _happens(0.5, rng):
        return (255.0,) * 3 if _happens(0.7, rng) else (0.0,) * 3
    return tuple(rng.uniform(0, 255, 3))


def _lit_otherwise(crop: Pixels, rng: Generator) -> Pixels:
    """Gain, offset and gamma for the whole picture, a little colour cast for each channel."""
    levels = np.arange(256, dtype=np.float32)[:, None] / 255
    cast = rng.normal(1, 0.06, 3)
    curve = (levels ** math.exp(rng.normal(0, 0.25))) * rng.normal(1, 0.15) * cast + rng.normal(0, 0.05)
    table = np.clip(curve * 255, 0, 255).astype(np.uint8)
    return cv2.LUT(crop, table[None])


def _lit_from_one_side(crop: Pixels, rng: Generator) -> Pixels:
    """A lamp or a window on one side; the other lies in shadow."""
    angle, dark, bright = rng.uniform(0, 2 * math.pi), rng.uniform(0.15, 0.7), rng.uniform(1, 1.4)
    steps = rng.uniform(0.4, 1) * np.linspace(-1, 1, CROP_PX, dtype=np.float32)
    along = np.clip(0.5 + steps * math.cos(angle) + steps[:, None] * math.sin(angle), 0, 1)
    return np.clip(crop * (dark + (bright - dark) * along)[..., None], 0, 255).astype(np.uint8)


def _greyed(crop: Pixels, rng: Generator) -> Pixels:
    return _blended(crop, 0.0 if _happens(0.8, rng) else 0.5)


def _saturated(crop: Pixels, rng: Generator) -> Pixels:
    return _blended(crop, rng.uniform(0.3, 1.6))


def _blended(crop: Pixels, share: float) -> Pixels:
    """So much of the picture's colour; above one, more than it has."""
    grey = np.repeat(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    return cv2.addWeighted(crop, share, grey, 1 - share, 0)


def _sent_small(crop: Pixels, rng: Generator) -> Pixels:
    """Shrunk somewhere on its way and enlarged again."""
    size = int(rng.uniform(40, 150))
    small = cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA)
    way = cv2.INTER_LINEAR if _happens(0.7, rng) else cv2.INTER_CUBIC
    return cv2.resize(small, (CROP_PX, CROP_PX), interpolation=way)


def _blurred(crop: Pixels, rng: Generator) -> Pixels:
    return cv2.GaussianBlur(crop, (0, 0), rng.uniform(0.5, 2.2))


def _noisy(crop: Pixels, rng: Generator) -> Pixels:
    channels = 3 if _happens(0.5, rng) else 1
    noise = rng.standard_normal((CROP_PX, CROP_PX, channels), dtype=np.float32) * rng.uniform(2, 14)
    return np.clip(crop + noise, 0, 255).astype(np.uint8)


def _recompressed(crop: Pixels, rng: Generator) -> Pixels:
    quality = int(rng.uniform(30, 96))
    subsampling = "420" if _happens(0.7, rng) else "444"
    return simplejpeg.decode_jpeg(simplejpeg.encode_jpeg(crop, quality=quality, colorsubsampling=subsampling))


def _covered(crop: Pixels, rng: Generator) -> Pixels:
    """A flat patch over up to a fifth of each side: stamps, stickers, hands."""
    covered = crop.copy()
    width, height = rng.integers(12, 60, 2)
    left, top = rng.integers(0, CROP_PX - width), rng.integers(0, CROP_PX - height)
    covered[top : top + height, left : left + width] = rng.integers(0, 256, 3)
    return covered


_CHANGES = (
    (_lit_from_one_side, 0.15),
    (_lit_otherwise, 0.6),
    (_saturated, 0.25),
    (_greyed, 0.3),
    (_covered, 0.1),
    (recaptured, 0.15),
    (_blurred, 0.15),
    (_sent_small, 0.3),
    (_noisy, 0.2),
    (_recompressed, 0.6),
)
