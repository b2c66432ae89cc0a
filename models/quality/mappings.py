"""From native values to scores 0-100 by ISO/IEC 29794-5, as its reference implementation (OFIQ) maps them."""

import math
from collections.abc import Callable, Mapping

Curve = Callable[[float], float]
"""A native value in, an unrounded score out."""


def score_of(measure: str, native: float) -> float:
    """Score a measure's native value from 0 to 100, a whole number; raises KeyError for a measure without a mapping."""
    return whole(MAPPINGS[measure](native))


def whole(score: float) -> float:
    """Rounded and clipped to 0…100, as the standard wants every score."""
    return float(min(100, max(0, math.floor(score + 0.5))))


def sigmoid(value: float, middle: float, width: float) -> float:
    """The logistic function: a half at `middle`, 0.73 one `width` above it."""
    return 0.5 * (1 + math.tanh((value - middle) / (2 * width)))


def _rising(middle: float, width: float, height: float = 100, floor: float = 0) -> Curve:
    return lambda native: height * sigmoid(native, middle, width) - floor


def _falling(middle: float, width: float, height: float = 100) -> Curve:
    return lambda native: height * (1 - sigmoid(native, middle, width))


def _free_share(taken: float) -> float:
    return 100 * (1 - taken)


def _facing(degrees: float) -> float:
    return 100 * max(0, math.cos(math.radians(degrees))) ** 2


def _mean_luminance(mean: float) -> float:
    return 100 * sigmoid(mean, 0.2, 0.05) * (1 - sigmoid(mean, 0.8, 0.05))


def _luminance_variance(variance: float) -> float:
    return 100 * math.sin(math.pi * 60 * variance / (60 * variance + 1))


MAPPINGS: Mapping[str, Curve] = {
    "unified_quality_score": _rising(23, 2.6),
    "background_uniformity": _falling(10, 100, height=190),
    "illumination_uniformity": lambda shared: 100 * max(0, shared) ** 0.3,
    "luminance_mean": _mean_luminance,
    "luminance_variance": _luminance_variance,
    "under_exposure_prevention": lambda dark: 120 * (0.832 - sigmoid(dark, 0.92, 0.05)),
    "over_exposure_prevention": lambda bright: 1 / (bright + 0.01),
    "dynamic_range": lambda bits: 12.5 * bits,
    "sharpness": _rising(-20, 15, height=115, floor=14),
    "compression_artifacts": _rising(0.3308, 0.092, height=103, floor=0.0278),
    "natural_colour": _falling(0, 10, height=200),
    "single_face_present": _free_share,
    "eyes_open": _rising(0.02, 0.01),
    "mouth_closed": _falling(0.2, 0.06),
    "eyes_visible": _free_share,
    "mouth_occlusion_prevention": _free_share,
    "face_occlusion_prevention": _free_share,
    "inter_eye_distance": _rising(70, 20),
    "head_size": lambda share: 200 * (1 - sigmoid(abs(share - 0.45), 0, 0.05)),
    "leftward_crop_of_the_face_image": _rising(0.9, 0.1),
    "rightward_crop_of_the_face_image": _rising(0.9, 0.1),
    "margin_above_of_the_face_image": _rising(1.4, 0.1),
    "margin_below_of_the_face_image": _rising(1.8, 0.1),
    "head_pose_yaw": _facing,
    "head_pose_pitch": _facing,
    "head_pose_roll": _facing,
    "expression_neutrality": _rising(-5000, 5000),
}
"""Every measure of the standard but NoHeadCoverings, whose reference scores follow no single curve."""
