"""Our own detector: one network finds places in a small picture, another looks at each of them closely.

Where nobody was found, the picture is looked at once more, larger.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.artifacts import Artifact, ArtifactError, load_artifact, newest_version
from models.detection.candidates import Candidates, Floats, letterboxed
from models.detection.face import Face
from models.detection.refinement import VALUES, Squares
from models.pixels import Pixels

NETWORK = "face_detector"
THRESHOLD, CANDIDATE = "face_at_or_above", "candidate_at_or_above"

STRIDES_PX = (16, 32)
_SIDES_MULTIPLE_PX = 64
_BASE_SIDE_IN_STRIDES = 4
_CELL_VALUES = 15
_MAX_OVERLAP = 0.4
_MOST_CANDIDATES = 12
_LOOKS = (1, 2, 4)
_GREY = 127
_LEAST_SHARE = 0.1
"""A further face counts from this share of the largest one's area: passers-by and posters are no second applicant."""


class CompactDetector:
    """Looks at the whole picture with its long side at the network's size, at twice that where nothing was found.

    Where the second look saw something and was not sure, it looks a third time, at four times the size.
    Both networks are one graph; each run says which of the two it wants.
    """

    def __init__(self, artifact: Artifact, threads: int = 1) -> None:
        """Start a session on verified weights; raises `ArtifactError` for a graph that is no face detector."""
        wanted = artifact.manifest.input
        if isinstance(wanted.mean, tuple) or isinstance(wanted.std, tuple):
            raise ArtifactError(f"{artifact.manifest.name} wants a mean a channel: it is no face detector of ours.")
        self._first_px, self._mean, self._std = wanted.size_px, wanted.mean, wanted.std
        self._may_be_a_face = artifact.manifest.thresholds.get(CANDIDATE, 0.1)
        self._is_a_face = artifact.manifest.thresholds.get(THRESHOLD, 0.5)
        self._session = _session(artifact, threads)

    @classmethod
    def load(cls, directory: Path | None = None) -> "CompactDetector":
        """Load an artifact's folder, or the newest that comes with the code; raises `ArtifactError`."""
        return cls(load_artifact(directory or newest_version(NETWORK)))

    def detect(self, pixels: Pixels) -> list[Face]:
        """Find the faces in (H, W, 3) uint8 RGB pixels, largest first; the score lies in 0…1."""
        for times in _LOOKS:
            candidates = self.candidates(pixels, self._first_px * times)
            if faces := self._judged(candidates, pixels):
                return [face for face in faces if face.area >= _LEAST_SHARE * faces[0].area]
            if times > 1 and not len(candidates.scores):
                break  # a third look is for what was suspected and seen too coarsely to be sure
        return []

    def look(self, pixels: Pixels, long_side_px: int) -> list[Face]:
        """Every face seen at one size."""
        return self._judged(self.candidates(pixels, long_side_px), pixels)

    def _judged(self, candidates: Candidates, pixels: Pixels) -> list[Face]:
        if not len(candidates.scores):
            return []
        squares = Squares.about(candidates, pixels)
        (refined,) = self._run(squares.pixels, ["refined"], closely=True)
        return squares.read(refined).sure(self._is_a_face).without_overlaps(_MAX_OVERLAP).faces(pixels)

    def candidates(self, pixels: Pixels, long_side_px: int) -> Candidates:
        """The places that may be a face, in the picture's pixels, surest first."""
        picture, scale = letterboxed(pixels, long_side_px, _SIDES_MULTIPLE_PX, _GREY)
        found = read(self._run(picture[None], ["small", "large"], closely=False)).sure(self._may_be_a_face)
        return found.without_overlaps(_MAX_OVERLAP).first(_MOST_CANDIDATES).times(1 / scale)

    def _run(self, pictures: Pixels, outputs: list[str], *, closely: bool) -> list[Floats]:
        blob = cv2.dnn.blobFromImages(list(pictures), 1 / self._std, mean=(self._mean,) * 3)
        return self._session.run(outputs, {"pictures": blob, "closely": np.array(closely)})


def read(levels: Sequence[Floats]) -> Candidates:
    """The network's maps (1, 15, h, w), one a stride, as candidates."""
    parts = [_read_level(cells[0], stride) for cells, stride in zip(levels, STRIDES_PX, strict=True)]
    return Candidates(
        np.concatenate([part.corners for part in parts]),
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )


def _read_level(cells: Floats, stride: int) -> Candidates:
    """One (15, h, w) map: logit, shift and log size of the box, five points in units of the box from the cell."""
    height, width = cells.shape[1:]
    values = cells.reshape(_CELL_VALUES, -1).T
    middles = (np.indices((height, width))[::-1].reshape(2, -1).T.astype(np.float32) + 0.5) * stride
    centres = middles + values[:, 1:3] * stride
    sides = np.exp(np.clip(values[:, 3:5], -4, 4)) * (_BASE_SIDE_IN_STRIDES * stride)
    points = middles[:, None] + values[:, 5:].reshape(-1, 5, 2) * sides[:, None]
    corners = np.concatenate([centres - sides / 2, centres + sides / 2], axis=1)
    return Candidates(corners, points, _sigmoid(values[:, 0]))


def _sigmoid(logits: Floats) -> NDArray[np.float32]:
    return (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.float32)


def _session(artifact: Artifact, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # as fast without, and every worker's box holds 3 MB less
    try:
        session = onnxruntime.InferenceSession(artifact.model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises types of its own for a broken graph
        raise ArtifactError(f"{artifact.manifest.name} is no ONNX graph that can be run.") from error
    outputs = {output.name: output.shape[1] for output in session.get_outputs() if len(output.shape) > 1}
    if outputs != {"small": _CELL_VALUES, "large": _CELL_VALUES, "refined": VALUES}:
        raise ArtifactError(f"{artifact.manifest.name} is no face detector of ours: its outputs are others.")
    return session
