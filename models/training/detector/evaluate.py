"""Measure a face detector on sources that never trained.

`python -m models.training.detector.evaluate --data DIR [--ultra-light DIR] [--detector NAME --weights FILE]`
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from models.decoding import decode
from models.detection.candidates import overlap
from models.detection.face import Face, FaceDetector
from models.detection.load import DEFAULT, NAMES, load_detector
from models.pixels import Pixels
from models.training.detector.consensus import Consensus
from models.training.detector.reference import UltraLight, agreed, annotated, teacher_labels, within
from models.training.sentences import ends_in_a_sentence
from models.training.splits import Example, Split, examples

_FOUND = 0.5
_DECODED_SHORT_SIDE_PX = 640
_SIZE_PX = 320
_TIMED_RUNS = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """Hits of all; 0 of none."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """How good a detector is.

    `found`: real portraits whose face, a box that two other detectors agree on, was found at IoU 0.5; `one_face`: where
    it counted exactly one; both by source. `false_alarms`: pictures without a face in which it saw one, by source.
    `landmark_error`: median distance to the teacher's points on those portraits, `consensus_error` to the median of its
    looks and `teacher_error` of its one look to that, `annotated_error` to the points of dlib's pictures, all as shares
    of the distance between the eyes. `ms`: median processor time of a look at 320×320.
    """

    found: Mapping[str, Rate]
    one_face: Mapping[str, Rate]
    false_alarms: Mapping[str, Rate]
    landmark_error: float
    consensus_error: float
    teacher_error: float
    annotated_found: Rate
    annotated_error: float
    ms: float
    missed: tuple[str, ...]

    @property
    def recall(self) -> Rate:
        """Over all sources."""
        return together(self.found.values())


def together(rates: Iterable[Rate]) -> Rate:
    """The rates of several groups as one."""
    listed = list(rates)
    return Rate(sum(rate.hits for rate in listed), sum(rate.of for rate in listed))


@dataclass(frozen=True, slots=True)
class Judges:
    """Who knows better: without `boxes` the manifest alone says where a face is, without `points` its landmarks."""

    boxes: UltraLight | None = None
    points: Consensus | None = None


@dataclass(frozen=True, slots=True)
class _Errors:
    """Distances of landmarks, each a share of the distance between the eyes."""

    to_teacher: list[float] = field(default_factory=list)
    to_consensus: list[float] = field(default_factory=list)
    of_teacher: list[float] = field(default_factory=list)


def measure(detector: FaceDetector, data: Path, judges: Judges, split: Split = Split.TEST) -> Measured:
    """Run the detector over one split's portraits and pictures without a face, and over dlib's pictures."""
    chosen = examples(data, split)
    portraits = [example for example in chosen if example.is_real]
    found, one_face, errors, missed = _on_portraits(detector, portraits, data, judges)
    annotated_found, annotated_errors = _on_annotated(detector, data)
    return Measured(
        found=found,
        one_face=one_face,
        false_alarms=_false_alarms(detector, [example for example in chosen if not example.is_real], data),
        landmark_error=_median(errors.to_teacher),
        consensus_error=_median(errors.to_consensus),
        teacher_error=_median(errors.of_teacher),
        annotated_found=annotated_found,
        annotated_error=_median(annotated_errors),
        ms=milliseconds(detector),
        missed=tuple(missed),
    )


def milliseconds(detector: FaceDetector) -> float:
    """Median processor time of one look at 320×320 pixels with something in them, in this thread."""
    y, x = np.indices((_SIZE_PX, _SIZE_PX))
    channels = x * 255 // _SIZE_PX, y * 255 // _SIZE_PX, (x // 20 + y // 20) % 2 * 255
    pixels = np.stack(channels, axis=2).astype(np.uint8)
    taken = []
    for _ in range(_TIMED_RUNS):
        started = time.thread_time()
        _one_look(detector, pixels)
        taken.append((time.thread_time() - started) * 1000)
    return float(np.median(taken[_TIMED_RUNS // 4 :]))


def _one_look(detector: FaceDetector, pixels: Pixels) -> list[Face]:
    """A single pass where the detector has several, so that a picture without a face measures one."""
    look = getattr(detector, "look", None)
    return look(pixels, _SIZE_PX) if look else detector.detect(pixels)


def _on_portraits(
    detector: FaceDetector, portraits: list[Example], data: Path, judges: Judges
) -> tuple[dict[str, Rate], dict[str, Rate], _Errors, list[str]]:
    labels = teacher_labels(data)
    found: dict[str, list[bool]] = defaultdict(list)
    single: dict[str, list[bool]] = defaultdict(list)
    errors, missed = _Errors(), []
    for example, pixels, scale in _pictures(portraits, data, "portraits"):
        if example.file not in labels:
            continue
        label = labels[example.file]
        truth = agreed(label.box, judges.boxes.boxes(pixels) / scale) if judges.boxes else label.box
        if truth is None:
            continue  # nobody knows where the face is
        faces = [face.scaled(1 / scale) for face in detector.detect(pixels)]
        size = round(pixels.shape[1] / scale), round(pixels.shape[0] / scale)
        same = _same(faces, within(truth, *size))
        found[example.source].append(same is not None)
        single[example.source].append(len(faces) == 1)
        if same is None:
            missed.append(example.file)
        elif same.landmarks:
            errors.to_teacher.append(_point_error(same, label.points))
            steadier = judges.points.points(pixels, label.box * scale) if judges.points else None
            if steadier is not None:
                errors.to_consensus.append(_point_error(same, steadier / scale))
                errors.of_teacher.append(_apart(label.points, steadier / scale))
    return _rates(found), _rates(single), errors, missed


def _on_annotated(detector: FaceDetector, data: Path) -> tuple[Rate, list[float]]:
    hits, asked, errors = 0, 0, []
    for picture in annotated(data):
        photo = decode(picture.path.read_bytes(), short_side_px=_DECODED_SHORT_SIDE_PX)
        faces = [face.scaled(1 / photo.scale) for face in detector.detect(photo.pixels)]
        for _, landmarks in picture.faces:
            asked += 1
            points = np.array(landmarks, np.float32)
            same = next((face for face in faces if _holds(face, points)), None)
            hits += same is not None
            if same and same.landmarks:
                errors.append(_point_error(same, points))
    return Rate(hits, asked), errors


def _false_alarms(detector: FaceDetector, empty: list[Example], data: Path) -> dict[str, Rate]:
    seen: dict[str, list[bool]] = defaultdict(list)
    for example, pixels, _ in _pictures(empty, data, "pictures without a face"):
        seen[f"{example.label}/{example.source}"].append(bool(detector.detect(pixels)))
    return _rates(seen)


def _pictures(chosen: list[Example], data: Path, title: str) -> Iterator[tuple[Example, Pixels, float]]:
    for example in track(chosen, title):
        photo = decode((data / example.file).read_bytes(), short_side_px=_DECODED_SHORT_SIDE_PX)
        yield example, photo.pixels, photo.scale


def _same(faces: list[Face], truth: NDArray[np.float32]) -> Face | None:
    return next((face for face in faces if overlap(truth, face.corners[None])[0] >= _FOUND), None)


def _holds(face: Face, points: NDArray[np.float32]) -> bool:
    """Whether the box is about these five points: boxes of other makers are cut differently, points are not."""
    inside = points - [face.x, face.y]
    spread = np.ptp(points, axis=0).max()
    return bool((inside >= 0).all() and (inside <= [face.width, face.height]).all() and face.width < 4 * spread)


def _point_error(face: Face, points: NDArray[np.float32]) -> float:
    return _apart(np.array(face.landmarks, np.float32), points)


def _apart(found: NDArray[np.float32], points: NDArray[np.float32]) -> float:
    """Mean distance of the five points, as a share of the true distance between the eyes."""
    away = np.linalg.norm(found - points, axis=1).mean()
    return float(away / np.linalg.norm(points[0] - points[1]))


def _median(errors: list[float]) -> float:
    return float(np.median(errors)) if errors else float("nan")


def _rates(outcomes: Mapping[str, list[bool]]) -> dict[str, Rate]:
    return {name: Rate(sum(hits), len(hits)) for name, hits in sorted(outcomes.items())}


def _print(measured: Measured) -> None:
    for title, rates in (("found", measured.found), ("one face", measured.one_face), ("alarm", measured.false_alarms)):
        for source, rate in rates.items():
            if rate.of >= _NAMEABLE:
                print(f"{title:9} {source:52} {rate.hits:4} of {rate.of:4}  {rate.share:7.2%}")
        whole = together(rates.values())
        print(f"{title:9} {'all':52} {whole.hits:4} of {whole.of:4}  {whole.share:7.2%}")
    print(
        f"landmarks: {measured.landmark_error:.2%} of the eyes' distance from the teacher's one look in the manifest,"
    )
    print(f"  {measured.consensus_error:.2%} from the median of six looks; that one look: {measured.teacher_error:.2%}")
    print(f"annotated: {asdict(measured.annotated_found)}, {measured.annotated_error:.2%}")
    print(f"{measured.ms:.2f} ms at 320×320")
    print("missed:", *measured.missed[:20], sep="\n  ")


_NAMEABLE = 20


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ultra-light", type=Path, help="folder of version-RFB-640.onnx, the independent teacher")
    parser.add_argument("--yunet", type=Path, help="the author's yunet_n_dynamic.onnx, for landmarks of several looks")
    parser.add_argument("--detector", choices=NAMES, default=DEFAULT)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--split", type=Split, choices=list(Split), default=Split.TEST)
    asked = parser.parse_args()
    judges = Judges(
        UltraLight(asked.ultra_light) if asked.ultra_light else None,
        Consensus.from_file(asked.yunet) if asked.yunet else None,
    )
    _print(measure(load_detector(asked.detector, asked.weights), asked.data, judges, asked.split))


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
