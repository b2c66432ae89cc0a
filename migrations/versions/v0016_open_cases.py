"""When a card was issued stands with its application, so that open cases are found without looking at closed ones."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = (
    "status IN ('received', 'processing', 'in_review', 'pending_second_review', 'resubmission_requested')"
    " OR (status = 'approved' AND issued_at IS NULL)"
)
ISSUED = """
    UPDATE applications SET issued_at = print_releases.ended_at FROM print_releases
    WHERE print_releases.application_id = applications.id AND print_releases.state = 'issued'
"""


def upgrade() -> None:
    op.add_column("applications", sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(ISSUED)
    op.create_index("ix_applications_open", "applications", ["status"], postgresql_where=sa.text(OPEN))
    op.create_index("ix_applicants_held_at", "applicants", ["held_at"], postgresql_where=sa.text("held_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_applicants_held_at", "applicants")
    op.drop_index("ix_applications_open", "applications")
    op.drop_column("applications", "issued_at")
