"""Models are tried on the past: by what they said beside, and on labelled photos that are nobody's application."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.add_column("shadow_judgements", sa.Column("scores", postgresql.JSONB(), nullable=True))
    op.add_column("simulations", sa.Column("model", sa.String(), nullable=True))
    op.create_foreign_key("fk_simulations_model", "simulations", "model_records", ["model"], ["reference"])
    op.add_column("promotion_settlements", sa.Column("fairness", postgresql.JSONB(), nullable=True))
    op.create_table(
        "labelled_measurements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("camera", sa.String(), nullable=True),
        sa.Column("photos", postgresql.JSONB(), nullable=False),
        sa.Column("measured_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_labelled_measurements_sha256_is_hex")),
        sa.ForeignKeyConstraint(["model"], ["model_records.reference"], name="fk_labelled_measurements_model"),
        sa.ForeignKeyConstraint(["camera"], ["model_records.reference"], name="fk_labelled_measurements_camera"),
        sa.ForeignKeyConstraint(["measured_by"], ["users.id"], name="fk_labelled_measurements_measured_by"),
        sa.PrimaryKeyConstraint("id", name="pk_labelled_measurements"),
    )
    op.create_index("ix_labelled_measurements_model_created_at", "labelled_measurements", ["model", "created_at"])
    op.execute("GRANT SELECT, INSERT ON labelled_measurements TO photogate_app")


def downgrade() -> None:
    op.drop_table("labelled_measurements")
    op.drop_column("promotion_settlements", "fairness")
    op.drop_column("simulations", "model")
    op.drop_column("shadow_judgements", "scores")
