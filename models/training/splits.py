"""Which picture trains, calibrates or tests: by source, never by file."""

import csv
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

GENERATED = "ai_generated"
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
    """One picture of a data folder; `face_box` is (x, y, width, height) in its pixels, a pseudo-label.

    `attributes` is what the manifest says of it, such as `age`, `gender` and `race`; `folder` is where `file` lies.
    `person` and `phash`, its perceptual hash in hexadecimal, are empty where the manifest does not tell them.
    """

    file: str
    label: str
    source: str
    sha256: str
    face_box: tuple[float, float, float, float] | None
    attributes: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()
    person: str = ""
    phash: str = ""

    @property
    def is_real(self) -> bool:
        """Whether it shows a real face."""
        return self.label == "real"

    @property
    def path(self) -> Path:
        """Where the picture lies."""
        return self.folder / self.file


def examples(data: Path, split: Split, *, generated: bool = False) -> list[Example]:
    """Read the manifest and keep one split's pictures, in the manifest's order; generated faces only if asked for."""
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    everything = [_example(row, data) for row in rows if generated or row["label"] != GENERATED]
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


def _example(row: dict[str, str], folder: Path) -> Example:
    box = json.loads(row["yunet_box_xywh"]) if row["yunet_box_xywh"] else None
    return Example(
        row["file"],
        row["label"],
        row["source_repo"],
        row["sha256"],
        tuple(box) if box else None,
        _attributes(row.get("attributes") or ""),
        folder,
        row.get("person_id") or "",
        row.get("phash") or "",
    )


def _attributes(written: str) -> dict[str, str]:
    """`age=26;gender=1` as a mapping."""
    return {name: value for name, _, value in (part.partition("=") for part in written.split(";") if part)}
