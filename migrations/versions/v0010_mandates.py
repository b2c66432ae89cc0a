"""What a model may decide alone under a policy, and how that stood after each person's word on a sampled photo."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHECKS = {
    "judged_by_a_decision": "(change = 'judged') = (decision_id IS NOT NULL)",
    "resumed_by_a_person": "(change = 'resumed') = (user_id IS NOT NULL)",
    "judgements_are_whole": "num_nulls(photo_id, decision_id, machine) IN (0, 3)",
    "errors_are_among_the_judged": (
        "placeholders_approved BETWEEN 0 AND placeholders AND reals_refused BETWEEN 0 AND reals"
    ),
}
NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "mandates",
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("risk", postgresql.JSONB(), nullable=False),
        sa.Column("guarantee", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("policy", "model", name="pk_mandates"),
    )
    _create_standings()
    # Added to and read, never changed: how often the machine was wrong is history.
    op.execute("GRANT SELECT, INSERT ON mandates, mandate_standings TO photogate_app")


def downgrade() -> None:
    op.drop_table("mandate_standings")
    op.drop_table("mandates")


def _create_standings() -> None:
    counts = ("placeholders", "placeholders_approved", "reals", "reals_refused")
    op.create_table(
        "mandate_standings",
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=40), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("shows", sa.String(length=40), nullable=True),
        sa.Column("machine", sa.String(length=40), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        *(sa.Column(count, sa.Integer(), nullable=False) for count in counts),
        sa.Column("approvals_suspended", sa.Boolean(), nullable=False),
        sa.Column("refusals_suspended", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        *(sa.CheckConstraint(holds, name=op.f(f"ck_mandate_standings_{name}")) for name, holds in CHECKS.items()),
        sa.ForeignKeyConstraint(
            ["policy", "model"], ["mandates.policy", "mandates.model"], name="fk_mandate_standings_mandate"
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name="fk_mandate_standings_photo_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_mandate_standings_decision_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_mandate_standings_user_id"),
        sa.PrimaryKeyConstraint("policy", "model", "version", name="pk_mandate_standings"),
        sa.UniqueConstraint("decision_id", name="uq_mandate_standings_decision_id"),
    )
    op.create_index("ix_mandate_standings_photo_id", "mandate_standings", ["photo_id"])
    op.create_index("ix_mandate_standings_time", "mandate_standings", ["policy", "model", "created_at"])
