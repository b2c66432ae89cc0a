"""The detector's pictures as one array on disk, so that an epoch reads no files."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.decoding import PhotoError, decode
from models.drawings import KINDS, draw
from models.pixels import Pixels
from models.training.detector.consensus import Consensus
from models.training.detector.labels import Labelled

LONG_SIDE_PX = 320

Watch = Callable[[Iterable[int], int], Iterable[int]]
"""Shows progress over an iterable of so many."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one picture lies in the array; `face` is its box and five points, 14 numbers in its pixels, or None."""

    name: str
    offset: int
    height: int
    width: int
    face: list[float] | None


class Pictures:
    """Pictures of several sizes behind one memory map, those with a face told from those without."""

    def __init__(self, entries: list[Entry], pixels: NDArray[np.uint8]) -> None:
        """Join the entries with the flat array that they point into."""
        self.entries = entries
        self.with_face = [index for index, entry in enumerate(entries) if entry.face]
        self.without_face = [index for index, entry in enumerate(entries) if not entry.face]
        self._pixels = pixels

    def __getitem__(self, index: int) -> Pixels:
        """One picture, (H, W, 3) uint8 RGB."""
        entry = self.entries[index]
        size = entry.height * entry.width * 3
        return self._pixels[entry.offset : entry.offset + size].reshape(entry.height, entry.width, 3)

    def face(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Box (x, y, width, height) and landmarks (5, 2) of a picture that has a face, in its pixels."""
        numbers = np.asarray(self.entries[index].face, np.float32)
        return numbers[:4], numbers[4:].reshape(5, 2)


def gather(
    name: Path, labelled: list[Labelled], drawings: int, watch: Watch, consensus: Consensus | None = None
) -> Pictures:
    """Decode every picture once, add drawings of no face, and keep all under `name`; a second call reads that.

    Where a consensus of several looks is asked and reached, its landmarks take the place of the label's.
    """
    index = name.with_suffix(".json")
    if not index.exists():
        name.parent.mkdir(parents=True, exist_ok=True)
        entries = list(_write(name, labelled, drawings, watch, consensus))
        index.write_text(json.dumps([asdict(entry) for entry in entries]), encoding="utf-8")
    entries = [Entry(**row) for row in json.loads(index.read_text(encoding="utf-8"))]
    return Pictures(entries, np.memmap(name, dtype=np.uint8, mode="r"))


def _write(
    name: Path, labelled: list[Labelled], drawings: int, watch: Watch, consensus: Consensus | None
) -> Iterator[Entry]:
    offset, total = 0, len(labelled) + drawings
    with name.open("wb") as out:
        for number in watch(range(total), total):
            try:
                read = _picture(number, labelled)
            except (PhotoError, OSError):
                continue  # one file that cannot be read is one picture less
            pixels, face, title = read
            if face and consensus:
                face = _steadied(face, pixels, consensus)
            out.write(np.ascontiguousarray(pixels).tobytes())
            height, width = pixels.shape[:2]
            yield Entry(title, offset, height, width, face)
            offset += pixels.size


def _steadied(face: list[float], pixels: Pixels, consensus: Consensus) -> list[float]:
    x, y, width, height = face[:4]
    points = consensus.points(pixels, np.array([x, y, x + width, y + height], np.float32))
    return face if points is None else [*face[:4], *points.ravel().tolist()]


def _picture(number: int, labelled: list[Labelled]) -> tuple[Pixels, list[float] | None, str]:
    if number >= len(labelled):
        rng = np.random.default_rng((7, number))
        kind = KINDS[number % len(KINDS)]
        return np.asarray(draw(kind, rng, int(rng.integers(96, 256))).convert("RGB")), None, f"drawings/{kind}"
    asked = labelled[number]
    photo = decode(asked.path.read_bytes(), short_side_px=LONG_SIDE_PX)
    factor = min(1.0, LONG_SIDE_PX / max(photo.pixels.shape[:2]))
    height, width = (max(1, round(side * factor)) for side in photo.pixels.shape[:2])
    small = cv2.resize(photo.pixels, (width, height), interpolation=cv2.INTER_AREA) if factor < 1 else photo.pixels
    if asked.box is None or asked.landmarks is None:
        return small, None, str(asked.path)
    scale = photo.scale * factor
    numbers = [*asked.box, *(value for point in asked.landmarks for value in point)]
    return small, [value * scale for value in numbers], str(asked.path)
