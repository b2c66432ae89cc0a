"""Where the head points, from five landmarks and an average face in three dimensions."""

import math
from dataclasses import dataclass

import numpy as np

from models.detection.face import Landmarks

_AVERAGE_FACE = np.array(
    [(-0.5, -0.52, 0.025), (0.5, -0.52, 0.025), (0, 0.073, -0.439), (-0.438, 0.483, 0.195), (0.438, 0.483, 0.195)]
)
"""Eyes, tip of the nose and mouth corners in units of the inter-eye distance: x right, y down, z away from the viewer.

Fitted to the landmarks of 5,952 research photos (structure from motion under weak perspective, symmetric), and turned
so that the median official portrait has a pitch of 0.
"""

_TO_AFFINE = np.linalg.pinv(_AVERAGE_FACE - _AVERAGE_FACE.mean(axis=0))


@dataclass(frozen=True, slots=True)
class Pose:
    """Degrees, 0 for a face that looks straight into the camera.

    Positive yaw turns the face to the viewer's right, positive pitch lifts the chin, positive roll leans the head
    clockwise as the viewer sees it.
    """

    yaw: float
    pitch: float
    roll: float


def pose_of(landmarks: Landmarks) -> Pose:
    """The rotation that brings the average face nearest to the landmarks, seen from far away (weak perspective)."""
    found = np.array(landmarks, np.float64)
    seen = (_TO_AFFINE @ (found - found.mean(axis=0))).T
    # The nearest scaled rotation of an affine camera: same singular directions, equal singular values.
    left, _, right = np.linalg.svd(seen, full_matrices=False)
    across, down = (left @ right).tolist()
    away = across[0] * down[1] - across[1] * down[0]
    return Pose(
        yaw=math.degrees(math.atan2(-across[2], away)),
        pitch=math.degrees(math.asin(min(1, max(-1, down[2])))),
        roll=math.degrees(math.atan2(down[0], down[1])),
    )
