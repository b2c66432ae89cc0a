"""The history that the record is measured on: what was loaded is what the application would have written."""

from collections import defaultdict
from contextlib import closing

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from benchmarks import long_history
from benchmarks.loading import load
from benchmarks.stories import COLUMNS
from embedded.errors import EmbeddedError
from embedded.provision import connect
from photogate.applications import policies
from photogate.applications.profiles import load_profile
from photogate.audit.exported import Export
from photogate.audit.exports import export
from photogate.audit.notes import PrivateKey
from photogate.audit.verification import verify
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import LEASE, PLACEHOLDER, PORTRAIT, TWO_PEOPLE, decided, user
from worker.sequencing import Sequencer

DECISIONS = 1_000
TOLD_APART_BY = {"events": ("kind",), "decisions": ("actor_kind", "verdict"), "applications": ("status",)}
BUILT = """
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND convalidated
"""


@pytest.fixture
def cursor(services, database_urls, database):
    """The superuser at the empty database."""
    url = make_url(services.superuser_url).set(database=make_url(database_urls.app).database)
    with closing(connect(url)) as connection, connection.cursor() as at_hand:
        yield at_hand


@pytest.fixture
def key(settings):
    return PrivateKey.load(settings.checkpoint_key_file)


def review(database, verdict, codes, number):
    """A person's decision on a case that the policy put before people."""
    person = user(database, email=f"{number}@example.org")
    record = decided(database, TWO_PEOPLE, reference=f"A-9000000{number}")
    with database.transaction() as session:
        task = session.scalars(select(ReviewTask.id).where(ReviewTask.decision_id == record.id)).one()
        reviews.claim(session, task, person, LEASE)
        reviews.decide(session, task, person, verdict, codes)


def as_the_application_writes(database):
    with database.transaction() as session:
        policies.record(session, load_profile("default").outside_applications)
    for number, found in enumerate((PORTRAIT, PLACEHOLDER)):
        decided(database, found, reference=f"A-1000000{number}")
    review(database, Verdict.APPROVED, [], 1)
    review(database, Verdict.REJECTED, [ReasonCode.NOT_SHARP], 2)
    review(database, Verdict.RESUBMISSION_REQUESTED, [ReasonCode.HEAD_SIZE], 3)


def shape(value):
    """What a value is made of: the names in an object and in a list of objects, the length of bytes, else the type."""
    if isinstance(value, dict):
        return frozenset(value)
    if isinstance(value, list):
        return [shape(item) for item in value[:1]]
    return len(value) if isinstance(value, memoryview) else type(value)


def shapes(database):
    found = defaultdict(list)
    with database.transaction() as session:
        for table in COLUMNS:
            for row in session.execute(text(f"SELECT * FROM {table}")).mappings():
                kind = (table, *(row[name] for name in TOLD_APART_BY.get(table, ())))
                shaped = {name: type(value) if name == "models" else shape(value) for name, value in row.items()}
                found[kind] += [] if shaped in found[kind] else [shaped]
    return found


def test_every_row_is_made_like_one_that_the_application_writes(database, cursor, key):
    load(cursor, DECISIONS, key, lambda _: None)
    loaded = shapes(database)
    cursor.execute(f"TRUNCATE {', '.join(COLUMNS)}, decision_terms CASCADE")
    as_the_application_writes(database)
    written = shapes(database)
    assert loaded.keys() == written.keys()
    for kind, made in loaded.items():
        assert [row for row in made if row not in written[kind]] == [], (kind, written[kind])


def test_the_loaded_log_verifies_and_goes_on(database, cursor, key, settings, tmp_path):
    load(cursor, DECISIONS, key, lambda _: None)
    sequencer = Sequencer(settings, database)
    assert sequencer.turn() == 0
    decided(database, PORTRAIT)
    assert sequencer.turn() == 3
    size = export(database, tmp_path / "log", key.public, lambda *_: None)
    found = verify(Export(tmp_path / "log"), key.public, against=[], witnesses=[], told=lambda _: None)
    assert (found.size, found.fault) == (size, None)
    cursor.execute("SELECT count(*) FROM events")
    assert cursor.fetchall() == [(size,)]


def test_every_index_and_key_is_back_and_was_checked(cursor, key):
    cursor.execute(BUILT)
    before = sorted(cursor.fetchall())
    told = []
    load(cursor, DECISIONS, key, told.append)
    cursor.execute(BUILT)
    assert sorted(cursor.fetchall()) == before
    assert told[-1] >= DECISIONS


def interrupted(folder):
    with long_history.emptied(folder):
        assert not folder.exists()
        folder.mkdir()
        raise KeyboardInterrupt


def test_nothing_is_left_of_a_history_that_was_interrupted_or_killed(tmp_path):
    left_by_a_killed_run = tmp_path / "record" / "postgres"
    left_by_a_killed_run.mkdir(parents=True)
    with pytest.raises(KeyboardInterrupt):
        interrupted(tmp_path / "record")
    assert not (tmp_path / "record").exists()


def test_two_do_not_measure_in_one_folder(tmp_path):
    folder = tmp_path / "record"
    with (
        long_history.emptied(folder),
        pytest.raises(EmbeddedError, match="is measuring in"),
        long_history.emptied(folder),
    ):
        pass
