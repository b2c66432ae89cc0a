"""Which pictures teach the detector what a face is, and which teach it what is none."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from models.detection.face import Landmarks
from models.training.leaks import apart
from models.training.splits import Split

Box = tuple[float, float, float, float]

_SURE = 0.8
"""A teacher's score from which its box and landmarks are taken for the truth."""

_GENERATED = "ai_generated"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One picture with its only face, or with none: `box` is (x, y, width, height) in the picture's pixels."""

    path: Path
    box: Box | None = None
    landmarks: Landmarks | None = None


def labelled(data: Path) -> list[Labelled]:
    """The training split's pictures, and generated portraits, as the teacher labelled them in the manifest.

    Left out is what would teach nonsense: faces that the teacher is unsure of, pictures of several people, and photos
    said to show no face in which the teacher sees one.
    """
    training = {example.file for example in apart(data, Split.TRAIN)}
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["file"] in training or row["label"] == _GENERATED]
    return [picture for row in rows if (picture := _labelled(row, data / row["file"]))]


def _labelled(row: dict[str, str], path: Path) -> Labelled | None:
    shows_a_face = row["label"] in {"real", _GENERATED}
    if shows_a_face:
        is_certain = float(row["yunet_score"] or 0) >= _SURE and int(row["yunet_faces_ge_0.6"] or 0) == 1
        return _with_face(row, path) if is_certain else None
    if row["label"] == "placeholder" or not row["yunet_box_xywh"]:
        return Labelled(path)
    return None


def _with_face(row: dict[str, str], path: Path) -> Labelled:
    x, y, width, height = json.loads(row["yunet_box_xywh"])
    values = json.loads(row["yunet_landmarks5"])
    one, two, three, four, five = zip(values[::2], values[1::2], strict=True)
    return Labelled(path, (x, y, width, height), (one, two, three, four, five))
