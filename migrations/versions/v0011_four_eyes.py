"""What several people say of one case, who has the last word, and by when a case should be decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0016"
branch_labels = None
depends_on = None

NOW = sa.text("clock_timestamp()")
FIRST_ROLES = ["reviewer", "auditor", "admin"]
CHECKS = {
    "seat_is_known": "seat IN ('first', 'second', 'adjudicator')",
    "verdict_settles": "verdict <> 'in_review'",
    "evidence_is_hex": "evidence ~ '^[0-9a-f]{64}$'",
}


def upgrade() -> None:
    # Roles become text, as event kinds did: the list grows.
    op.alter_column("users", "role", type_=sa.String(length=40), postgresql_using="role::text")
    op.execute("DROP TYPE role")
    due = sa.text("now() + interval '72 hours'")
    op.add_column("review_tasks", sa.Column("due_at", sa.DateTime(timezone=True), server_default=due, nullable=False))
    op.add_column("review_tasks", sa.Column("awaits", sa.String(length=40), server_default="first", nullable=False))
    op.add_column("review_tasks", sa.Column("round", sa.Integer(), server_default="0", nullable=False))
    _create_verdicts()
    # Added to and read, never changed: what somebody said first stays what they said first.
    op.execute("GRANT SELECT, INSERT ON review_verdicts TO photogate_app")


def downgrade() -> None:
    op.drop_table("review_verdicts")
    for column in ("round", "awaits", "due_at"):
        op.drop_column("review_tasks", column)
    op.execute("UPDATE users SET role = 'reviewer' WHERE role = 'adjudicator'")
    role = sa.Enum(*FIRST_ROLES, name="role")
    role.create(op.get_bind())
    op.alter_column("users", "role", type_=role, postgresql_using="role::role")
    op.execute("UPDATE applications SET status = 'in_review' WHERE status = 'pending_second_review'")


def _create_verdicts() -> None:
    op.create_table(
        "review_verdicts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", postgresql.ENUM(name="verdict", create_type=False), nullable=False),
        sa.Column("codes", postgresql.JSONB(), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        *(sa.CheckConstraint(holds, name=op.f(f"ck_review_verdicts_{name}")) for name, holds in CHECKS.items()),
        sa.ForeignKeyConstraint(["task_id"], ["review_tasks.id"], name="fk_review_verdicts_task_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_review_verdicts_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review_verdicts"),
        sa.UniqueConstraint("task_id", "round", "user_id", name="uq_review_verdicts_task_id_round_user_id"),
        sa.UniqueConstraint("task_id", "round", "seat", name="uq_review_verdicts_task_id_round_seat"),
    )
    op.create_index("ix_review_verdicts_user_id_created_at", "review_verdicts", ["user_id", "created_at"])
