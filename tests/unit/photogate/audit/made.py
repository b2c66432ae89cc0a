"""An export of a small log, made without a database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from photogate.audit.exports import CHECKPOINTS_FILE, EVENTS_FILE, HASHES_FILE, KEY_FILE
from photogate.audit.leaves import leaf
from photogate.audit.notes import Kind, PrivateKey
from photogate.audit.statement import Statement
from photogate.audit.tree import leaf_hash, root

KEY = PrivateKey("log.example", Kind.LOG, bytes(32))
BEGAN = datetime(2026, 11, 21, tzinfo=UTC)


def event(number: int) -> bytes:
    """One event of the log."""
    return leaf(
        id=UUID(int=number),
        kind="signed_in",
        actor=f"user:{number}",
        application_id=None,
        details="{}",
        created_at=BEGAN + timedelta(seconds=number),
    )


def signed(events: list[bytes], key: PrivateKey = KEY) -> str:
    """A checkpoint over these events."""
    stated = Statement(key.name, len(events), root([leaf_hash(one) for one in events]))
    return f"{stated}\n{key.sign(str(stated))}"


def write(folder: Path, events: list[bytes], sizes: list[int], *, hashes: bool = True) -> list[bytes]:
    """Write the export of a log that was signed at these sizes; returns its events."""
    folder.mkdir(parents=True, exist_ok=True)
    put(folder, events)
    (folder / CHECKPOINTS_FILE).write_text("".join(signed(events[:size]) + "\n" for size in sizes))
    (folder / KEY_FILE).write_text(f"{KEY.public}\n")
    if hashes:
        (folder / HASHES_FILE).write_bytes(b"".join(leaf_hash(one) for one in events))
    return events


def put(folder: Path, events: list[bytes]) -> None:
    """Put other events into an export."""
    (folder / EVENTS_FILE).write_bytes(b"".join(one + b"\n" for one in events))
