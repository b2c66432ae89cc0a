"""The counts of days that are over, so that statistics over years read some thousand rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LOCK = "{lock}(1952541817, {day} - DATE '2000-01-01')"
"""Whoever adds to a day holds it shared, whoever counts it holds it alone; today is never counted, and nobody waits."""

OF_THE_DAY = """
    {time} >= wanted::timestamp AT TIME ZONE 'UTC' AND {time} < (wanted + 1)::timestamp AT TIME ZONE 'UTC'
"""

COUNTING = "LANGUAGE sql STABLE ROWS 100 SET search_path = public, pg_temp"
"""Setting something keeps a function whole: woven into a query, it would be thought to return millions of rows."""

COUNT_WORDS = f"""
    CREATE FUNCTION count_words(wanted date) RETURNS TABLE (term varchar, decisions integer)
    {COUNTING} AS $$
        WITH RECURSIVE word (term) AS (
            SELECT min(decision_terms.term COLLATE "C") FROM decision_terms
            UNION ALL
            SELECT (
                SELECT later.term FROM decision_terms AS later
                WHERE later.term > CASE WHEN word.term LIKE 'photo:%' THEN 'photo;' ELSE word.term END
                ORDER BY later.term LIMIT 1
            ) FROM word WHERE word.term IS NOT NULL
        )
        SELECT word.term, counted.decisions FROM word CROSS JOIN LATERAL (
            SELECT count(*)::integer AS decisions FROM decision_terms AS entry
            WHERE entry.term = word.term AND {OF_THE_DAY.format(time="entry.decided_at")}
        ) AS counted
        WHERE word.term NOT LIKE 'photo:%' AND counted.decisions > 0
    $$
"""  # noqa: S608 - made of constants
"""Steps from word to word in the index, past the photos, of which each is a word of its own."""

COUNT_TIMES = f"""
    CREATE FUNCTION count_times(wanted date)
    RETURNS TABLE (actor_kind actor_kind, is_override boolean, taken_ms bigint, decisions integer)
    {COUNTING} AS $$
        SELECT made.actor_kind, made.actor_kind = 'person' AND coalesce(CASE ground.verdict
                WHEN 'in_review' THEN made.verdict = 'approved' ELSE made.verdict <> ground.verdict END, false),
            round(took.ms, least(0, 3 - length(took.ms::text)))::bigint, count(*)::integer
        FROM decisions AS made
        CROSS JOIN LATERAL (SELECT created_at FROM photos WHERE id = made.photo_id OFFSET 0) AS photo
        LEFT JOIN LATERAL (SELECT verdict FROM decisions WHERE id = made.supersedes_id OFFSET 0) AS ground ON true
        CROSS JOIN LATERAL (
            SELECT greatest(0, trunc(extract(epoch FROM made.created_at - photo.created_at) * 1000)) AS ms
        ) AS took
        WHERE {OF_THE_DAY.format(time="made.created_at")}
        GROUP BY 1, 2, 3
    $$
"""  # noqa: S608 - made of constants
"""Times are rounded to three digits, so that a day has as many rows as there are such times, however many decisions."""

TALLY_DAY = f"""
    CREATE FUNCTION tally_day(wanted date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF wanted >= (clock_timestamp() AT TIME ZONE 'UTC')::date THEN
            RAISE EXCEPTION 'the day % is not over', wanted;
        END IF;
        PERFORM {LOCK.format(lock="pg_advisory_xact_lock", day="wanted")};
        DELETE FROM tallied_days WHERE day = wanted;
        INSERT INTO tallied_days (day) VALUES (wanted);
        INSERT INTO decision_tallies (day, term, decisions) SELECT wanted, * FROM count_words(wanted);
        INSERT INTO decision_times (day, actor_kind, is_override, taken_ms, decisions)
            SELECT wanted, * FROM count_times(wanted);
    END
    $$
"""  # noqa: S608 - made of constants

UNTALLY_DAY = f"""
    CREATE FUNCTION untally_day() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        added_to date := (NEW.created_at AT TIME ZONE 'UTC')::date;
    BEGIN
        PERFORM {LOCK.format(lock="pg_advisory_xact_lock_shared", day="added_to")};
        DELETE FROM tallied_days WHERE day = added_to;
        RETURN NULL;
    END
    $$
"""  # noqa: S608 - made of constants
"""In this order: once a day is held, either its count sees this decision, or this decision sees that it was counted."""


def upgrade() -> None:
    _create_tables()
    for function in (COUNT_WORDS, COUNT_TIMES, TALLY_DAY, UNTALLY_DAY):
        op.execute(function)
    # As the owner, like the index: the application can have a day counted, and cannot say what was counted.
    op.execute("REVOKE ALL ON FUNCTION tally_day(date), untally_day() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION tally_day(date) TO photogate_app")
    op.execute("GRANT SELECT ON tallied_days, decision_tallies, decision_times TO photogate_app")
    op.execute("CREATE TRIGGER untally_day AFTER INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION untally_day()")


def downgrade() -> None:
    op.execute("DROP TRIGGER untally_day ON decisions")
    op.execute("DROP FUNCTION untally_day(), tally_day(date), count_times(date), count_words(date)")
    for table in ("decision_times", "decision_tallies", "tallied_days"):
        op.drop_table(table)


def _create_tables() -> None:
    op.create_table(
        "tallied_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_tallied_days"),
    )
    op.create_table(
        "decision_tallies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("term", sa.String(collation="C"), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        _of_a_day("decision_tallies"),
        sa.PrimaryKeyConstraint("day", "term", name="pk_decision_tallies"),
    )
    op.create_table(
        "decision_times",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("actor_kind", postgresql.ENUM(name="actor_kind", create_type=False), nullable=False),
        sa.Column("is_override", sa.Boolean(), nullable=False),
        sa.Column("taken_ms", sa.BigInteger(), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        _of_a_day("decision_times"),
        sa.PrimaryKeyConstraint("day", "actor_kind", "is_override", "taken_ms", name="pk_decision_times"),
    )


def _of_a_day(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["day"], ["tallied_days.day"], name=f"fk_{table}_day", ondelete="CASCADE")
