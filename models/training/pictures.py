"""The training pictures as one array on disk, found faces included, so that an epoch reads no files."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.decoding import PhotoError, decode
from models.detection.face import Face
from models.detection.load import load_detector
from models.drawings import KINDS, draw
from models.pixels import Pixels
from models.preparation import face_crop
from models.training.renders import render_person
from models.training.splits import GENERATED, Example

DRAWN, RENDERED = "drawings", "renders"
_LONG_SIDE_PX = 320

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one picture lies in the array, and where its face: boxes are (x, y, width, height) in its pixels."""

    label: str
    source: str
    offset: int
    height: int
    width: int
    found_face: Box | None
    labelled_face: Box | None

    @property
    def shows_face(self) -> bool:
        """Whether it looks like a photo of a face; whether a camera took it is another model's question."""
        return self.label in {"real", GENERATED}


@dataclass(frozen=True, slots=True)
class Invented:
    """How many pictures of our own making come with the gathered ones."""

    drawings: int
    renders: int
    seed: int


class Pictures:
    """Pictures of several sizes behind one memory map; `unreadable` names the files that could not be decoded."""

    def __init__(self, entries: list[Entry], pixels: NDArray[np.uint8], unreadable: tuple[str, ...] = ()) -> None:
        """Join the entries with the flat array that they point into."""
        self.entries = entries
        self.unreadable = unreadable
        self._pixels = pixels

    def __len__(self) -> int:
        """How many pictures."""
        return len(self.entries)

    def __getitem__(self, index: int) -> Pixels:
        """One picture, (H, W, 3) uint8 RGB."""
        entry = self.entries[index]
        size = entry.height * entry.width * 3
        return self._pixels[entry.offset : entry.offset + size].reshape(entry.height, entry.width, 3)


def gather(name: Path, examples: list[Example], invented: Invented, watch: "Watch") -> Pictures:
    """Decode and search every picture once, add invented ones, and keep all under `name`; a second call reads that.

    A file that cannot be decoded is left out and named in `unreadable`.
    """
    index = name.with_suffix(".json")
    if not index.exists():
        name.parent.mkdir(parents=True, exist_ok=True)
        unreadable: list[str] = []
        entries = list(_write(name, _pictures(examples, invented, unreadable, watch)))
        kept = {"entries": [asdict(entry) for entry in entries], "unreadable": unreadable}
        index.write_text(json.dumps(kept), encoding="utf-8")
    kept = json.loads(index.read_text(encoding="utf-8"))
    entries = [_entry(row) for row in kept["entries"]]
    return Pictures(entries, np.memmap(name, dtype=np.uint8, mode="r"), tuple(kept["unreadable"]))


def serving_crop(pictures: Pictures, index: int) -> Pixels:
    """The (224, 224, 3) crop that the service would make of one picture."""
    found = pictures.entries[index].found_face
    faces = [_face(found)] if found else []
    return face_crop(pictures[index], faces)


Watch = Callable[[Iterable[int], int], Iterable[int]]
"""Shows progress over an iterable of so many."""


def _pictures(
    examples: list[Example], invented: Invented, unreadable: list[str], watch: Watch
) -> Iterator[tuple[Pixels, Entry]]:
    detector = load_detector()
    total = len(examples) + invented.drawings + invented.renders
    for number in watch(range(total), total):
        try:
            label, source, pixels, labelled = _picture(number, examples, invented)
        except (PhotoError, OSError):
            unreadable.append(str(examples[number].path))
            continue
        found = next(((f.x, f.y, f.width, f.height) for f in detector.detect(pixels)), None)
        small, factor = _within(pixels, _LONG_SIDE_PX)
        height, width = small.shape[:2]
        yield small, Entry(label, source, 0, height, width, _times(found, factor), _times(labelled, factor))


def _picture(number: int, examples: list[Example], invented: Invented) -> tuple[str, str, Pixels, Box | None]:
    """Label, source, pixels and labelled face of the gathered pictures first, then drawings, then renders."""
    if number < len(examples):
        example = examples[number]
        pixels = decode(example.path.read_bytes(), short_side_px=640).pixels
        return example.label, example.source, pixels, example.face_box
    number -= len(examples)
    rng = np.random.default_rng((invented.seed, number))
    size = int(rng.integers(96, 320))
    if number < invented.drawings:
        kind = KINDS[number % len(KINDS)]
        return DRAWN, f"{DRAWN}/{kind}", np.asarray(draw(kind, rng, size).convert("RGB")), None
    return RENDERED, f"{RENDERED}/person", render_person(rng, size), None


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
