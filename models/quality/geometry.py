"""How large the face is and how it lies in the photo."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from models.detection.face import Face, Landmarks, Point
from models.quality.face_region import CHIN_PER_MOUTH
from models.quality.pose import Pose

_LEAST_COSINE = 0.1
"""Beyond 84 degrees of yaw the second eye is out of sight, and wherever it is drawn is a guess."""


@dataclass(frozen=True, slots=True)
class HeadLines:
    """The lengths that the standard measures a head by, in pixels of the picture that was searched."""

    left_eye: Point
    right_eye: Point
    eyes: Point
    inter_eye: float
    chin: float

    @classmethod
    def of(cls, landmarks: Landmarks) -> Self:
        """Eye to eye as they are; eyes to chin from eyes to mouth, for want of a landmark on the chin."""
        left_eye, right_eye, _, left_mouth, right_mouth = landmarks
        eyes, mouth = _between(left_eye, right_eye), _between(left_mouth, right_mouth)
        return cls(left_eye, right_eye, eyes, math.dist(left_eye, right_eye), CHIN_PER_MOUTH * math.dist(eyes, mouth))


def geometry_of(lines: HeadLines, pose: Pose, size: tuple[int, int], scale: float) -> dict[str, float]:
    """Native values for a picture of (height, width) pixels, `scale` times as large as the photo.

    Left and right are the viewer's; empty where eyes or mouth coincide.
    """
    if min(lines.inter_eye, lines.chin) <= 0:
        return {}
    height, width = size
    return {
        "inter_eye_distance": lines.inter_eye / scale / max(_LEAST_COSINE, math.cos(math.radians(pose.yaw))),
        "head_size": lines.chin / height,
        "leftward_crop_of_the_face_image": lines.left_eye[0] / lines.inter_eye,
        "rightward_crop_of_the_face_image": (width - lines.right_eye[0]) / lines.inter_eye,
        "margin_above_of_the_face_image": lines.eyes[1] / lines.chin,
        "margin_below_of_the_face_image": (height - lines.eyes[1]) / lines.chin,
    }


def second_face_share(face: Face, others: Sequence[Face]) -> float:
    """The area of the largest other face over this one's, at most 1; 0 when it is alone."""
    return min(1.0, max((other.area for other in others), default=0) / max(1, face.area))


def _between(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
