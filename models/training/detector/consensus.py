"""Where a face's landmarks lie when YuNet is asked several times.

One look of YuNet's is no truth to a twentieth of the distance between the eyes: at another size, or in the mirror, it
says something else. The middle of several looks is steadier, and is what teaches and measures ours.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.artifacts import HashedFile, verified_bytes
from models.detection.candidates import overlap
from models.detection.face import MIRRORED_ORDER
from models.detection.yunet import PUBLISHED, YuNetDetector
from models.pixels import Pixels

Points = NDArray[np.float32]
"""(5, 2) x, y in pixels."""

_SIZES_PX = (224, 320, 448)
_LEAST_LOOKS = 4
_SAME_FACE = 0.5


class Consensus:
    """The median of YuNet's looks at three sizes, each also at the mirrored picture."""

    def __init__(self, model: bytes) -> None:
        """One session a size; raises `ArtifactError` for a graph that is no YuNet."""
        self._detectors = [YuNetDetector(model, size_px=size_px) for size_px in _SIZES_PX]

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """From the file of dynamic size that YuNet's author published; raises `ArtifactError` for any other."""
        return cls(verified_bytes(path.parent, HashedFile(path.name, PUBLISHED.get(path.name, ""))))

    def points(self, pixels: Pixels, corners: NDArray[np.float32]) -> Points | None:
        """The landmarks of the face whose (4,) box is known; None where fewer than four of six looks find it."""
        looks = list(self._looks(pixels, corners))
        return np.median(looks, axis=0).astype(np.float32) if len(looks) >= _LEAST_LOOKS else None

    def _looks(self, pixels: Pixels, corners: NDArray[np.float32]) -> Iterator[Points]:
        width = pixels.shape[1]
        mirrored, left_for_right = np.ascontiguousarray(pixels[:, ::-1]), corners.copy()
        left_for_right[[0, 2]] = width - corners[[2, 0]]
        for detector in self._detectors:
            if (points := _points(detector, pixels, corners)) is not None:
                yield points
            if (points := _points(detector, mirrored, left_for_right)) is not None:
                yield np.column_stack([width - 1 - points[:, 0], points[:, 1]])[MIRRORED_ORDER]


def _points(detector: YuNetDetector, pixels: Pixels, corners: NDArray[np.float32]) -> Points | None:
    for face in detector.detect(pixels):
        if overlap(corners, face.corners[None])[0] >= _SAME_FACE:
            return np.array(face.landmarks, np.float32)
    return None
