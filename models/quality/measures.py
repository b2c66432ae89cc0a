"""Every quality measure of one face in one photo, as far as box, landmarks and pixels tell."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from models.detection.face import Face
from models.pixels import Pixels
from models.quality.alignment import Alignment
from models.quality.background import background_uniformity
from models.quality.colour import natural_colour
from models.quality.compression import compression_score, jpeg_quality, seen_quality
from models.quality.exposure import exposure_of, illumination_uniformity
from models.quality.face_region import BACKGROUND, FACE, cheeks, face_mask, face_samples
from models.quality.geometry import HeadLines, geometry_of, second_face_share
from models.quality.luminance import luminance_levels
from models.quality.mappings import Curve, score_of
from models.quality.measure import MEASURES, NOT_ASSESSED, Measure
from models.quality.pose import pose_of
from models.quality.sharpness import sharpness, sharpness_score

EXACT = frozenset(
    {
        "illumination_uniformity",
        "natural_colour",
        "single_face_present",
        "leftward_crop_of_the_face_image",
        "rightward_crop_of_the_face_image",
    }
)
"""What five landmarks determine by the standard's own definition; everything else that is assessed is approximate."""

_OWN_CURVES: Mapping[str, Curve] = {"sharpness": sharpness_score, "compression_artifacts": compression_score}
"""Where we measure something else than the standard, in another unit, its mapping does not apply."""

_SAMPLES_A_SIDE = 120
_LEAST_OF_FACE = 0.5


def assess(
    pixels: Pixels, face: Face, *, scale: float, jpeg: bytes | None = None, others: Sequence[Face] = ()
) -> dict[str, Measure]:
    """Every measure of ISO/IEC 29794-5 for a face, in the standard's order; what cannot be told is not assessed.

    `pixels` is the upright picture, (H, W, 3) uint8 RGB, `scale` times as large as the photo; the face and the others
    found beside it are in its pixels, `jpeg` is the photo's file where it is one.
    """
    alignment = Alignment.of(face.landmarks) if face.landmarks else None
    native: dict[str, float | None] = {
        "single_face_present": second_face_share(face, others),
        "compression_artifacts": _compression(pixels, face, scale, jpeg),
    }
    if face.landmarks is None or alignment is None:
        native |= exposure_of(luminance_levels(_in_box(pixels, face)))
    else:
        pose = pose_of(face.landmarks)
        native |= {f"head_pose_{axis}": degrees for axis, degrees in asdict(pose).items()}
        native |= geometry_of(HeadLines.of(face.landmarks), pose, pixels.shape[:2], scale)
        native |= _in_the_aligned_picture(*alignment.brought_near(pixels))
    return {name: _measure(name, native.get(name)) for name in MEASURES}


def _in_the_aligned_picture(pixels: Pixels, alignment: Alignment) -> dict[str, float | None]:
    sides = [(alignment.seen(pixels, side), alignment.covered(pixels.shape[:2], side)) for side in BACKGROUND]
    return {**_in_the_face(pixels, alignment), "background_uniformity": background_uniformity(sides)}


def _in_the_face(pixels: Pixels, alignment: Alignment) -> dict[str, float | None]:
    """What the face's pixels tell, in its aligned size; a face that is mostly outside the photo tells nothing."""
    seen, covered = alignment.seen(pixels, FACE), alignment.covered(pixels.shape[:2], FACE)
    samples = face_samples()
    inside = samples[covered.ravel()[samples] == 1]
    if len(inside) < _LEAST_OF_FACE * len(samples):
        return {}
    return {
        **exposure_of(luminance_levels(np.take(seen.reshape(-1, 3), inside, axis=0)[:, None])),
        **_in_the_cheeks(seen, covered),
        "sharpness": sharpness(seen, face_mask() & covered),
    }


def _in_the_cheeks(seen: Pixels, covered: NDArray[np.uint8]) -> dict[str, float | None]:
    left, right = cheeks()
    if not (covered[left].all() and covered[right].all()):
        return {}
    one, other = np.ascontiguousarray(seen[left]), np.ascontiguousarray(seen[right])
    return {
        "illumination_uniformity": illumination_uniformity(luminance_levels(one), luminance_levels(other)),
        "natural_colour": natural_colour(one, other),
    }


def _compression(pixels: Pixels, face: Face, scale: float, jpeg: bytes | None) -> float | None:
    """From the file's own tables; else from the blocks, as long as the picture still has the size it was saved in."""
    told = jpeg_quality(jpeg) if jpeg else None
    return told if told is not None or scale != 1 else seen_quality(_in_box(pixels, face, step=1))


def _in_box(pixels: Pixels, face: Face, step: int | None = None) -> Pixels:
    """The box's pixels, or as many of them as a histogram needs: averaging instead would narrow it."""
    step = step or max(1, min(face.width, face.height) // _SAMPLES_A_SIDE)
    left, top = max(0, face.x), max(0, face.y)
    return np.ascontiguousarray(pixels[top : face.y + face.height : step, left : face.x + face.width : step])


def _measure(name: str, native: float | None) -> Measure:
    if native is None or not math.isfinite(native):
        return NOT_ASSESSED
    own = _OWN_CURVES.get(name)
    return Measure(native, own(native) if own else score_of(name, native), approximate=name not in EXACT)
