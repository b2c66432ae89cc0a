"""Verifying an export offline: that it is the log which was signed, whole and in order, or where it first is not."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from photogate.audit.exported import Comparison, Export, ExportBroken, Progress, fault_at, lines_of
from photogate.audit.faults import Fault, FaultKind
from photogate.audit.notes import PublicKey, divided, has_signed
from photogate.audit.statement import Statement
from photogate.audit.tree import Frontier

CAN_AND_CANNOT = (
    "This proves that nothing was changed, removed, inserted or reordered since it was signed; it cannot prove that "
    "what was written was true, anything about events after the last checkpoint, nor, without a checkpoint kept "
    "elsewhere or a witness, that the holder of the key did not sign a rewritten log."
)


@dataclass(frozen=True, slots=True)
class Verified:
    """How many events are proven, by which signed size, who witnessed it, and what is wrong if something is."""

    size: int
    kept_elsewhere: int
    witnesses: Sequence[str]
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class _Stop:
    """A checkpoint on the way through the log; the signature is only looked at where it matters."""

    stated: Statement
    note: str
    is_own: bool

    @property
    def size(self) -> int:
        return self.stated.size


def verify(
    export: Export, *keys: PublicKey, against: Sequence[str], witnesses: Sequence[PublicKey], told: Progress
) -> Verified:
    """Read an export once, and hold it to its checkpoints and to those notes `against` it that were kept elsewhere.

    Any of the log's `keys` may have signed. Memory stays constant. Raises ExportBroken, NoteRefused.
    """
    elsewhere = sorted(
        (_Stop(Statement.signed(note, *keys), note, is_own=False) for note in against), key=attrgetter("size")
    )
    with export.events() as file:
        compared = Comparison(lines_of(file, told), export.expected())
        walk = _Walk(keys, compared)
        stops = heapq.merge(_own(export), elsewhere, key=attrgetter("size"))
        fault = walk.along(stops) or _difference(export, compared, walk.proven)
    found = [witness.name for witness in witnesses if walk.proven and has_signed(witness, walk.last.note)]
    return Verified(walk.proven, elsewhere[-1].size if elsewhere else 0, found, fault)


class _Walk:
    """Grows the tree leaf by leaf and compares its root at every checkpoint."""

    def __init__(self, keys: Sequence[PublicKey], compared: Comparison) -> None:
        self._keys, self._compared = keys, compared
        self._grown = Frontier()
        self.last = self._last_elsewhere = _Stop(Statement("", 0, self._grown.root()), "", is_own=False)

    @property
    def proven(self) -> int:
        """How many leaves are those that were signed."""
        return self.last.size

    def along(self, stops: Iterable[_Stop]) -> Fault | None:
        """Walk from checkpoint to checkpoint; returns what is wrong with the hashes, if something is."""
        seen = None
        for stop in stops:
            fault = self._up_to(stop)
            if fault is not None:
                self._require_signature(self.last)
                self._require_signature(stop)
                return self._earlier_of(fault)
            seen = self.last = stop
            self._last_elsewhere = self._last_elsewhere if stop.is_own else stop
        if seen is None:
            raise ExportBroken("There is no checkpoint to verify against.")
        # One signature covers all that lies before it, so only the last one is checked.
        self._require_signature(self.last)
        return None

    def _up_to(self, stop: _Stop) -> Fault | None:
        grown = self._grown
        push = grown.push
        for leaf in islice(self._compared.leaves, stop.size - grown.size):
            push(leaf)
        if grown.size < stop.size:
            return Fault(FaultKind.CUT_OFF, grown.size, stop.size)
        if grown.root() != stop.stated.root:
            # Its own checkpoints may all be of a log that was signed anew, and then say nothing of the old one.
            agreed = self.last if stop.is_own else self._last_elsewhere
            return Fault(FaultKind.REWRITTEN, agreed.size, stop.size)
        return None

    def _earlier_of(self, fault: Fault) -> Fault | None:
        """An event that parts from a hash which is proven comes before whatever is wrong with the hashes."""
        parted_at = self._compared.parted_at
        return None if parted_at is not None and parted_at < fault.first else fault

    def _require_signature(self, stop: _Stop) -> None:
        if stop.size:
            Statement.signed(stop.note, *self._keys)


def _difference(export: Export, compared: Comparison, proven: int) -> Fault | None:
    """What is wrong with the events while the hashes are right."""
    if compared.parted_at is not None:
        return fault_at(export, compared.parted_at)
    if compared.has_more_events():
        return Fault(FaultKind.INSERTED, proven, proven + 1)
    return None


def _own(export: Export) -> Iterator[_Stop]:
    """The checkpoints that an earlier export kept, and from there on the export's own; raises ExportBroken."""
    covered = 0
    if export.earlier:
        for stop in _in_order(export.earlier.notes(), is_own=False):
            covered = stop.size
            yield stop
    yield from (stop for stop in _in_order(export.notes(), is_own=True) if stop.size > covered)


def _in_order(notes: Iterable[str], *, is_own: bool) -> Iterator[_Stop]:
    """Checkpoints as they stand in a file; raises ExportBroken where they do not come in order."""
    last = 0
    for note in notes:
        stop = _Stop(Statement.parse(divided(note)[0]), note, is_own)
        if stop.size <= last:
            raise ExportBroken("The checkpoints do not come in the order of their sizes.")
        last = stop.size
        yield stop
