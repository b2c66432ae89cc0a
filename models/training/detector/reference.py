"""What our detector is measured against: a teacher that taught nobody, and points that people can check."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.artifacts import HashedFile, verified_bytes
from models.detection.candidates import Candidates, overlap
from models.detection.face import Landmarks
from models.pixels import Pixels

ULTRA_LIGHT = HashedFile("version-RFB-640.onnx", "8f4c659275977e7a3bfbfa339a9c769ad793df50f9c0baa8c14b11baa1646430")
"""The author's file in Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB at dffdddda."""

_INPUT_WIDTH_PX, _INPUT_HEIGHT_PX = 640, 480
_SAME_FACE = 0.5
_EYES_NOSE_MOUTH = ((36, 37, 38, 39, 40, 41), (42, 43, 44, 45, 46, 47), (30,), (48,), (54,))
"""Which of the 68 points of iBUG 300-W make our five: the middle of each eye, tip of the nose, mouth corners."""

Corners = NDArray[np.float32]
"""(4,) left, top, right, bottom in pixels of the stored picture."""


class UltraLight:
    """Boxes of Ultra-Light-Fast-Generic-Face-Detector (version RFB at 640×480); for measuring only."""

    def __init__(self, folder: Path) -> None:
        """Load the author's file from `folder`; raises `ArtifactError` for any other."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        model = verified_bytes(folder, ULTRA_LIGHT)
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def boxes(self, pixels: Pixels, min_score: float = 0.6) -> Corners:
        """(K, 4) corners of the faces in (H, W, 3) uint8 RGB pixels, surest first."""
        height, width = pixels.shape[:2]
        # A border lets it see faces that fill the picture.
        room = max(height, width) // 3
        wide = cv2.copyMakeBorder(pixels, room, room, room, room, cv2.BORDER_CONSTANT, value=(127, 127, 127))
        scale = min(_INPUT_WIDTH_PX / wide.shape[1], _INPUT_HEIGHT_PX / wide.shape[0])
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(wide, None, fx=scale, fy=scale, interpolation=method)
        canvas = np.full((_INPUT_HEIGHT_PX, _INPUT_WIDTH_PX, 3), 127, np.uint8)
        canvas[: small.shape[0], : small.shape[1]] = small[:_INPUT_HEIGHT_PX, :_INPUT_WIDTH_PX]
        blob = cv2.dnn.blobFromImage(canvas, 1 / 128, mean=(127, 127, 127))
        scores, shares = self._session.run(None, {self._session.get_inputs()[0].name: blob})
        corners = shares[0] * np.array([_INPUT_WIDTH_PX, _INPUT_HEIGHT_PX] * 2, np.float32) / scale - room
        no_points = np.zeros((len(corners), 5, 2), np.float32)
        return Candidates(corners, no_points, scores[0, :, 1]).sure(min_score).without_overlaps(0.4).corners


@dataclass(frozen=True, slots=True)
class Annotated:
    """A picture whose faces are annotated: file, and for each face its corners and five points."""

    path: Path
    faces: tuple[tuple[Corners, Landmarks], ...]


@dataclass(frozen=True, slots=True, eq=False)
class TeacherLabel:
    """What the manifest says of one picture's face: corners (4,) and points (5, 2), both float32."""

    box: Corners
    points: NDArray[np.float32]


def agreed(teacher: Corners, others: Corners) -> Corners | None:
    """The mean of a teacher's box and the one of another's (K, 4) that means the same face, or None."""
    if not len(others):
        return None
    shared = overlap(teacher, others)
    return (teacher + others[shared.argmax()]) / 2 if shared.max() >= _SAME_FACE else None


def within(corners: Corners, width: int, height: int) -> Corners:
    """A box clipped to its picture: teachers draw a face that is cut off as if it were whole."""
    return np.clip(corners, 0, np.array([width, height] * 2, np.float32))


def teacher_labels(data: Path) -> dict[str, TeacherLabel]:
    """The manifest's faces by file."""
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["yunet_box_xywh"]]
    return {row["file"]: _label(row) for row in rows}


def annotated(data: Path) -> Iterator[Annotated]:
    """The example pictures of dlib, their faces reduced from 68 points to our five."""
    folder = data / "landmarks_gt" / "dlib_faces"
    for listing in ("testing_with_face_landmarks.xml", "training_with_face_landmarks.xml"):
        for picture in ET.parse(folder / listing).iter("image"):  # noqa: S314 - the caller vouches for his data
            faces = tuple(_face(box) for box in picture.iter("box") if box.get("ignore") != "1" and len(box))
            yield Annotated(folder / picture.attrib["file"], faces)


def _label(row: dict[str, str]) -> TeacherLabel:
    x, y, width, height = json.loads(row["yunet_box_xywh"])
    points = np.array(json.loads(row["yunet_landmarks5"]), np.float32).reshape(5, 2)
    return TeacherLabel(np.array([x, y, x + width, y + height], np.float32), points)


def _face(box: ET.Element) -> tuple[Corners, Landmarks]:
    left, top, width, height = (float(box.attrib[side]) for side in ("left", "top", "width", "height"))
    points = {int(part.attrib["name"]): (float(part.attrib["x"]), float(part.attrib["y"])) for part in box}
    means = [np.mean([points[number] for number in group], axis=0) for group in _EYES_NOSE_MOUTH]
    one, two, three, four, five = ((float(x), float(y)) for x, y in means)
    return np.array([left, top, left + width, top + height], np.float32), (one, two, three, four, five)
