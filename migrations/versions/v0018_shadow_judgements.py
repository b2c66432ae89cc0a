"""What rules that decide nothing say of what was decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CHECKS = {
    "judged_or_a_problem": "(shadow IS NULL) = (problem IS NOT NULL)",
    "differs_as_it_says": "differs = coalesce(shadow <> live, false)",
}


def upgrade() -> None:
    now = sa.text("clock_timestamp()")
    op.create_table(
        "shadow_judgements",
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("live", sa.String(length=40), nullable=False),
        sa.Column("shadow", sa.String(length=40), nullable=True),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("p_real", sa.Float(), nullable=True),
        sa.Column("models", postgresql.JSONB(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        *(sa.CheckConstraint(holds, name=op.f(f"ck_shadow_judgements_{name}")) for name, holds in CHECKS.items()),
        sa.ForeignKeyConstraint(["promotion_id"], ["promotions.id"], name="fk_shadow_judgements_promotion_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_shadow_judgements_decision_id"),
        sa.PrimaryKeyConstraint("promotion_id", "decision_id", name="pk_shadow_judgements"),
    )
    op.create_index("ix_shadow_judgements_time", "shadow_judgements", ["promotion_id", "decided_at"])
    op.create_index(
        "ix_shadow_judgements_differing",
        "shadow_judgements",
        ["promotion_id", "decided_at", "decision_id"],
        postgresql_where=sa.text("differs"),
    )
    op.execute("GRANT SELECT, INSERT ON shadow_judgements TO photogate_app")


def downgrade() -> None:
    op.drop_table("shadow_judgements")
