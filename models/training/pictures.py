"""The training pictures as one array on disk, found faces included, so that an epoch reads no files."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.decoding import decode
from models.detection import Face, HaarDetector
from models.drawings import KINDS, draw
from models.pixels import Pixels
from models.preparation import face_crop
from models.training.splits import Example

DRAWN = "drawings"
_LONG_SIDE_PX = 320

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one picture lies in the array, and where its face: boxes are (x, y, width, height) in its pixels."""

    source: str
    is_real: bool
    offset: int
    height: int
    width: int
    found_face: Box | None
    labelled_face: Box | None


class Pictures:
    """Pictures of several sizes behind one memory map."""

    def __init__(self, entries: list[Entry], pixels: NDArray[np.uint8]) -> None:
        """Join the entries with the flat array that they point into."""
        self.entries = entries
        self._pixels = pixels

    def __len__(self) -> int:
        """How many pictures."""
        return len(self.entries)

    def __getitem__(self, index: int) -> Pixels:
        """One picture, (H, W, 3) uint8 RGB."""
        entry = self.entries[index]
        size = entry.height * entry.width * 3
        return self._pixels[entry.offset : entry.offset + size].reshape(entry.height, entry.width, 3)


def gather(name: Path, examples: list[Example], data: Path, drawings: int, seed: int, watch: "Watch") -> Pictures:
    """Decode and search every picture once, add drawings, and keep all under `name`; a second call reads that."""
    index = name.with_suffix(".json")
    if not index.exists():
        name.parent.mkdir(parents=True, exist_ok=True)
        entries = list(_write(name, _pictures(examples, data, drawings, seed, watch)))
        index.write_text(json.dumps([asdict(entry) for entry in entries]), encoding="utf-8")
    entries = [_entry(row) for row in json.loads(index.read_text(encoding="utf-8"))]
    return Pictures(entries, np.memmap(name, dtype=np.uint8, mode="r"))


def serving_crop(pictures: Pictures, index: int) -> Pixels:
    """The (224, 224, 3) crop that the service would make of one picture."""
    found = pictures.entries[index].found_face
    faces = [_face(found)] if found else []
    return face_crop(pictures[index], faces)


Watch = Callable[[Iterable[int], int], Iterable[int]]
"""Shows progress over an iterable of so many."""


def _pictures(
    examples: list[Example], data: Path, drawings: int, seed: int, watch: Watch
) -> Iterator[tuple[Pixels, Entry]]:
    detector = HaarDetector()
    for number in watch(range(len(examples) + drawings), len(examples) + drawings):
        if number < len(examples):
            example = examples[number]
            pixels = decode((data / example.file).read_bytes(), short_side_px=640).pixels
            source, is_real, labelled = example.source, example.is_real, example.face_box
        else:
            pixels, kind = _drawing(number - len(examples), seed)
            source, is_real, labelled = f"{DRAWN}/{kind}", False, None
        found = next(((f.x, f.y, f.width, f.height) for f in detector.detect(pixels)), None)
        small, factor = _within(pixels, _LONG_SIDE_PX)
        height, width = small.shape[:2]
        entry = Entry(source, is_real, 0, height, width, _times(found, factor), _times(labelled, factor))
        yield small, entry


def _drawing(number: int, seed: int) -> tuple[Pixels, str]:
    kind = KINDS[number % len(KINDS)]
    rng = np.random.default_rng((seed, number))
    return np.asarray(draw(kind, rng, int(rng.integers(96, 320))).convert("RGB")), kind


def _write(name: Path, pictures: Iterator[tuple[Pixels, Entry]]) -> Iterator[Entry]:
    offset = 0
    with name.open("wb") as out:
        for pixels, entry in pictures:
            out.write(np.ascontiguousarray(pixels).tobytes())
            yield Entry(**{**asdict(entry), "offset": offset})
            offset += pixels.size


def _within(pixels: Pixels, long_side: int) -> tuple[Pixels, float]:
    factor = long_side / max(pixels.shape[:2])
    if factor >= 1:
        return pixels, 1.0
    height, width = (max(1, round(side * factor)) for side in pixels.shape[:2])
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), factor


def _face(box: Box) -> Face:
    x, y, width, height = (round(side) for side in box)
    return Face(x, y, width, height, score=1.0)


def _times(box: Box | None, factor: float) -> Box | None:
    if box is None:
        return None
    x, y, width, height = (side * factor for side in box)
    return x, y, width, height


def _entry(row: dict) -> Entry:
    boxes = {key: tuple(row[key]) if row[key] else None for key in ("found_face", "labelled_face")}
    return Entry(**{**row, **boxes})
