"""Portraits made worse step by step, and whether each quality measure follows."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from models.detection.face import Face, Landmarks
from models.pixels import Pixels
from models.quality.alignment import Alignment
from models.quality.face_region import FACE, cheeks
from models.quality.geometry import HeadLines
from models.quality.measures import assess


@dataclass(frozen=True, slots=True)
class Portrait:
    """A photo with one face and its landmarks; `others` are further faces, `jpeg` the file where it counts."""

    pixels: Pixels
    face: Face
    jpeg: bytes | None = None
    others: tuple[Face, ...] = ()

    @property
    def landmarks(self) -> Landmarks:
        """The five points, which every portrait here has."""
        if self.face.landmarks is None:
            raise ValueError("A sweep needs landmarks.")
        return self.face.landmarks

    @property
    def inter_eye_px(self) -> float:
        """The unit in which blur and crops are given, so that they mean the same in every photo."""
        return HeadLines.of(self.landmarks).inter_eye


@dataclass(frozen=True, slots=True)
class Sweep:
    """One way to change a portrait in steps, and the sign with which the measure's native value must follow."""

    measure: str
    sign: int
    steps: tuple[float, ...]
    changed: Callable[[Portrait, float], Portrait]


def followed(sweep: Sweep, portrait: Portrait) -> float | None:
    """Spearman's rank correlation of step and native value times the sign: 1 is strictly the right way.

    None where the measure is not assessed on this portrait at some step.
    """
    natives = [_native(sweep.measure, sweep.changed(portrait, step)) for step in sweep.steps]
    if None in natives:
        return None
    return sweep.sign * spearman(sweep.steps, [native for native in natives if native is not None])


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """The correlation of the ranks; 0 where one of them never changes."""
    first, second = _ranks(one), _ranks(other)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: Sequence[float]) -> NDArray[np.float64]:
    """Ranks from 0; equal values share the middle one of theirs."""
    found = np.asarray(values, np.float64)
    return (found[:, None] > found).sum(axis=1) + ((found[:, None] == found).sum(axis=1) - 1) / 2


def _native(measure: str, portrait: Portrait) -> float | None:
    found = assess(portrait.pixels, portrait.face, scale=1, jpeg=portrait.jpeg, others=portrait.others)
    return found[measure].native


