"""What is wrong with a folder of pictures before anything trains on it."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.decoding import PhotoError, decode
from models.training.duplicates import Fingerprint, fingerprint, near_duplicates
from models.training.manifest import LABELS, MANIFEST, Row, read_manifest
from models.training.splits import Example, Split, assignment

_SHORT_SIDE_PX = 512
_TOLD_APART = 20

Watch = Callable[[Iterable[Row], int], Iterable[Row]]
"""Shows progress over so many rows."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found: `faults` must be put right before training, `notes` should be known."""

    pictures: int
    splits: dict[str, int]
    faults: list[str]
    notes: list[str]


def inspect(data: Path, watch: Watch) -> Inspected:
    """Check the table, every picture, and that splits share no person, source or picture; raises ManifestError."""
    rows = read_manifest(data)
    split_of = _splits(rows)
    faults = [*_line_faults(rows), *_shared_people(rows, split_of)]
    prints: dict[str, dict[str, Fingerprint]] = {split: {} for split in Split}
    for row in watch(rows, len(rows)):
        try:
            found = _examined(data, row)
        except _Fault as fault:
            faults.append(f"{row.file}: {fault}")
        else:
            prints[split_of[row]][row.file] = found
    faults.extend(_look_alike(prints))
    counted = {str(split): sum(1 for row in rows if split_of[row] is split) for split in Split}
    return Inspected(len(rows), counted, faults, [*_shared_sources(rows, split_of), *_strays(data, rows)])


class _Fault(Exception):
    """One picture's fault, in words."""


def _examined(data: Path, row: Row) -> Fingerprint:
    """The picture's fingerprint; _Fault where it is missing, changed or unreadable."""
    path = data / row.file
    if not path.resolve().is_relative_to(data.resolve()):
        raise _Fault("lies outside the folder")
    try:
        content = path.read_bytes()
    except OSError:
        raise _Fault("is named in the table and not there") from None
    if hashlib.sha256(content).hexdigest() != row.sha256.lower():
        raise _Fault("does not have the SHA-256 that the table gives")
    try:
        return fingerprint(decode(content, short_side_px=_SHORT_SIDE_PX).pixels)
    except PhotoError as error:
        raise _Fault(f"cannot be read: {error}") from None


def _splits(rows: list[Row]) -> dict[Row, Split]:
    examples = [Example(row.file, row.label, row.source_repo, row.sha256, None) for row in rows]
    belongs = assignment(examples)
    return {row: belongs[row.label, row.source_repo] for row in rows}


def _line_faults(rows: list[Row]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for row in rows:
        if row.label not in LABELS:
            yield f"{row.file}: has the label “{row.label}”, which is none of {', '.join(LABELS)}"
        if not row.licence:
            yield f"{row.file}: has no licence"
        if not row.source_repo:
            yield f"{row.file}: has no source"
        if first := seen.get(row.sha256):
            yield f"{row.file}: is {first} once more, byte for byte"
        seen.setdefault(row.sha256, row.file)


def _shared_people(rows: list[Row], split_of: dict[Row, Split]) -> Iterator[str]:
    places: dict[str, set[Split]] = defaultdict(set)
    for row in rows:
        if row.person_id:
            places[row.person_id].add(split_of[row])
    for person, splits in places.items():
        if len(splits) > 1:
            yield f"Person {person} is in {_and(splits)}"


def _shared_sources(rows: list[Row], split_of: dict[Row, Split]) -> Iterator[str]:
    """A source whose labels lie in several splits: no leak of one class, yet worth knowing."""
    places: dict[str, set[Split]] = defaultdict(set)
    for row in rows:
        places[row.source_repo].add(split_of[row])
    for source, splits in places.items():
        if len(splits) > 1:
            yield f"The labels of {source} lie in {_and(splits)}"


def _look_alike(prints: dict[str, dict[str, Fingerprint]]) -> Iterator[str]:
    for pair in near_duplicates(prints):
        yield f"{pair.first} looks like {pair.second} in another split (r = {pair.correlation:.2f})"


def _strays(data: Path, rows: list[Row]) -> Iterator[str]:
    """Pictures that lie there and are in no line; the first twenty by name, then how many more."""
    named = {row.file for row in rows}
    lying = (path.relative_to(data).as_posix() for path in sorted(data.rglob("*")) if path.is_file())
    strays = [name for name in lying if name not in named and not name.endswith((MANIFEST, ".md", ".xml"))]
    yield from (f"{name} is not in the table, and nothing uses it" for name in strays[:_TOLD_APART])
    if len(strays) > _TOLD_APART:
        yield f"{len(strays) - _TOLD_APART} more files are not in the table"


def _and(splits: set[Split]) -> str:
    return " and ".join(sorted(splits))
