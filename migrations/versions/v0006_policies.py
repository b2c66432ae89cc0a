"""Every policy that ever decided, as it was."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policies",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="ck_policies_sha256_is_hex"),
        sa.PrimaryKeyConstraint("reference", name="pk_policies"),
    )
    op.execute("GRANT SELECT, INSERT ON policies TO photogate_app")


def downgrade() -> None:
    op.drop_table("policies")