def _repainted(portrait: Portrait, pixels: NDArray[np.floating]) -> Portrait:
    return replace(portrait, pixels=np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def _blurred(portrait: Portrait, sigma: float) -> Portrait:
    """By a Gaussian of `sigma` hundredths of the inter-eye distance."""
    return replace(portrait, pixels=cv2.GaussianBlur(portrait.pixels, (0, 0), sigma * portrait.inter_eye_px / 100))


def _exposed(portrait: Portrait, stops: float) -> Portrait:
    """With so many stops more light."""
    linear = (portrait.pixels / 255.0) ** 2.2 * 2**stops
    return _repainted(portrait, 255 * np.minimum(1, linear) ** (1 / 2.2))


def _with_contrast(portrait: Portrait, share: float) -> Portrait:
    """With this share of the contrast about middle grey."""
    return _repainted(portrait, 110 + (portrait.pixels - 110.0) * share)


def _tinted(portrait: Portrait, a: float) -> Portrait:
    """In redder light: with a face of this mean CIELAB a*, 25 being the last natural one, and of a natural b*."""
    lab = cv2.cvtColor(portrait.pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    left_eye, right_eye, _, left_mouth, right_mouth = np.rint(portrait.landmarks).astype(int)
    face = lab[min(left_eye[1], right_eye[1]) : max(left_mouth[1], right_mouth[1]), left_eye[0] : right_eye[0]]
    lab[..., 1:] += (a, _NATURAL_B) - face[..., 1:].mean(axis=(0, 1))
    return _repainted(portrait, 255 * cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))


def _lit_from_one_side(portrait: Portrait, share: float) -> Portrait:
    """With light that falls off by this share between the cheeks, which were as bright as each other before."""
    (left, _), (right, _), *_ = portrait.landmarks
    across = (np.arange(portrait.pixels.shape[1]) - left) / (right - left)
    one, other = _brightness_of_cheeks(portrait)
    light = np.interp(across, (-0.15, 1.15), (min(1, other / one), min(1, one / other) * (1 - share)))
    return _repainted(portrait, portrait.pixels * light[None, :, None])


def _brightness_of_cheeks(portrait: Portrait) -> tuple[float, float]:
    alignment = Alignment.of(portrait.landmarks)
    if alignment is None:
        raise ValueError("A sweep needs landmarks in different places.")
    seen = alignment.seen(portrait.pixels, FACE)
    left, right = cheeks()
    return 1 + float(seen[left].mean()), 1 + float(seen[right].mean())


def _with_curtain(portrait: Portrait, strength: float) -> Portrait:
    """With a pattern of folds over everything but the head."""
    lines = HeadLines.of(portrait.landmarks)
    height, width = portrait.pixels.shape[:2]
    y, x = np.mgrid[:height, :width]
    reach = 1.62 * lines.inter_eye
    behind = np.hypot((x - lines.eyes[0]) / reach, (y - lines.eyes[1]) / (1.4 * reach)) > 1
    folds = strength * np.sin(2 * np.pi * x / (0.15 * lines.inter_eye))
    plain = np.where(behind[..., None], portrait.pixels.mean(), portrait.pixels)
    return _repainted(portrait, plain + (folds * behind)[..., None])


def _compressed(portrait: Portrait, quality: float) -> Portrait:
    return replace(portrait, jpeg=simplejpeg.encode_jpeg(np.ascontiguousarray(portrait.pixels), quality=int(quality)))


def _compressed_and_opened(portrait: Portrait, quality: float) -> Portrait:
    """Compressed, and then saved as something else."""
    # An odd cut first, so that blocks of an earlier compression lie elsewhere.
    cut = _cut(portrait, left=3, top=3)
    jpeg = _compressed(cut, quality).jpeg
    return replace(cut, pixels=simplejpeg.decode_jpeg(jpeg))


def _scaled(portrait: Portrait, factor: float) -> Portrait:
    pixels = cv2.resize(portrait.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return replace(portrait, pixels=pixels, face=portrait.face.scaled(factor))


def _cut(portrait: Portrait, *, left: int = 0, top: int = 0, right: int = 0, bottom: int = 0) -> Portrait:
    height, width = portrait.pixels.shape[:2]
    pixels = np.ascontiguousarray(portrait.pixels[top : height - bottom, left : width - right])
    moved = np.array([[1.0, 0, -left], [0, 1, -top]])
    return replace(portrait, pixels=pixels, face=_moved(portrait.face, moved))


def _moved(face: Face, into: NDArray[np.float64]) -> Face:
    points = np.array(face.landmarks) @ into[:, :2].T + into[:, 2]
    corner = into[:, :2] @ (face.x, face.y) + into[:, 2]
    one, two, three, four, five = ((float(x), float(y)) for x, y in points)
    return replace(face, x=round(corner[0]), y=round(corner[1]), landmarks=(one, two, three, four, five))


def _with_room_below(portrait: Portrait, share: float) -> Portrait:
    """On a taller sheet: the head's share of the height falls."""
    more = round(share * portrait.pixels.shape[0])
    return replace(portrait, pixels=cv2.copyMakeBorder(portrait.pixels, 0, more, 0, 0, cv2.BORDER_REPLICATE))


def _short_of(side: str) -> Callable[[Portrait, float], Portrait]:
    """Cut at one side, as a share of what lies between the eyes' midpoint and that edge."""

    def cut(portrait: Portrait, share: float) -> Portrait:
        x, y = HeadLines.of(portrait.landmarks).eyes
        height, width = portrait.pixels.shape[:2]
        room = {"left": x, "top": y, "right": width - x, "bottom": height - y}[side]
        return _cut(portrait, **{side: round(share * room)})

    return cut


def _leaning(portrait: Portrait, degrees: float) -> Portrait:
    """With the whole photo turned clockwise about the face."""
    height, width = portrait.pixels.shape[:2]
    into = cv2.getRotationMatrix2D(HeadLines.of(portrait.landmarks).eyes, -degrees, 1)
    pixels = cv2.warpAffine(portrait.pixels, into, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return replace(portrait, pixels=pixels, face=_moved(portrait.face, into))


def _turned(axis: str) -> Callable[[Portrait, float], Portrait]:
    """With the landmarks turned in depth by degrees, the nose half an inter-eye distance in front of the eyes."""

    def turn(portrait: Portrait, degrees: float) -> Portrait:
        depth = portrait.inter_eye_px * np.array([0.0, 0.0, -0.5, 0.05, 0.05])
        points = np.column_stack([np.array(portrait.landmarks), depth])
        centre, angle = points.mean(axis=0), math.radians(degrees)
        cosine, sine = math.cos(angle), math.sin(angle)
        # To the viewer's right, and chin up: what is nearer (negative depth) moves right, and up.
        yaw = [[cosine, 0, -sine], [0, 1, 0], [sine, 0, cosine]]
        pitch = [[1, 0, 0], [0, cosine, sine], [0, -sine, cosine]]
        turned = (points - centre) @ np.array(yaw if axis == "yaw" else pitch).T + centre
        one, two, three, four, five = ((float(x), float(y)) for x, y, _ in turned)
        return replace(portrait, face=replace(portrait.face, landmarks=(one, two, three, four, five)))

    return turn


def _beside_another(portrait: Portrait, share: float) -> Portrait:
    face = portrait.face
    side = math.sqrt(share)
    return replace(portrait, others=(Face(0, 0, round(face.width * side), round(face.height * side), face.score),))


_NATURAL_B = 20.0
_TURNS = (-40, -30, -20, -10, 0, 10, 20, 30, 40)
_CUTS = (0, 0.1, 0.2, 0.3, 0.4, 0.5)
_SHARES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1)
_QUALITIES = (5, 10, 20, 30, 50, 70, 90)

SWEEPS: Mapping[str, Sweep] = {
    "blur": Sweep("sharpness", -1, (0.5, 1, 2, 3, 4, 5), _blurred),
    "darkening": Sweep("luminance_mean", 1, (-5, -4, -3, -2, -1, 0), _exposed),
    "contrast": Sweep("luminance_variance", 1, _SHARES, _with_contrast),
    "underexposure": Sweep("under_exposure_prevention", -1, (-5, -4, -3, -2, -1, 0), _exposed),
    "overexposure": Sweep("over_exposure_prevention", 1, (0, 0.5, 1, 1.5, 2, 2.5, 3), _exposed),
    "narrow range": Sweep("dynamic_range", 1, _SHARES, _with_contrast),
    "red light": Sweep("natural_colour", 1, (25, 32, 38, 44, 50, 56), _tinted),
    "light from one side": Sweep("illumination_uniformity", -1, (0, 0.08, 0.16, 0.24, 0.4, 0.6), _lit_from_one_side),
    "folds behind the head": Sweep("background_uniformity", 1, (0, 5, 10, 20, 40, 60), _with_curtain),
    "compression": Sweep("compression_artifacts", 1, _QUALITIES, _compressed),
    "compression, seen": Sweep("compression_artifacts", 1, _QUALITIES, _compressed_and_opened),
    "scale": Sweep("inter_eye_distance", 1, _SHARES, _scaled),
    "smaller head": Sweep("head_size", -1, (0, 0.25, 0.5, 1, 2), _with_room_below),
    "crop at the left": Sweep("leftward_crop_of_the_face_image", -1, _CUTS, _short_of("left")),
    "crop at the right": Sweep("rightward_crop_of_the_face_image", -1, _CUTS, _short_of("right")),
    "crop at the top": Sweep("margin_above_of_the_face_image", -1, _CUTS, _short_of("top")),
    "crop at the bottom": Sweep("margin_below_of_the_face_image", -1, _CUTS, _short_of("bottom")),
    "yaw": Sweep("head_pose_yaw", 1, _TURNS, _turned("yaw")),
    "pitch": Sweep("head_pose_pitch", 1, _TURNS, _turned("pitch")),
    "roll": Sweep("head_pose_roll", 1, _TURNS, _leaning),
    "another face": Sweep("single_face_present", 1, (0.1, 0.25, 0.4, 0.6, 0.8, 1), _beside_another),
}
"""Every measure that we assess, under what it is there to find."""
