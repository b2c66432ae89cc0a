"""Pictures that a split must leave out, because a split that judges it shows the same person or the same picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.decoding import PhotoError, decode
from models.training.duplicates import LEAST_CORRELATION, Fingerprint, candidates, correlation, fingerprint
from models.training.splits import Example, Split, examples

_SHORT_SIDE_PX = 512
_JUDGED_BY = {Split.TRAIN: (Split.CALIBRATION, Split.TEST), Split.CALIBRATION: (Split.TEST,), Split.TEST: ()}


@dataclass(frozen=True, slots=True)
class Leak:
    """A picture to leave out, and the held-out one that it would give away."""

    example: Example
    held_out: Example
    same: str

    def __str__(self) -> str:
        """In words: `icons/1.png shows the same picture as test/7.png`."""
        return f"{self.example.path} shows the same {self.same} as {self.held_out.path}"


def apart(data: Path, split: Split) -> list[Example]:
    """One folder's examples of a split without those that leak."""
    return without_leaks(examples(data, split), judges(data, split))


def without_leaks(chosen: Sequence[Example], held_out: Sequence[Example]) -> list[Example]:
    """The chosen examples but those that show a held-out person, or look like a held-out picture."""
    leaking = {leak.example.path for leak in leaks(chosen, held_out)}
    return [example for example in chosen if example.path not in leaking]


def judges(data: Path, split: Split) -> list[Example]:
    """The examples of one folder that a split is judged on, and must not know."""
    return [example for judge in _JUDGED_BY[split] for example in examples(data, judge)]


def leaks(chosen: Sequence[Example], held_out: Sequence[Example]) -> list[Leak]:
    """One leak for each chosen picture that shows a held-out person, or looks like a held-out picture.

    A perceptual hash proposes pairs (the manifest's, or taken of the picture), grey copies decide
    (docs/adr/0010-training-data.md). A picture that cannot be read leaks nothing.
    """
    found = [*_shared_people(chosen, held_out), *_look_alikes(chosen, held_out)]
    return list({leak.example.path: leak for leak in reversed(found)}.values())[::-1]


def _shared_people(chosen: Sequence[Example], held_out: Sequence[Example]) -> Iterator[Leak]:
    # Each table names people in its own way: the same name in two folders says nothing.
    people = {(example.folder, example.person): example for example in held_out if example.person}
    for example in chosen:
        if other := people.get((example.folder, example.person)):
            yield Leak(example, other, "person")


def _look_alikes(chosen: Sequence[Example], held_out: Sequence[Example]) -> Iterator[Leak]:
    ours, theirs = _hashed(chosen), _hashed(held_out)
    for here, there in candidates([phash for _, phash in ours], [phash for _, phash in theirs]):
        (example, _), (other, _) = ours[here], theirs[there]
        if _alike(_looked_at(example), _looked_at(other)):
            yield Leak(example, other, "picture")


def _hashed(some: Sequence[Example]) -> list[tuple[Example, int]]:
    """The pictures that have a perceptual hash, each with its own."""
    return [(example, phash) for example in some if (phash := _hash_of(example)) is not None]


def _hash_of(example: Example) -> int | None:
    try:
        return int(example.phash, 16)
    except ValueError:
        seen = _looked_at(example)
        return seen.phash if seen else None


def _looked_at(example: Example) -> Fingerprint | None:
    try:
        return fingerprint(decode(example.path.read_bytes(), short_side_px=_SHORT_SIDE_PX).pixels)
    except (PhotoError, OSError):
        return None


def _alike(one: Fingerprint | None, other: Fingerprint | None) -> bool:
    return one is not None and other is not None and correlation(one.grey, other.grey) >= LEAST_CORRELATION
