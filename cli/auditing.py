"""What `photogate audit export` and `photogate audit verify` do, with their progress."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from photogate.audit import proofs
from photogate.audit import service as audit
from photogate.audit.exported import Export, ExportBroken, notes_in
from photogate.audit.exports import export
from photogate.audit.notes import LONGEST_NOTE, KeyRefused, NoteRefused, PrivateKey, PublicKey, public_keys
from photogate.audit.statement import Statement
from photogate.audit.tables import EventKind
from photogate.audit.verification import CAN_AND_CANNOT, Verified, verify
from photogate.database import Database
from photogate.settings import Settings

ACTOR = "user:command-line"
CHECKPOINTS_COMPARED = 2


class Refused(Exception):
    """What was verified is not what was signed; says why in one sentence."""


def export_log(settings: Settings, folder: Path) -> str:
    """Export the log and say what was written."""
    database, key = Database(settings.database_url), PrivateKey.load(settings.checkpoint_key_file).public
    with _progress("Events") as progress:
        bar = progress.add_task("", total=None)
        size = export(database, folder, key, lambda done, of: progress.update(bar, completed=done, total=of))
    with database.transaction() as session:
        audit.append(session, EventKind.LOG_EXPORTED, ACTOR, events=size)
    return (
        f"{size:,} events, up to the last checkpoint, are in {folder}; `photogate audit verify {folder}` proves them."
    )


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an export is held to: public keys, checkpoints kept elsewhere, witnesses, an earlier export; each a path."""

    key: Path | None
    against: Sequence[Path]
    witnesses: Path | None
    earlier: Path | None


def verify_export(folder: Path, grounds: Grounds) -> str:
    """Say in one sentence what an export proves; raises Refused where it is not the log that was signed."""
    before = _earlier(grounds)
    exported = Export(folder, before)
    keys = public_keys(grounds.key) if grounds.key else exported.keys()
    found = _verified(exported, keys, grounds)
    if found.fault is not None:
        raise Refused(str(found.fault))
    return _praise(found, keys, came_with_it=grounds.key is None)


def _earlier(grounds: Grounds) -> Export | None:
    """The earlier export, if it holds by itself; raises ExportBroken where its hashes would accuse the innocent."""
    if grounds.earlier is None:
        return None
    before = Export(grounds.earlier)
    keys = public_keys(grounds.key) if grounds.key else before.keys()
    if not before.hash_count or _verified(before, keys, replace(grounds, against=(), witnesses=None)).fault:
        raise ExportBroken(f"{grounds.earlier} does not hold by itself, so it shows nothing about another export.")
    return before


def _verified(exported: Export, keys: Sequence[PublicKey], grounds: Grounds) -> Verified:
    with _progress("Events") as progress:
        bar = progress.add_task("", total=exported.size_bytes)
        return verify(
            exported,
            *keys,
            against=[note for path in grounds.against for note in _notes(path)],
            witnesses=public_keys(grounds.witnesses) if grounds.witnesses else [],
            told=lambda done: progress.update(bar, completed=done),
        )


def verify_proof(path: Path, key: Path | None, against: Sequence[Path]) -> str:
    """Say what a proof shows, of one event or, against two checkpoints, of all; raises Refused where it does not."""
    if key is None:
        raise KeyRefused("A proof is verified with the log's public key: give it with --key.")
    keys, written = public_keys(key), path.read_bytes()
    if not against:
        return _included(proofs.InclusionProof.read(written), keys)
    stated = [Statement.signed(note, *keys) for kept in against for note in _notes(kept)]
    return _consistent(proofs.ConsistencyProof.read(written), sorted(stated, key=attrgetter("size")))


def _included(proof: proofs.InclusionProof, keys: Sequence[PublicKey]) -> str:
    try:
        stated = proof.verify(*keys)
    except proofs.ProofRefused as refused:
        raise Refused(refused.detail) from None
    return f"The event is number {proof.sequence} of the {stated.size} that {stated.origin} has signed:\n{proof.event}"


def _consistent(proof: proofs.ConsistencyProof, stated: Sequence[Statement]) -> str:
    if len(stated) != CHECKPOINTS_COMPARED:
        raise NoteRefused(f"Two checkpoints are compared, and here are {len(stated)}.")
    old, new = stated
    try:
        proof.verify(old, new)
    except proofs.ProofRefused as refused:
        raise Refused(refused.detail) from None
    return f"The log of {new.size} events begins with the {old.size} that {old.origin} had signed before."


def _praise(found: Verified, keys: Sequence[PublicKey], *, came_with_it: bool) -> str:
    elsewhere = f", {found.kept_elsewhere} of them by a checkpoint kept elsewhere" if found.kept_elsewhere else ""
    witnessed = f", and {' and '.join(found.witnesses)} witnessed it" if found.witnesses else ""
    whose = " (the key that came with the export: compare it)" if came_with_it else ""
    known = " or ".join(f"{key.name}+{key.id.hex()}" for key in keys)
    signed = f"signed with {known}{whose}{elsewhere}{witnessed}"
    return f"All {found.size:,} events are whole and in order, {signed}. {CAN_AND_CANNOT}"


def _notes(path: Path) -> list[str]:
    written = path.read_bytes().decode(errors="replace")
    notes = list(notes_in(line + "\n" for line in written.split("\n")))
    if not notes or any(len(note) > LONGEST_NOTE for note in notes):
        raise NoteRefused(f"{path} holds no checkpoint.")
    return notes


def _progress(what: str) -> Progress:
    columns = (TextColumn(what), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
