"""Reading an export of the log as a stream, and finding where its events part from its hashes."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import Self

from photogate.audit.exports import CHECKPOINTS_FILE, EVENTS_FILE, HASHES_FILE, KEY_FILE
from photogate.audit.faults import Fault, FaultKind
from photogate.audit.notes import LONGEST_NOTE, PublicKey, public_keys
from photogate.audit.tree import HASH_BYTES, leaf_hash
from photogate.errors import Unprocessable

LONGEST_EVENT = 1 << 24
TOLD_EVERY = 10_000

Progress = Callable[[int], object]
"""Told how many bytes of the events were read."""


class ExportBroken(Unprocessable):
    """The export is incomplete or malformed, so that it shows nothing."""

    code, title = "EXPORT_BROKEN", "The export cannot be verified"


class Export:
    """A folder that `photogate audit export` wrote; the hashes may be missing, as in an export of another origin.

    An `earlier` export of the same log knows the hashes of its events from before anybody rewrote them here.
    """

    def __init__(self, folder: Path, earlier: Self | None = None) -> None:
        self._folder = folder
        self.earlier = earlier
        self._hashes = folder / HASHES_FILE
        for name in (EVENTS_FILE, CHECKPOINTS_FILE):
            if not (folder / name).is_file():
                raise ExportBroken(f"{folder} is no whole export: there is no {name}.")
        if self._hashes.exists() and self._hashes.stat().st_size % HASH_BYTES:
            raise ExportBroken(f"{HASHES_FILE} ends in the middle of a hash: the export is half-written.")

    @property
    def size_bytes(self) -> int:
        """How many bytes of events there are."""
        return (self._folder / EVENTS_FILE).stat().st_size

    def keys(self) -> Sequence[PublicKey]:
        """The public keys that came with the export; raises KeyRefused."""
        return public_keys(self._folder / KEY_FILE)

    def notes(self) -> Iterator[str]:
        """The checkpoints, in the order of the file; raises ExportBroken for what is no text."""
        with (self._folder / CHECKPOINTS_FILE).open(encoding="utf-8", newline="\n") as file:
            try:
                yield from notes_in(iter(partial(file.readline, LONGEST_NOTE), ""))
            except UnicodeDecodeError as error:
                raise ExportBroken(f"{CHECKPOINTS_FILE} holds bytes that are no text.") from error

    def events(self) -> AbstractContextManager[BufferedReader]:
        """The events' file."""
        return (self._folder / EVENTS_FILE).open("rb")

    def expected(self) -> Iterator[bytes] | None:
        """The leaf hashes that came with the events, if they did; those of the earlier export come first."""
        return self._read_hashes() if self._hashes.exists() or self.earlier else None

    def _read_hashes(self) -> Iterator[bytes]:
        known = 0
        if self.earlier:
            known = self.earlier.hash_count
            yield from self.earlier.hashes(0)
        yield from self.hashes(known)

    @property
    def hash_count(self) -> int:
        """How many leaf hashes lie in this folder; raises ExportBroken where there are none."""
        if not self._hashes.exists():
            raise ExportBroken(f"{self._folder} holds no {HASHES_FILE}, by which an earlier export tells more.")
        return self._hashes.stat().st_size // HASH_BYTES

    def hashes(self, start: int) -> Iterator[bytes]:
        """The leaf hashes of this folder from this number on."""
        with self._hashes.open("rb") as file:
            file.seek(start * HASH_BYTES)
            yield from iter(partial(file.read, HASH_BYTES), b"")


def notes_in(lines: Iterable[str]) -> Iterator[str]:
    """Take a file of notes, with empty lines between them, apart; what is left half-written comes as it is."""
    note, is_signed = "", False
    for line in lines:
        if line != "\n" or (note and not is_signed):
            note, is_signed = note + line, is_signed or line == "\n"
        elif note:
            yield note
            note, is_signed = "", False
    if note:
        yield note


def lines_of(file: BufferedReader, told: Progress) -> Iterator[bytes]:
    """The events of an export without their line ends; raises ExportBroken for a last line that has none."""
    for number, line in enumerate(iter(partial(file.readline, LONGEST_EVENT), b"")):
        if line[-1] != ord("\n"):
            raise ExportBroken(f"{EVENTS_FILE} ends in the middle of a line: the export is half-written.")
        if not number % TOLD_EVERY:
            told(file.tell())
        yield line[:-1]


class Comparison:
    """The leaf hashes that came with an export, read beside its events until the two part."""

    def __init__(self, lines: Iterator[bytes], expected: Iterator[bytes] | None) -> None:
        self._lines = lines
        self.parted_at: int | None = None
        self.leaves = map(leaf_hash, lines) if expected is None else self._beside(expected)

    def _beside(self, expected: Iterator[bytes]) -> Iterator[bytes]:
        for place, hashed in enumerate(expected):
            line = next(self._lines, None)
            if line is None or sha256(b"\x00" + line).digest() != hashed:
                self.parted_at = place
                yield hashed
                break
            yield hashed
        yield from expected

    def has_more_events(self) -> bool:
        """Whether events follow after the last hash."""
        return next(self._lines, None) is not None


def fault_at(export: Export, place: int) -> Fault:
    """What happened where events and hashes, which are those that were signed, part."""
    with export.events() as file:
        lines = lines_of(file, lambda _: None)
        _skip(lines, place)
        line = next(lines, None)
        expected = export.expected() or iter(())
        _skip(expected, place)
        missing = next(expected, None)
        if line is None:
            return Fault(FaultKind.REMOVED, place, place + 1)
        is_later_event = leaf_hash(line) in expected
        comes_later = any(leaf_hash(other) == missing for other in lines)
    return Fault(_KINDS[is_later_event, comes_later], place, place + 1, event_id(line))


_KINDS = {
    (True, True): FaultKind.REORDERED,
    (True, False): FaultKind.REMOVED,
    (False, True): FaultKind.INSERTED,
    (False, False): FaultKind.CHANGED,
}
"""By whether what stands in a place was signed further on, and whether what was signed there comes further on."""


def _skip(read: Iterator[bytes], count: int) -> None:
    for _ in zip(range(count), read, strict=False):
        pass


def event_id(line: bytes | None) -> str | None:
    """The id in an event's line, where there is one to read."""
    try:
        read = json.loads(line or b"")
    except (ValueError, RecursionError):
        return None
    return str(read.get("id")) if isinstance(read, dict) else None
