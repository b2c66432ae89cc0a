"""Photos whose answer is known, and the cases in which people are shown them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0011"
branch_labels = None
depends_on = None

NOW, GOLDEN = sa.text("clock_timestamp()"), "golden_for IS NOT NULL"
ORDINARY = {
    "uq_review_tasks_open_application": ("application_id", "closed_at IS NULL"),
    "uq_review_tasks_decision_id": ("decision_id", None),
}


def upgrade() -> None:
    _create_golden_cases()
    op.add_column("review_tasks", sa.Column("golden_for", sa.Uuid(), nullable=True))
    op.create_foreign_key("fk_review_tasks_golden_for", "review_tasks", "users", ["golden_for"], ["id"])
    op.drop_constraint("uq_review_tasks_decision_id", "review_tasks")
    op.drop_index("uq_review_tasks_open_application", "review_tasks")
    for name, (column, condition) in ORDINARY.items():
        only = " AND ".join(filter(None, (condition, "golden_for IS NULL")))
        op.create_index(name, "review_tasks", [column], unique=True, postgresql_where=only)
    once = ["golden_for", "photo_id"]
    op.create_index("uq_review_tasks_golden", "review_tasks", once, unique=True, postgresql_where=GOLDEN)
    # Added to and read, never changed: a better answer is another row.
    op.execute("GRANT SELECT, INSERT ON golden_cases TO photogate_app")


def downgrade() -> None:
    shown = f"SELECT id FROM review_tasks WHERE {GOLDEN}"  # noqa: S608 - made of a constant
    op.execute(f"DELETE FROM review_verdicts WHERE task_id IN ({shown})")  # noqa: S608 - made of a constant
    op.execute(f"DELETE FROM review_tasks WHERE {GOLDEN}")  # noqa: S608 - made of a constant
    for name in ("uq_review_tasks_golden", *ORDINARY):
        op.drop_index(name, "review_tasks")
    op.drop_column("review_tasks", "golden_for")
    op.create_unique_constraint("uq_review_tasks_decision_id", "review_tasks", ["decision_id"])
    name = "uq_review_tasks_open_application"
    op.create_index(name, "review_tasks", ["application_id"], unique=True, postgresql_where="closed_at IS NULL")
    op.drop_table("golden_cases")


def _create_golden_cases() -> None:
    op.create_table(
        "golden_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("answer", postgresql.ENUM(name="verdict", create_type=False), nullable=False),
        sa.Column("codes", postgresql.JSONB(), nullable=False),
        sa.Column("provenance", sa.String(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("answer <> 'in_review'", name=op.f("ck_golden_cases_answer_settles")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name="fk_golden_cases_photo_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_golden_cases_decision_id"),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name="fk_golden_cases_added_by"),
        sa.PrimaryKeyConstraint("id", name="pk_golden_cases"),
    )
    op.create_index("ix_golden_cases_photo_id_created_at", "golden_cases", ["photo_id", "created_at"])
