"""How long auditors and the checker wait for every open case, where a million applications lie."""

import time
from collections.abc import Callable
from contextlib import closing
from statistics import median

from psycopg2 import extensions
from sqlalchemy import text
from sqlalchemy.engine import make_url

from benchmarks.figures.promise import Context, Figure, Promise, Proof
from benchmarks.fresh import fresh_house
from embedded.provision import connect
from photogate.actors.breakages import broken
from photogate.actors.queries import NEXT_ACTORS, Actor, counts, waiting_for
from photogate.database import Database

APPLICATIONS = 1_000_000
TIMES = 9

LOADED = Promise("applications among which open cases are looked for", least=APPLICATIONS)
OPEN = Promise("of them that are open", least=APPLICATIONS // 50)
COUNTED = Promise("counting all open cases by whoever is next takes", "ms", most=1_000)
LISTED = Promise("the most urgent cases of one actor take", "ms", most=1_000)
LOOKED = Promise("looking for everything that breaks the rule takes", "ms", most=2_000)
PLAN = Promise(
    "tables of the plan that are read as a whole, of those that grow with every application", least=0, most=0
)
GROWING = ("applications", "photos", "decisions", "assessments", "events", "applicants")

# One in fifty is open: with workers, people, applicants, issuers and printers; the others are rejected or issued.
FILL = """
    SET session_replication_role = replica;
    CREATE TEMP TABLE story AS SELECT
        number, gen_random_uuid() AS applicant, gen_random_uuid() AS application, gen_random_uuid() AS photo,
        gen_random_uuid() AS decision, clock_timestamp() - number * interval '20 seconds' AS at,
        CASE WHEN number % 50 > 0 THEN (CASE WHEN number % 20 = 1 THEN 'rejected' ELSE 'approved' END)
            ELSE (ARRAY['received', 'in_review', 'resubmission_requested', 'approved'])[1 + number / 50 % 4]
        END AS status,
        number % 50 > 0 AND number % 20 <> 1 AS is_issued
        FROM generate_series(1, %(count)s) AS number;
    INSERT INTO applicants (id, client, reference_digest, sealed_reference, wrapped_key, master_key_id)
        SELECT applicant, 'ministry', uuid_send(applicant), '', '', '' FROM story;
    INSERT INTO applications (id, client, applicant_id, status, current_decision_id, created_at, updated_at, issued_at)
        SELECT application, 'ministry', applicant, status::application_status,
            CASE WHEN status <> 'received' THEN decision END, at, at, CASE WHEN is_issued THEN at END FROM story;
    INSERT INTO photos (id, application_id, attempt, sha256, media_type, size_bytes, width, height, sealed_key,
            original_key, stage, due_at)
        SELECT photo, application, 1, lpad(to_hex(number), 64, '0'), 'image/jpeg', 1, 1, 1, '', 'x',
            CASE WHEN status = 'received' THEN 'prepare' ELSE 'decided' END::stage,
            CASE WHEN status = 'received' THEN now() END FROM story;
    INSERT INTO decisions (id, application_id, photo_id, verdict, reasons, policy, models, actor_kind, created_at)
        SELECT decision, application, photo, status::verdict, '[]', 'default@6', '{"student@4.0.0": "ab"}', 'policy', at
        FROM story WHERE status <> 'received';
    INSERT INTO print_releases (id, application_id, photo_id, decision_id, photo_sha256, state, token, key_id,
            expires_at, ended_at)
        SELECT gen_random_uuid(), application, photo, decision, lpad(to_hex(number), 64, '0'),
            CASE WHEN is_issued THEN 'issued' ELSE 'released' END, 'x', 'x', now() + interval '1 day',
            CASE WHEN is_issued THEN at END
        FROM story WHERE status = 'approved' AND (is_issued OR number % 400 = 150);
"""
CASES = """
    INSERT INTO review_tasks (id, application_id, photo_id, decision_id)
        SELECT gen_random_uuid(), application, photo, decision FROM story WHERE status = 'in_review';
    DROP TABLE story
"""


def open_cases(context: Context) -> list[Figure]:
    """Load as many, and ask what auditors ask, again and again."""
    wanted = context.share(APPLICATIONS)
    with fresh_house() as fresh:
        with closing(connect(make_url(fresh.superuser_url))) as connection, connection.cursor() as cursor:
            _load(cursor, wanted)
            whole = _read_as_a_whole(cursor)
        database = Database(fresh.settings.database_url)
        figures = [
            COUNTED.measured(_ms(database, counts)),
            LISTED.measured(_ms(database, lambda session: waiting_for(session, Actor.ISSUER, most=50))),
            LOOKED.measured(_ms(database, lambda session: broken(session, most=1_000))),
            PLAN.measured(len(whole)),
        ]
        with database.transaction() as session:
            loaded = session.execute(text("SELECT count(*) FROM applications")).scalar_one()
            is_open = sum(count.open for count in counts(session))
        database.close()
    return [LOADED.measured(loaded), OPEN.measured(is_open), *figures]


def _load(cursor: extensions.cursor, count: int) -> None:
    cursor.execute(FILL.replace("%(count)s", str(count)))
    cursor.execute(CASES)
    cursor.execute("VACUUM (ANALYZE)")


def _read_as_a_whole(cursor: extensions.cursor) -> set[str]:
    """The large tables over which the plan of the one question goes from end to end."""
    cursor.execute(f"EXPLAIN {NEXT_ACTORS}")
    plan = [line for (line,) in cursor.fetchall()]
    return {table for table in GROWING for line in plan if f"Seq Scan on {table} " in line}


def _ms(database: Database, ask: Callable[..., object]) -> float:
    """The median of several times, in milliseconds."""
    return round(median(_once(database, ask) for _ in range(TIMES)), 1)


def _once(database: Database, ask: Callable[..., object]) -> float:
    began = time.perf_counter()
    with database.transaction() as session:
        ask(session)
    return (time.perf_counter() - began) * 1000


OPEN_CASES = Proof("open cases among a million", (LOADED, OPEN, COUNTED, LISTED, LOOKED, PLAN), open_cases)
