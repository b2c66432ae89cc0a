"""The quality measures of ISO/IEC 29794-5 in groups that people look for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from review_ui.words import QUALITY, number

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Light": (
        "luminance_mean",
        "luminance_variance",
        "under_exposure_prevention",
        "over_exposure_prevention",
        "dynamic_range",
        "illumination_uniformity",
    ),
    "Picture": (
        "unified_quality_score",
        "sharpness",
        "compression_artifacts",
        "natural_colour",
        "background_uniformity",
    ),
    "Pose": ("head_pose_yaw", "head_pose_pitch", "head_pose_roll"),
    "Size and place": (
        "single_face_present",
        "inter_eye_distance",
        "head_size",
        "leftward_crop_of_the_face_image",
        "rightward_crop_of_the_face_image",
        "margin_above_of_the_face_image",
        "margin_below_of_the_face_image",
    ),
    "Face": (
        "eyes_open",
        "eyes_visible",
        "mouth_closed",
        "mouth_occlusion_prevention",
        "face_occlusion_prevention",
        "expression_neutrality",
        "no_head_coverings",
    ),
}

UNITS: Mapping[str, str] = {
    "dynamic_range": " bit",
    "inter_eye_distance": " px",
    "head_pose_yaw": "°",
    "head_pose_pitch": "°",
    "head_pose_roll": "°",
}

_COARSE_FROM = 10


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One measure: its score 0 (bad) to 100 (good), None when not assessed, and its native value in words."""

    name: str
    score: int | None
    native: str
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class QualityGroup:
    """Measures that belong together; `missing` names those that were not assessed."""

    name: str
    lines: tuple[QualityLine, ...]
    missing: tuple[str, ...]


def quality_groups(quality: Mapping[str, Mapping[str, Any]]) -> tuple[QualityGroup, ...]:
    """The measures as told by a check, without groups of which it says nothing."""
    groups = (_group(name, measures, quality) for name, measures in GROUPS.items())
    return tuple(group for group in groups if group.lines or group.missing)


def _group(name: str, measures: tuple[str, ...], quality: Mapping[str, Mapping[str, Any]]) -> QualityGroup:
    lines = tuple(_lines(measures, quality))
    return QualityGroup(
        name,
        lines=tuple(line for line in lines if line.score is not None),
        missing=tuple(line.name for line in lines if line.score is None),
    )


def _lines(measures: tuple[str, ...], quality: Mapping[str, Mapping[str, Any]]) -> Iterator[QualityLine]:
    for measure in measures:
        if told := quality.get(measure):
            yield QualityLine(
                QUALITY[measure],
                score=None if told["score"] is None else round(told["score"]),
                native="" if told["native"] is None else _native(measure, told["native"]),
                is_approximate=told["approximate"],
            )


def _native(measure: str, value: float) -> str:
    is_coarse = measure in UNITS or abs(value) >= _COARSE_FROM
    return f"{value:.1f}{UNITS.get(measure, '')}" if is_coarse else number(value)
