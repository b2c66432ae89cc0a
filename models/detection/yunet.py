"""YuNet (Wu, Peng and Yu, 2023) behind our interface; its weights come from the path that the caller names."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self

import cv2
import numpy as np
import onnxruntime

from models.artifacts import ArtifactError, HashedFile, verified_bytes
from models.detection.candidates import Candidates, Floats, letterboxed
from models.detection.face import Face
from models.pixels import Pixels

PUBLISHED = {
    "yunet_n_dynamic.onnx": "104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12",
    "yunet_n_320_320.onnx": "81dbde155e982455488235acb8ec2dec5d647edf7cf7080d33e4abb69b93a0d2",
    "yunet_n_640_640.onnx": "25a606a145a5b6d7271ae138fbd00eba91dad8b83222ae3f2c7ecd0f4a7b0e31",
}
"""SHA-256 of the files in onnx/ of ShiqiYu/libfacedetection.train at 0047ac24."""

_STRIDES_PX = (8, 16, 32)


class YuNetDetector:
    """Looks at the whole picture with its long side at `size_px`; a graph of fixed size says which."""

    def __init__(self, model: bytes, *, size_px: int = 320, min_score: float = 0.6, max_overlap: float = 0.4) -> None:
        """Start a session; raises `ArtifactError` for a graph that is no YuNet."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # its author's export warns of every weight
        try:
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime raises types of its own for a broken graph
            raise ArtifactError("These weights cannot be run: they are no ONNX graph that we understand.") from error
        self._names = [output.name for output in self._session.get_outputs()]
        if not {f"{part}_{stride}" for part in _PARTS for stride in _STRIDES_PX} <= set(self._names):
            raise ArtifactError("These weights are not those of a YuNet.")
        fixed = self._session.get_inputs()[0].shape[-1]
        self._size_px = fixed if isinstance(fixed, int) else size_px
        self._multiple_px = fixed if isinstance(fixed, int) else _STRIDES_PX[-1]
        self._min_score, self._max_overlap = min_score, max_overlap

    @classmethod
    def from_file(cls, path: Path, sha256: str | None = None) -> Self:
        """Load the ONNX file; its SHA-256 must be the one given, or that of the author's file of this name."""
        wanted = sha256 or PUBLISHED.get(path.name)
        if wanted is None:
            raise ArtifactError(f"{path} is no file that YuNet's author published: say which SHA-256 it must have.")
        return cls(verified_bytes(path.parent, HashedFile(path.name, wanted)))

    def detect(self, pixels: Pixels) -> list[Face]:
        """Find the faces in (H, W, 3) uint8 RGB pixels, largest first; the score lies in 0…1."""
        picture, scale = letterboxed(pixels, self._size_px, self._multiple_px)
        blob = cv2.dnn.blobFromImage(picture, swapRB=True)
        values = self._session.run(None, {self._session.get_inputs()[0].name: blob})
        candidates = _read(dict(zip(self._names, values, strict=True)), picture.shape[1])
        return candidates.sure(self._min_score).without_overlaps(self._max_overlap).times(1 / scale).faces(pixels)


_PARTS = ("cls", "obj", "bbox", "kps")


def _read(outputs: Mapping[str, Floats], width_px: int) -> Candidates:
    parts = [
        _read_level(_Level(*(outputs[f"{name}_{s}"][0] for name in _PARTS)), s, width_px // s) for s in _STRIDES_PX
    ]
    return Candidates(
        np.concatenate([part.corners for part in parts]),
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )


class _Level(NamedTuple):
    """One stride's K cells, row by row: (K, 1), (K, 1), (K, 4), (K, 10); offsets from a cell's corner, in strides."""

    is_face: Floats
    is_object: Floats
    boxes: Floats
    points: Floats


def _read_level(level: _Level, stride: int, columns: int) -> Candidates:
    rows, column = np.divmod(np.arange(len(level.boxes), dtype=np.float32), columns)
    corners_of_cells = np.stack([column, rows], axis=1)
    centres = (corners_of_cells + level.boxes[:, :2]) * stride
    sides = np.exp(level.boxes[:, 2:]) * stride
    scores = np.sqrt(np.clip(level.is_face[:, 0], 0, 1) * np.clip(level.is_object[:, 0], 0, 1))
    return Candidates(
        np.concatenate([centres - sides / 2, centres + sides / 2], axis=1),
        (corners_of_cells[:, None] + level.points.reshape(-1, 5, 2)) * stride,
        scores,
    )
