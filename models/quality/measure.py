"""One quality measure of a portrait, and the names of them all."""

from dataclasses import dataclass

MEASURES: tuple[str, ...] = (
    "unified_quality_score",
    "background_uniformity",
    "illumination_uniformity",
    "luminance_mean",
    "luminance_variance",
    "under_exposure_prevention",
    "over_exposure_prevention",
    "dynamic_range",
    "sharpness",
    "compression_artifacts",
    "natural_colour",
    "single_face_present",
    "eyes_open",
    "mouth_closed",
    "eyes_visible",
    "mouth_occlusion_prevention",
    "face_occlusion_prevention",
    "inter_eye_distance",
    "head_size",
    "leftward_crop_of_the_face_image",
    "rightward_crop_of_the_face_image",
    "margin_above_of_the_face_image",
    "margin_below_of_the_face_image",
    "head_pose_yaw",
    "head_pose_pitch",
    "head_pose_roll",
    "expression_neutrality",
    "no_head_coverings",
)
"""The 28 measures of ISO/IEC 29794-5, in the order of its reference implementation."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A native value in the measure's own unit and its score, 0 (bad) to 100 (good); None means not assessed.

    `approximate` says that the standard's definition needs more than five landmarks and the picture can tell.
    """

    native: float | None = None
    score: float | None = None
    approximate: bool = False


NOT_ASSESSED = Measure()
