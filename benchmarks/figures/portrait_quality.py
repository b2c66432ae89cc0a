"""Whether the quality measures are the standard's, follow what they are there to find, and how long they take."""

import csv
import json
import re
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import simplejpeg

from benchmarks.figures.programs import ROOT
from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from benchmarks.quality_sweeps import SWEEPS, Portrait, followed
from models.decoding import decode
from models.detection.face import Face
from models.quality.mappings import MAPPINGS, score_of
from models.quality.measure import NOT_ASSESSED
from models.quality.measures import assess
from models.quality.pose import pose_of

VECTORS = ROOT / "tests/vectors/ofiq/expected_results.csv"
ROWS = 756
PORTRAITS = 8
_LEAST_INTER_EYE_PX, _MOST_YAW = 40, 15
_FULL_SHORT_SIDE_PX = 640
_REPEATS = 100

MAPPED = Promise("quality: scores of the reference implementation that ours meet within one point", least=ROWS)
FOLLOWED = {
    name: Promise(f"quality: {sweep.measure} under {name}, rank correlation of the median portrait", least=0.9)
    for name, sweep in SWEEPS.items()
}
MS = Promise("quality: all measures of a picture of 640 px, processor time of one core", "ms", most=3)


def reference_scores() -> Iterator[tuple[str, float, int]]:
    """Measure, native value and score of every figure of the reference implementation for which we have a mapping."""
    with VECTORS.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter=";"):
            for column, score in row.items():
                name = re.sub(r"(?<!^)(?=[A-Z])", "_", column.removesuffix(".scalar")).lower()
                if column.endswith(".scalar") and name in MAPPINGS:
                    yield name, float(row[column.removesuffix(".scalar")]), int(score)


def mappings(_context: Context) -> list[Figure]:
    """Map every native value of the reference implementation."""
    met = sum(abs(score_of(name, native) - score) <= 1 for name, native, score in reference_scores())
    return [MAPPED.measured(met)]


def monotony(context: Context) -> list[Figure]:
    """Make real portraits worse step by step; the median one says whether a measure follows.

    Not every one can: where a cheek is half in shadow, more light from one side may make it evener.
    """
    found = list(portraits(context.data))
    return [_followed_by_most(name, found) for name in FOLLOWED]


def speed(context: Context) -> list[Figure]:
    """Measure decoded portraits again and again; what else the machine does can only add to the least of the runs."""
    cv2.setNumThreads(1)
    least = [_least_ms(_enlarged(portrait)) for portrait in portraits(context.data)]
    return [MS.measured(round(median(least), 2))]


def _least_ms(portrait: Portrait) -> float:
    laps = []
    for _ in range(_REPEATS):
        start = time.thread_time()
        assess(portrait.pixels, portrait.face, scale=1, jpeg=portrait.jpeg)
        laps.append(time.thread_time() - start)
    return 1000 * min(laps)


def portraits(data: Path) -> Iterator[Portrait]:
    """The first usual portraits by hash, which is as good as by lot."""
    manifest = data / "manifest.csv"
    if not manifest.exists():
        raise NotMeasured(f"there are no pictures with a manifest.csv in {data}; --data names another folder.")
    with manifest.open(newline="", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["label"] == "real" and row["yunet_landmarks5"]]
    found = (_portrait(data, row) for row in sorted(rows, key=lambda row: row["sha256"]))
    yield from islice((portrait for portrait in found if _is_usual(portrait)), PORTRAITS)


def _portrait(data: Path, row: dict[str, str]) -> Portrait:
    pixels = decode((data / row["file"]).read_bytes(), short_side_px=_FULL_SHORT_SIDE_PX).pixels
    x, y, width, height = (round(side) for side in json.loads(row["yunet_box_xywh"]))
    one, two, three, four, five = ((float(x), float(y)) for x, y in _points(row))
    return Portrait(pixels, Face(x, y, width, height, float(row["yunet_score"]), (one, two, three, four, five)))


def _points(row: dict[str, str]) -> list[list[float]]:
    return np.reshape(json.loads(row["yunet_landmarks5"]), (5, 2)).tolist()


def _is_usual(portrait: Portrait) -> bool:
    """A face that is large enough to be made smaller, that shows both cheeks, and has something behind it."""
    if portrait.inter_eye_px < _LEAST_INTER_EYE_PX or abs(pose_of(portrait.landmarks).yaw) > _MOST_YAW:
        return False
    return assess(portrait.pixels, portrait.face, scale=1)["background_uniformity"] != NOT_ASSESSED


def _followed_by_most(name: str, found: list[Portrait]) -> Figure:
    assessed = [value for portrait in found if (value := followed(SWEEPS[name], portrait)) is not None]
    if not assessed:
        return FOLLOWED[name].not_measured(f"it could not be assessed on any of {len(found)} portraits.")
    return FOLLOWED[name].measured(round(median(assessed), 3))


def _enlarged(portrait: Portrait) -> Portrait:
    factor = _FULL_SHORT_SIDE_PX / min(portrait.pixels.shape[:2])
    pixels = cv2.resize(portrait.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
    return Portrait(pixels, portrait.face.scaled(factor), simplejpeg.encode_jpeg(pixels))


MAPPING_ROWS = Proof("the quality scores' mappings", (MAPPED,), mappings)
SWEPT = Proof("quality measures on portraits made worse", tuple(FOLLOWED.values()), monotony)
QUALITY_SPEED = Proof("the time that quality measures take", (MS,), speed)
