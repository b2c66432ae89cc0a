"""The log gives every event one place, in the order of their transactions, and knows when it has been damaged."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from photogate.audit import service as audit
from photogate.audit.leaves import leaf
from photogate.audit.log import ENTRIES, EVENTS, NODES, LogBroken, StoredLog, head
from photogate.audit.rebasing import rebase
from photogate.audit.sequencing import LogStalled, sequence
from photogate.audit.tables import EventKind
from photogate.audit.tree import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root,
)
from photogate.database import Database


@pytest.fixture
def superuser(services, database, database_urls):
    """Somebody whom no right holds back."""
    name = make_url(database_urls.app).database
    everything = Database(make_url(services.superuser_url).set(database=name).render_as_string(hide_password=False))
    yield everything
    everything.close()


def write(session, count=1, **details):
    for number in range(count):
        audit.append(session, EventKind.SIGNED_IN, f"user:{number}", **details)


def log_all(database, most=1000):
    """Log what waits; returns how many."""
    logged = 0
    while True:
        with database.transaction() as session:
            found = sequence(session, most=most)
        if not found:
            return logged
        logged += found


def leaf_hashes(database):
    with database.transaction() as session:
        return [bytes(one) for one in session.scalars(select(ENTRIES.c.leaf_hash).order_by(ENTRIES.c.sequence))]


def actors(database):
    with database.transaction() as session:
        joined = select(EVENTS.c.actor).join(ENTRIES, ENTRIES.c.event_id == EVENTS.c.id).order_by(ENTRIES.c.sequence)
        return list(session.scalars(joined))


def test_events_come_in_the_order_of_their_transactions_and_once(database):
    for _ in range(3):
        with database.transaction() as session:
            write(session, 2)
    assert log_all(database, most=4) == 6
    assert log_all(database) == 0
    assert actors(database) == ["user:0", "user:1"] * 3
    with database.transaction() as session:
        assert list(session.scalars(select(ENTRIES.c.sequence).order_by(ENTRIES.c.sequence))) == list(range(6))


def test_what_is_hashed_is_the_canonical_event(database):
    with database.transaction() as session:
        write(session, seen={"b": 1, "a": [0.5, 10**20, "é"]})
    log_all(database)
    with database.transaction() as session:
        event = session.execute(select(EVENTS)).one()
    created = event.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    canonical = (
        f'{{"actor":"user:0","application_id":null,"created_at":"{created}",'
        f'"details":{{"seen":{{"a":[0.5,100000000000000000000,"é"],"b":1}}}},"id":"{event.id}","kind":"signed_in"}}'
    )
    assert leaf_hashes(database) == [leaf_hash(canonical.encode())]


def test_an_event_waits_for_older_transactions_that_still_write(database):
    with database.transaction() as slow:
        write(slow, 1)
        with database.transaction() as quick:
            write(quick, 2)
        assert log_all(database) == 0
    assert log_all(database) == 3
    assert actors(database) == ["user:0", "user:0", "user:1"]


def test_an_event_that_was_rolled_back_leaves_no_gap(database):
    with database.transaction() as session:
        write(session, 1)
        session.rollback()
    with database.transaction() as session:
        write(session, 1)
    assert log_all(database) == 1


def test_two_sequencers_log_nothing_twice(database, database_urls):
    with database.transaction() as session:
        write(session, 300)
    loops = [threading.Thread(target=log_all, args=[Database(database_urls.app), 7]) for _ in range(4)]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    log_all(database)
    assert len(leaf_hashes(database)) == 300


def test_proofs_from_the_kept_hashes_hold_across_tiles(database):
    with database.transaction() as session:
        write(session, 700)
    log_all(database, most=99)
    hashes = leaf_hashes(database)
    with database.transaction() as session:
        log = StoredLog(session)
        assert session.scalar(select(func.count()).select_from(NODES)) == 2
        whole = log.edge(700).root()
        assert whole == root(hashes) == log.subtree(0, 700)
        for index in (0, 255, 256, 511, 640, 699):
            assert is_included(hashes[index], index, 700, inclusion_proof(index, 700, log.subtree), whole)
        for old in (1, 255, 256, 300, 512, 700):
            proof = consistency_proof(old, 700, log.subtree)
            assert is_consistent(old, 700, log.edge(old).root(), whole, proof)


def test_a_hole_in_the_log_is_named(database, superuser):
    with database.transaction() as session:
        write(session, 5)
    log_all(database)
    with superuser.transaction() as session:
        session.execute(text("DELETE FROM log_entries WHERE sequence = 2"))
    with pytest.raises(LogBroken, match="hashes 0 to 4"), database.transaction() as session:
        StoredLog(session).edge(head(session).size)


def test_a_counter_that_went_back_stalls_the_log_loudly(database, superuser):
    with database.transaction() as session:
        write(session, 1)
    log_all(database)
    with superuser.transaction() as session:
        session.execute(text("UPDATE log_entries SET txid = 1000000000000000"))
    with pytest.raises(LogStalled, match="restored on another server"), database.transaction() as session:
        sequence(session, most=10)


@pytest.fixture
def moved(database, database_urls, superuser):
    """A database that was restored on a server which has counted few transactions: its own are all far ahead."""
    with database.transaction() as session:
        write(session, 3)
    log_all(database)
    with superuser.transaction() as session:
        for table in ("events", "log_entries"):
            session.execute(text(f"UPDATE {table} SET txid = txid + 1000000000000"))
    owner = Database(database_urls.owner)
    yield owner
    with owner.transaction() as session:
        as_it_was = "CREATE OR REPLACE FUNCTION log_txid(xid8) RETURNS bigint LANGUAGE sql STABLE AS "
        session.execute(text(as_it_was + "'SELECT ($1::text)::bigint + 0'"))
    owner.close()


def test_a_database_that_was_moved_logs_on_after_a_rebase(database, moved):
    with database.transaction() as session:
        write(session, 2)
    with pytest.raises(LogStalled), database.transaction() as session:
        sequence(session, most=10)
    with moved.transaction() as session:
        assert rebase(session) == 2
    with database.transaction() as session:
        write(session, 1)
    assert log_all(database) == 3
    assert actors(database) == ["user:0", "user:1", "user:2", "user:0", "user:1", "user:0"]
    with moved.transaction() as session:
        assert rebase(session) is None


def test_a_leaf_has_one_form_for_one_content():
    when = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    made = [
        leaf(id=None, kind="k", actor="a", application_id=None, details=details, created_at=when)
        for details in ('{"a": 1, "b": 2.50}', '{"b":2.5,"a":1.0}')
    ]
    assert made[0] == made[1]
