"""Signed checkpoints of the log: making them, reading them, and the witnesses' signatures under them."""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from photogate.audit import service as audit
from photogate.audit.log import LogBroken, StoredLog, head
from photogate.audit.notes import NoteRefused, PrivateKey, PublicKey, divided, has_signed, is_signed_by
from photogate.audit.statement import Statement
from photogate.audit.tables import Checkpoint, Cosignature, EventKind
from photogate.database import table_of
from photogate.errors import NotFound

CHECKPOINTS, COSIGNATURES = table_of(Checkpoint), table_of(Cosignature)

_LATEST = select(CHECKPOINTS.c.size, CHECKPOINTS.c.note).order_by(CHECKPOINTS.c.size.desc()).limit(1)
_OF_SIZE = select(CHECKPOINTS.c.size, CHECKPOINTS.c.note).where(CHECKPOINTS.c.size == bindparam("size"))
_LINES = (
    select(COSIGNATURES.c.line)
    .where(COSIGNATURES.c.size == bindparam("size"))
    .order_by(COSIGNATURES.c.created_at, COSIGNATURES.c.witness)
)
_ADD = upsert(CHECKPOINTS).on_conflict_do_nothing()


class Signed(NamedTuple):
    """A checkpoint: how many events it covers, and its note without cosignatures."""

    size: int
    note: str


def sign(session: Session, load_key: Callable[[], PrivateKey]) -> None:
    """Sign the log as it stands, when something was logged since the last checkpoint.

    Of two who sign at once, one does. Raises LogBroken where history was rewritten, and what `load_key` raises.
    """
    size, last = head(session).size, last_signed(session)
    if last is not None:
        _require_what_was_signed(session, size, last)
    if size == (last.size if last else 0):
        return
    key = load_key()
    if last is not None and not has_signed(key.public, last.note):
        audit.append(session, EventKind.CHECKPOINT_KEY_CHANGED, "system", key=str(key.public))
    stated = Statement(key.name, size, StoredLog(session).edge(size).root())
    note = f"{stated}\n{key.sign(str(stated))}"
    session.execute(_ADD, {"size": size, "root": stated.root, "note": note})


def _require_what_was_signed(session: Session, size: int, last: Signed) -> None:
    """Nobody gets a signature under a log that no longer begins as it did."""
    stated = Statement.parse(divided(last.note)[0])
    if size < stated.size or StoredLog(session).edge(stated.size).root() != stated.root:
        raise LogBroken(f"The log no longer begins with the {stated.size} events that were signed: it was rewritten.")


def last_signed(session: Session) -> Signed | None:
    """The last checkpoint, if there is one."""
    found = session.execute(_LATEST).one_or_none()
    return Signed(found.size, found.note) if found else None


def latest(session: Session) -> str:
    """The last checkpoint with its cosignatures; raises NotFound while there is none."""
    found = last_signed(session)
    if found is None:
        raise NotFound("There is no checkpoint yet.")
    return _with_witnesses(session, found.size, found.note)


def of_size(session: Session, size: int) -> str:
    """The checkpoint of this size with its cosignatures; raises NotFound."""
    found = session.execute(_OF_SIZE, {"size": size}).one_or_none()
    if found is None:
        raise NotFound(f"There is no checkpoint of size {size}.")
    return _with_witnesses(session, found.size, found.note)


def cosign(session: Session, note: str, witnesses: Collection[PublicKey]) -> Sequence[str]:
    """Keep what known witnesses signed under one of our checkpoints; returns their names.

    Raises NoteRefused when the note is not our checkpoint or no known witness signed it, NotFound.
    """
    text, lines = divided(note)
    stated = Statement.parse(text)
    if divided(of_size(session, stated.size))[0] != text:
        raise NoteRefused("This is not the checkpoint that this log has signed.")
    signed = {key.name: line for key in witnesses for line in lines if is_signed_by(line, text, key)}
    if not signed:
        raise NoteRefused("No witness that this log knows has signed the checkpoint.")
    for name, line in signed.items():
        kept = {"size": stated.size, "witness": name, "line": line}
        session.execute(upsert(COSIGNATURES).values(kept).on_conflict_do_nothing())
    return sorted(signed)


def _with_witnesses(session: Session, size: int, note: str) -> str:
    return note + "".join(f"{line}\n" for line in session.scalars(_LINES, {"size": size}))
