"""Proofs about the log: that an event is in it, and that a later log begins with an earlier one."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from photogate.audit import checkpoints
from photogate.audit.log import ENTRIES, EVENTS, LEAF_COLUMNS, StoredLog, leaf_of
from photogate.audit.notes import PublicKey
from photogate.audit.statement import Statement
from photogate.audit.tree import consistency_proof, inclusion_proof, is_consistent, is_included, leaf_hash
from photogate.errors import Conflict, NotFound, Unprocessable

_EVENT = (
    select(*LEAF_COLUMNS, ENTRIES.c.sequence)
    .outerjoin(ENTRIES, ENTRIES.c.event_id == EVENTS.c.id)
    .where(EVENTS.c.id == bindparam("id"))
)


_MALFORMED = (ValueError, TypeError, KeyError, OverflowError, RecursionError)


class NotYetSigned(Conflict):
    """The event happened, and no checkpoint covers it yet."""

    code, title = "NOT_YET_SIGNED", "No checkpoint covers this event yet"


class ProofRefused(Unprocessable):
    """This proof is malformed, or does not show what it should."""

    code, title = "PROOF_REFUSED", "The proof does not hold"


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That `event`, canonical JSON, is number `sequence` of the log that `checkpoint` signs."""

    event: str
    sequence: int
    hashes: tuple[bytes, ...]
    checkpoint: str

    def as_json(self) -> dict[str, Any]:
        """The proof as it travels; hashes in base64."""
        return {
            "event": self.event,
            "sequence": self.sequence,
            "hashes": _in_base64(self.hashes),
            "checkpoint": self.checkpoint,
        }

    @classmethod
    def read(cls, written: bytes) -> Self:
        """Read a proof that `as_json` wrote; raises ProofRefused."""
        try:
            read = json.loads(written)
            event = str(read["event"])
            event.encode()  # JSON can write half a letter, which no event holds
            return cls(event, int(read["sequence"]), _hashes(read), str(read["checkpoint"]))
        except _MALFORMED as error:
            raise ProofRefused("This is no proof as `photogate audit proof` writes it.") from error

    def verify(self, *keys: PublicKey) -> Statement:
        """What the checkpoint states, once the event is shown to be under it; raises ProofRefused, NoteRefused."""
        stated = Statement.signed(self.checkpoint, *keys)
        leaf = leaf_hash(self.event.encode())
        if not is_included(leaf, self.sequence, stated.size, self.hashes, stated.root):
            raise ProofRefused("The event is not at this place of the log that the checkpoint signs.")
        return stated


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the first `size` events begin with the first `old_size`."""

    old_size: int
    size: int
    hashes: tuple[bytes, ...]

    def as_json(self) -> dict[str, Any]:
        """The proof as it travels; hashes in base64."""
        return {"old_size": self.old_size, "size": self.size, "hashes": _in_base64(self.hashes)}

    @classmethod
    def read(cls, written: bytes) -> Self:
        """Read a proof that `as_json` wrote; raises ProofRefused."""
        try:
            read = json.loads(written)
            return cls(int(read["old_size"]), int(read["size"]), _hashes(read))
        except _MALFORMED as error:
            raise ProofRefused("This is no proof as `photogate audit consistency` writes it.") from error

    def verify(self, old: Statement, new: Statement) -> None:
        """Raise ProofRefused unless this shows that the log of `new` begins with that of `old`."""
        if (self.old_size, self.size) != (old.size, new.size):
            raise ProofRefused(
                f"The proof is for {self.old_size} and {self.size} events, and not for these checkpoints."
            )
        if not is_consistent(old.size, new.size, old.root, new.root, self.hashes):
            raise ProofRefused(
                f"The log of {new.size} events does not begin with the {old.size} that were signed before: "
                "history was rewritten, or the proof is for another log."
            )


def prove_inclusion(session: Session, event_id: UUID) -> InclusionProof:
    """Prove one event against the last checkpoint.

    Raises NotFound, NotYetSigned, LogBroken; whether the event was changed since, the proof's reader finds out.
    """
    event = session.execute(_EVENT, {"id": event_id}).one_or_none()
    if event is None:
        raise NotFound("There is no such event.")
    signed = checkpoints.last_signed(session)
    if event.sequence is None or signed is None or event.sequence >= signed.size:
        raise NotYetSigned("The event will be under the next checkpoint, in about a second.")
    hashes = inclusion_proof(event.sequence, signed.size, StoredLog(session).subtree)
    return InclusionProof(leaf_of(event).decode(), event.sequence, tuple(hashes), checkpoints.latest(session))


def prove_consistency(session: Session, old_size: int, size: int) -> ConsistencyProof:
    """Prove that the first `size` events begin with the first `old_size`, at least one.

    Raises Unprocessable for sizes that the last checkpoint does not cover, LogBroken.
    """
    signed = checkpoints.last_signed(session)
    if not 0 < old_size <= size or signed is None or size > signed.size:
        raise Unprocessable(
            f"Sizes from 1 up to {signed.size if signed else 0} can be compared, the smaller one first."
        )
    return ConsistencyProof(old_size, size, tuple(consistency_proof(old_size, size, StoredLog(session).subtree)))


def _in_base64(hashes: Iterable[bytes]) -> list[str]:
    return [b64encode(hashed).decode() for hashed in hashes]


def _hashes(read: Mapping[str, Any]) -> tuple[bytes, ...]:
    return tuple(b64decode(hashed, validate=True) for hashed in read["hashes"])
