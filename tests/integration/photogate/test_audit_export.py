"""From the database into a folder, and what a superuser did in between is found there."""

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from photogate.audit import checkpoints, exports
from photogate.audit import service as audit
from photogate.audit.exported import Export
from photogate.audit.faults import FaultKind
from photogate.audit.log import LogBroken
from photogate.audit.notes import Kind, NoteRefused, PrivateKey
from photogate.audit.sequencing import sequence
from photogate.audit.tables import EventKind
from photogate.audit.verification import verify
from photogate.database import Database
from photogate.errors import Conflict, NotFound

WITNESS = PrivateKey("witness.example", Kind.WITNESS, bytes([1]) * 32)


@pytest.fixture
def superuser(services, database, database_urls):
    """Somebody whom no right holds back."""
    name = make_url(database_urls.app).database
    everything = Database(make_url(services.superuser_url).set(database=name).render_as_string(hide_password=False))
    yield everything
    everything.close()


@pytest.fixture
def key(settings):
    return PrivateKey.load(settings.checkpoint_key_file)


@pytest.fixture
def log(database, key):
    """A log of 10 events and a checkpoint after each third of them."""
    for number in range(10):
        with database.transaction() as session:
            audit.append(session, EventKind.SIGNED_IN, f"user:{number}", score=number / 3)
        with database.transaction() as session:
            sequence(session, most=100)
        if number % 3 == 0:
            sign(database, key)
    return database


def sign(database, key):
    with database.transaction() as session:
        checkpoints.sign(session, lambda: key)


def exported(database, key, folder):
    size = exports.export(database, folder, key.public, lambda *_: None)
    export = Export(folder)
    return size, verify(export, *export.keys(), against=[], witnesses=[WITNESS.public], told=len_of)


def len_of(done):
    assert done >= 0


def test_an_export_holds_the_log_up_to_its_last_checkpoint(log, key, tmp_path):
    with log.transaction() as session:
        audit.append(session, EventKind.SIGNED_OUT, "user:1")
    size, found = exported(log, key, tmp_path / "export")
    assert (size, found.size, found.fault, found.witnesses) == (10, 10, None, [])


def test_cosignatures_are_part_of_it(log, key, tmp_path):
    with log.transaction() as session:
        note = checkpoints.latest(session)
        stated = note.partition("\n\n")[0] + "\n"
        checkpoints.cosign(session, note + WITNESS.sign(stated, time_s=1), [WITNESS.public])
    assert exported(log, key, tmp_path / "export")[1].witnesses == ["witness.example"]


@pytest.mark.parametrize(
    ("done", "kind"),
    [
        ("UPDATE events SET actor = 'user:other' WHERE id = {id}", FaultKind.CHANGED),
        ("UPDATE events SET details = '{{}}' WHERE id = {id}", FaultKind.CHANGED),
        ("UPDATE events SET created_at = created_at + interval '1 microsecond' WHERE id = {id}", FaultKind.CHANGED),
        ("DELETE FROM events WHERE id = {id}", FaultKind.REMOVED),
    ],
)
def test_what_a_superuser_did_to_an_event_is_found_and_named(log, superuser, key, tmp_path, done, kind):
    with superuser.transaction() as session:
        chosen = "(SELECT event_id FROM log_entries WHERE sequence = 4)"
        assert session.execute(text(done.format(id=chosen))).rowcount == 1
    found = exported(log, key, tmp_path / "export")[1].fault
    assert (found.kind, found.first) == (kind, 4)


SLIPPED_IN = """
    INSERT INTO events (id, kind, actor, details, txid, created_at)
    SELECT gen_random_uuid(), kind, 'user:other', details, txid, created_at FROM events WHERE id = {id}
"""


@pytest.mark.parametrize("hidden", ["SELECT 1", "UPDATE events SET txid = txid + 1000000 WHERE id = {other}"])
def test_what_was_slipped_in_is_found_however_many_events_there_seem_to_be(log, superuser, key, tmp_path, hidden):
    ids = {name: f"(SELECT event_id FROM log_entries WHERE sequence = {at})" for name, at in (("id", 4), ("other", 6))}
    with superuser.transaction() as session:
        session.execute(text(SLIPPED_IN.format(**ids)))
        session.execute(text(hidden.format(**ids)))
    assert exported(log, key, tmp_path / "export")[1].fault.kind is FaultKind.INSERTED


def test_a_log_rewritten_with_its_hashes_gets_no_further_signature(log, superuser, key, tmp_path):
    with superuser.transaction() as session:
        session.execute(text("UPDATE log_entries SET leaf_hash = sha256('other') WHERE sequence = 4"))
    with pytest.raises(LogBroken, match="rewritten"):
        sign(log, key)
    found = exported(log, key, tmp_path / "export")[1].fault
    assert (found.kind, found.first, found.end) == (FaultKind.REWRITTEN, 4, 7)


def test_a_log_cut_off_gets_no_further_signature(log, superuser, key):
    with superuser.transaction() as session:
        session.execute(text("DELETE FROM log_entries WHERE sequence >= 8"))
    with pytest.raises(LogBroken, match="rewritten"):
        sign(log, key)


def test_a_log_that_changed_its_key_is_verified_with_both_and_says_so(log, key, tmp_path):
    other = PrivateKey(key.name, Kind.LOG, bytes([7]) * 32)
    with log.transaction() as session:
        kept = checkpoints.latest(session)
        audit.append(session, EventKind.SIGNED_OUT, "user:1")
    with log.transaction() as session:
        sequence(session, most=100)
    for _ in range(2):
        sign(log, other)
        with log.transaction() as session:
            sequence(session, most=100)
    exports.export(log, tmp_path / "export", other.public, lambda *_: None)
    export = Export(tmp_path / "export")
    asked = {"against": [kept], "witnesses": [], "told": len_of}
    assert verify(export, other.public, key.public, **asked).fault is None
    with pytest.raises(NoteRefused, match="not signed by"):
        verify(export, other.public, **asked)
    assert (tmp_path / "export/events.ndjson").read_text().count("checkpoint_key_changed") == 1


def test_exports_are_never_mixed(log, key, tmp_path):
    with pytest.raises(Conflict, match="exists already"):
        exports.export(log, tmp_path, key.public, lambda *_: None)


def test_without_a_checkpoint_there_is_nothing_to_export(database, key, tmp_path):
    with pytest.raises(NotFound, match="no checkpoint yet"):
        exports.export(database, tmp_path / "export", key.public, lambda *_: None)
    assert not (tmp_path / "export").exists()
