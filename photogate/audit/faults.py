"""What can be wrong with a log, said in one sentence each."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """How an export differs from the log that was signed."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    """One of these, and the log's own hashes were made to fit, so that only checkpoints or an earlier export tell."""
    CUT_OFF = "cut off"


_SENTENCES = {
    FaultKind.CHANGED: "Event number {first} (id {event}) was changed after it was signed.",
    FaultKind.REMOVED: "Event number {first} was removed; what stands in its place is {event}.",
    FaultKind.INSERTED: "The event that stands as number {first} (id {event}) was inserted: it was not signed there.",
    FaultKind.REORDERED: "The events were reordered: what stands as number {first} (id {event}) belongs further on.",
    FaultKind.REWRITTEN: "The events are not those that were signed: the first that was changed, removed, inserted or "
    "reordered is among the numbers {first} to {last}; an export from before it tells which (--earlier).",
    FaultKind.CUT_OFF: "The log was cut off or an old state was put back: {signed} events were signed, and it ends "
    "after {first}.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place, counted from 0, at which an export is not the log that was signed.

    `end` is the first place after those in question: `first` + 1 when the place is known exactly, the size that was
    signed when the end is missing. `event` is the id of what stands there, where something readable does.
    """

    kind: FaultKind
    first: int
    end: int
    event: str | None = None

    def __str__(self) -> str:
        return _SENTENCES[self.kind].format(
            first=self.first, last=self.end - 1, signed=self.end, event=self.event or "nothing that can be read"
        )
