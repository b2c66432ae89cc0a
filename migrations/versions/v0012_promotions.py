"""What decides: models on record, proposals to change it, and the second person who puts one in force."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0014"
branch_labels = None
depends_on = None

NOW = sa.text("clock_timestamp()")
SOMEBODY = "'^(system|user:[0-9a-f-]{36})$'"
PROPOSAL = ("id", "slot", "after", "proposed_by")
OF_PROMOTIONS = {
    "live_rules_are_whole": "slot = 'shadow' OR (policy IS NOT NULL AND model IS NOT NULL)",
    "policy_and_model_go_together": "(policy IS NULL) = (model IS NULL)",
    "no_camera_alone": "camera IS NULL OR model IS NOT NULL",
    "after_is_a_number": "after >= 0",
    "proposed_by_somebody": f"proposed_by ~ {SOMEBODY}",
}
OF_SETTLEMENTS = {
    "nothing_between": "number = after + 1",
    "settled_by_somebody": f"settled_by ~ {SOMEBODY}",
    "approved_by_a_second_person": (
        "number IS NULL OR (settled_by <> proposed_by AND 'system' NOT IN (settled_by, proposed_by)) "
        "OR (settled_by = 'system' AND proposed_by = 'system' AND after = 0)"
    ),
}


def upgrade() -> None:
    op.create_table(
        "model_records",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_model_records_sha256_is_hex")),
        sa.PrimaryKeyConstraint("reference", name="pk_model_records"),
    )
    _create_promotions()
    _create_settlements()
    # Added to and read, never changed: who let what decide is history.
    op.execute("GRANT SELECT, INSERT ON model_records, promotions, promotion_settlements TO photogate_app")


def downgrade() -> None:
    op.drop_table("promotion_settlements")
    op.drop_table("promotions")
    op.drop_table("model_records")


def _create_promotions() -> None:
    op.create_table(
        "promotions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("camera", sa.String(), nullable=True),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        *(sa.CheckConstraint(holds, name=op.f(f"ck_promotions_{name}")) for name, holds in OF_PROMOTIONS.items()),
        sa.ForeignKeyConstraint(["policy"], ["policies.reference"], name="fk_promotions_policy"),
        sa.ForeignKeyConstraint(["model"], ["model_records.reference"], name="fk_promotions_model"),
        sa.ForeignKeyConstraint(["camera"], ["model_records.reference"], name="fk_promotions_camera"),
        sa.PrimaryKeyConstraint("id", name="pk_promotions"),
        sa.UniqueConstraint(*PROPOSAL, name="uq_promotions_proposal"),
    )


def _create_settlements() -> None:
    op.create_table(
        "promotion_settlements",
        sa.Column("promotion_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        *(
            sa.CheckConstraint(holds, name=op.f(f"ck_promotion_settlements_{name}"))
            for name, holds in OF_SETTLEMENTS.items()
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id", "slot", "after", "proposed_by"],
            [f"promotions.{column}" for column in PROPOSAL],
            name="fk_promotion_settlements_proposal",
        ),
        sa.PrimaryKeyConstraint("promotion_id", name="pk_promotion_settlements"),
        sa.UniqueConstraint("slot", "number", name="uq_promotion_settlements_number"),
    )
