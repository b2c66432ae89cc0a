"""The schema is what the code believes, can go back, and lets nobody rewrite history."""

import secrets
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, ProgrammingError

from embedded.provision import connect, provision
from migrations.metadata import metadata
from migrations.run import check, downgrade, upgrade
from photogate.database import Database
from tests.factories import PORTRAIT, decided

HISTORY = (
    *("assessments", "decisions", "decision_terms", "events", "policies"),
    *("tallied_days", "decision_tallies", "decision_times"),
    *("log_entries", "log_nodes", "checkpoints", "cosignatures"),
    *("mandates", "mandate_standings"),
    *("model_records", "promotions", "promotion_settlements", "shadow_judgements", "labelled_measurements"),
    *("review_verdicts", "golden_cases"),
)


@pytest.fixture
def empty(services):
    name = f"photogate_migrations_{secrets.token_hex(4)}"
    yield provision(services.superuser_url, name)
    with closing(connect(make_url(services.superuser_url))) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def relations(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ '^alembic' "
                "UNION SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'"
            )
        )
        names = set(found.scalars())
    engine.dispose()
    return names


def test_the_tables_are_those_of_the_code(empty):
    upgrade(empty.owner)
    check(empty.owner)


def test_a_downgrade_leaves_nothing_and_can_be_taken_back(empty):
    assert relations(empty.owner) == set()
    upgrade(empty.owner)
    assert set(metadata.tables) < relations(empty.owner)
    downgrade(empty.owner, "base")
    assert relations(empty.owner) == set()


WAYS_TO_REWRITE = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {column} = DEFAULT",
    "merge": "MERGE INTO {table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
    "drop": "DROP TABLE {table} CASCADE",
    "alter": "ALTER TABLE {table} DROP COLUMN {column}",
    "rename": "ALTER TABLE {table} RENAME TO gone",
    "own": "ALTER TABLE {table} OWNER TO photogate_app",
    "grant": "GRANT UPDATE ON {table} TO photogate_app; UPDATE {table} SET {column} = {column}",
    "rule": "CREATE RULE forgetful AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "trigger": "CREATE TRIGGER off BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
}


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("way", WAYS_TO_REWRITE)
def test_the_application_cannot_rewrite_history(database, table, way):
    decided(database, PORTRAIT)
    key = metadata.tables[table].primary_key.columns.keys()
    names = {"table": table, "column": key[0], "key": ", ".join(key)}
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), database.transaction() as session:
        session.execute(text(WAYS_TO_REWRITE[way].format(**names)))


def test_the_application_cannot_become_whoever_may_rewrite_history(database):
    for role in ("photogate_owner", "SESSION AUTHORIZATION photogate_owner"):
        with pytest.raises(ProgrammingError, match="permission denied"), database.transaction() as session:
            session.execute(text(f"SET {role if ' ' in role else f'ROLE {role}'}"))


def test_the_application_deletes_idempotency_keys_and_nothing_else(database):
    for table in set(metadata.tables) - {"idempotency_keys"}:
        with pytest.raises(ProgrammingError, match="permission denied"), database.transaction() as session:
            session.execute(text(f"DELETE FROM {table}"))


def test_history_does_not_fork(database):
    record = decided(database, PORTRAIT)
    columns = "application_id, photo_id, assessment_id, verdict, reasons, policy, models, actor_kind, user_id"
    copy = (
        f"INSERT INTO decisions (id, supersedes_id, {columns}) "
        f"SELECT gen_random_uuid(), :first, {columns} FROM decisions"
    )
    for supersedes in (None, record.id):
        with pytest.raises(DBAPIError, match="uq_decisions"), database.transaction() as session:
            session.execute(text(copy), {"first": supersedes})


def test_a_blocked_migration_gives_up_instead_of_making_everybody_wait(empty):
    upgrade(empty.owner)
    blocker = Database(empty.owner)
    with blocker.transaction() as session:
        session.execute(text("LOCK TABLE review_tasks"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            downgrade(empty.owner, "base")
    blocker.close()
