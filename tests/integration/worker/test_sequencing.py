"""Beside the relay, the log is kept: events are logged, signed, and the checkpoints leave the house."""

import http.server
import threading
import time

import pytest
from sqlalchemy import func, select

from photogate.audit import checkpoints
from photogate.audit import service as audit
from photogate.audit.log import ENTRIES, EVENTS
from photogate.audit.notes import KeyRefused, PrivateKey
from photogate.audit.statement import Statement
from photogate.audit.tables import EventKind
from photogate.errors import Unavailable
from worker import sequencing
from worker.sequencing import Publication, Sequencer, to_file, to_store, to_webhook


@pytest.fixture
def sequencer(settings, database) -> Sequencer:
    return Sequencer(settings, database)


@pytest.fixture
def mailbox():
    """A web server that keeps what it is sent, and answers as told."""

    class Keeper(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.server.got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(self.server.answer)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keeper) as server:
        server.got, server.answer = [], 204
        server.url = f"http://127.0.0.1:{server.server_port}/checkpoints"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def write(database, count=1):
    with database.transaction() as session:
        for _ in range(count):
            audit.append(session, EventKind.SIGNED_IN, "user:1")


def last(database):
    with database.transaction() as session:
        return checkpoints.last_signed(session)


def stated(settings, note):
    return Statement.signed(note, PrivateKey.load(settings.checkpoint_key_file).public)


def test_a_turn_logs_and_signs_all_that_has_happened(settings, database, sequencer, monkeypatch):
    monkeypatch.setattr(sequencing, "BATCH", 3)
    write(database, 7)
    assert sequencer.turn() == 7
    assert stated(settings, last(database).note).size == 7
    assert sequencer.turn() == 0
    assert last(database).size == 7


def test_without_a_key_events_are_logged_and_the_missing_signature_is_told(settings, database):
    keyless = settings.model_copy(update={"checkpoint_key_file": settings.checkpoint_key_file / "gone"})
    write(database)
    with pytest.raises(KeyRefused, match="missing"):
        Sequencer(keyless, database).turn()
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(ENTRIES)) == 1
    assert last(database) is None


def test_checkpoints_reach_the_store_once(settings, database, store, sequencer):
    publication = Publication(database, to_store(store))
    publication.turn()
    assert list(store.keys("checkpoints/")) == []
    for _ in range(2):
        write(database)
        sequencer.turn()
        publication.turn()
        publication.turn()
    assert list(store.keys("checkpoints/")) == [f"checkpoints/{size:020}" for size in (1, 2)]
    assert stated(settings, store.get(f"checkpoints/{2:020}").decode()).size == 2


def test_a_file_gets_every_checkpoint_at_its_end(settings, database, sequencer, tmp_path):
    publication = Publication(database, to_file(tmp_path / "checkpoints.txt"))
    written = []
    for _ in range(2):
        write(database)
        sequencer.turn()
        publication.turn()
        written.append(last(database).note)
    assert (tmp_path / "checkpoints.txt").read_text() == "\n".join(written) + "\n"


def test_a_webhook_that_was_away_gets_the_last_checkpoint_when_it_is_back(database, sequencer, mailbox):
    publication = Publication(database, to_webhook(mailbox.url))
    write(database)
    sequencer.turn()
    mailbox.answer = 503
    with pytest.raises(Unavailable, match="503"):
        publication.turn()
    mailbox.answer = 204
    publication.turn()
    publication.turn()
    assert mailbox.got == [last(database).note] * 2


def test_a_webhook_is_not_followed_elsewhere(database, sequencer, mailbox):
    write(database)
    sequencer.turn()
    mailbox.answer = 302
    with pytest.raises(Unavailable, match="302"):
        Publication(database, to_webhook(mailbox.url)).turn()
    assert len(mailbox.got) == 1


def test_the_relay_program_keeps_the_log(settings, database, launch, store):
    launch("relay")
    write(database, 2)
    deadline = time.monotonic() + 60
    while not (events(database) >= 2 and newest(settings, store) == events(database)):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def events(database):
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(EVENTS))


def newest(settings, store):
    keys = list(store.keys("checkpoints/"))
    return max((stated(settings, store.get(key).decode()).size for key in keys), default=0)
