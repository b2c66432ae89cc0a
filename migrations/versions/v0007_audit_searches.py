"""What auditors search by, and the searches that they keep."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TERMS = """
    SELECT found.term, decision.created_at, decision.id
    FROM {decisions} AS decision
    JOIN photos ON photos.id = decision.photo_id
    CROSS JOIN LATERAL (
        SELECT unnest(ARRAY[
            'outcome:' || decision.verdict,
            'policy:' || decision.policy,
            'actor:' || coalesce('user:' || decision.user_id, 'policy:' || decision.policy),
            'photo:' || photos.sha256
        ])
        UNION SELECT 'reason:' || (reason ->> 'code') FROM jsonb_array_elements(decision.reasons) AS reason
        UNION SELECT 'model:' || model FROM jsonb_object_keys(decision.models) AS model
    ) AS found (term)
"""

INDEXING = f"""
    CREATE FUNCTION index_decisions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        INSERT INTO decision_terms (term, decided_at, decision_id) {TERMS.format(decisions="added")};
        RETURN NULL;
    END
    $$
"""


def upgrade() -> None:
    _create_decision_terms()
    _create_saved_searches()
    op.create_index("ix_decisions_created_at_id", "decisions", ["created_at", "id"])
    # As the owner, so that the application can neither forget a decision in the index nor invent one.
    op.execute(INDEXING)
    op.execute("REVOKE ALL ON FUNCTION index_decisions() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER index_decisions AFTER INSERT ON decisions REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION index_decisions()"
    )
    op.execute(f"INSERT INTO decision_terms (term, decided_at, decision_id) {TERMS.format(decisions='decisions')}")
    op.execute("GRANT SELECT ON decision_terms TO photogate_app")
    op.execute("GRANT SELECT, INSERT, UPDATE ON saved_searches TO photogate_app")


def downgrade() -> None:
    op.execute("DROP TRIGGER index_decisions ON decisions")
    op.execute("DROP FUNCTION index_decisions()")
    op.drop_index("ix_decisions_created_at_id", "decisions")
    op.drop_table("saved_searches")
    op.drop_table("decision_terms")


def _create_decision_terms() -> None:
    op.create_table(
        "decision_terms",
        sa.Column("term", sa.String(collation="C"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("term", "decided_at", "decision_id", name="pk_decision_terms"),
    )
    # Each photo is a term of its own; a hundred of the commonest terms, the default, would not hold every reviewer.
    op.execute("ALTER TABLE decision_terms ALTER COLUMN term SET STATISTICS 1000")


def _create_saved_searches() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("filters", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_saved_searches_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
    )
    op.create_index("ix_saved_searches_user_id", "saved_searches", ["user_id"], postgresql_where="removed_at IS NULL")
