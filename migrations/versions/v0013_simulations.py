"""Simulations that auditors ask for, and what clients say of applicants so that groups can be compared, sealed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None

CHECKS = {
    "ends_after_it_begins": "since <= until",
    "finished_with_an_answer": "(finished_at IS NULL) = (num_nonnulls(counts, refusal) = 0)",
    "one_answer": "num_nonnulls(counts, refusal) <= 1",
}
WHOLE_OR_ERASED = """
    (erased_at IS NULL AND num_nulls(reference_digest, sealed_reference, wrapped_key, master_key_id) = 0)
    OR (erased_at IS NOT NULL
        AND num_nonnulls(reference_digest, sealed_reference, wrapped_key, master_key_id, held_at{attributes}) = 0)
"""


def upgrade() -> None:
    op.add_column("applicants", sa.Column("sealed_attributes", sa.LargeBinary()))
    _replace_check(
        "ck_applicants_ck_applicants_whole_or_erased", "ck_applicants_whole_or_erased", ", sealed_attributes"
    )
    op.create_table(
        "simulations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("profile", postgresql.JSONB(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("days_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", postgresql.JSONB(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        *(sa.CheckConstraint(holds, name=op.f(f"ck_simulations_{name}")) for name, holds in CHECKS.items()),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name="fk_simulations_asked_by"),
        sa.PrimaryKeyConstraint("id", name="pk_simulations"),
    )
    op.create_index("ix_simulations_asked_at_id", "simulations", ["asked_at", "id"])
    op.create_index("ix_simulations_open", "simulations", ["asked_at"], postgresql_where=sa.text("finished_at IS NULL"))
    op.execute("GRANT SELECT, INSERT ON simulations TO photogate_app")
    # What was asked stays as it was asked; only the work on it moves on.
    op.execute(
        "GRANT UPDATE (days_done, attempts, lease_until, finished_at, counts, refusal) ON simulations TO photogate_app"
    )


def downgrade() -> None:
    op.drop_table("simulations")
    _replace_check("ck_applicants_whole_or_erased", "ck_applicants_ck_applicants_whole_or_erased", "")
    op.drop_column("applicants", "sealed_attributes")


def _replace_check(before: str, after: str, attributes: str) -> None:
    """Revision 0005 named it twice over."""
    op.drop_constraint(op.f(before), "applicants")
    op.create_check_constraint(op.f(after), "applicants", WHOLE_OR_ERASED.format(attributes=attributes))
