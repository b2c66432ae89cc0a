"""Which picture trains, calibrates or tests: by source, never by file."""

import csv
import json
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_TABLE = Path(__file__).with_name("splits.toml")
_SMALL_SOURCE = 10
_LAST_TEST_LETTER = "c"


class Split(StrEnum):
    """The three uses, each with sources of its own."""

    TRAIN = "train"
    CALIBRATION = "calibration"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Example:
    """One picture of the data folder; `face_box` is (x, y, width, height) in its pixels, a pseudo-label."""

    file: str
    label: str
    source: str
    sha256: str
    face_box: tuple[float, float, float, float] | None

    @property
    def is_real(self) -> bool:
        """Whether it shows a real face."""
        return self.label == "real"


def examples(data: Path, split: Split) -> list[Example]:
    """Read the manifest and keep one split's pictures, in the manifest's order."""
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        everything = [_example(row) for row in csv.DictReader(lines) if row["label"] != "ai_generated"]
    belongs = assignment(everything)
    return [example for example in everything if belongs[example.label, example.source] is split]


def assignment(everything: Iterable[Example]) -> dict[tuple[str, str], Split]:
    """Every (label, source) with its split."""
    named = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    sizes = Counter((example.label, example.source) for example in everything)
    return {key: _split_of(*key, size, named) for key, size in sizes.items()}


def _split_of(label: str, source: str, size: int, named: dict[str, dict[str, list[str]]]) -> Split:
    for split in (Split.TEST, Split.CALIBRATION):
        if source in named[split].get(label, []):
            return split
    is_small = label == "placeholder" and size < _SMALL_SOURCE
    return Split.TEST if is_small and source[0].lower() <= _LAST_TEST_LETTER else Split.TRAIN


def _example(row: dict[str, str]) -> Example:
    box = json.loads(row["yunet_box_xywh"]) if row["yunet_box_xywh"] else None
    return Example(row["file"], row["label"], row["source_repo"], row["sha256"], tuple(box) if box else None)
