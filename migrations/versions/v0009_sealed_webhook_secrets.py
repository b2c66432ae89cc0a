"""Webhooks' secrets are sealed under the master key, and gone once a webhook is removed."""

import sqlalchemy as sa
from alembic import op

from photogate.errors import Conflict

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SEALED_WHILE_IN_USE = (
    "(ended_at IS NULL) = (sealed_secret IS NOT NULL) AND (sealed_secret IS NULL) = (master_key_id IS NULL)"
)


def upgrade() -> None:
    _refuse_webhooks_in_use()
    op.drop_column("webhook_endpoints", "secret")
    op.add_column("webhook_endpoints", sa.Column("sealed_secret", sa.LargeBinary(), nullable=True))
    op.add_column("webhook_endpoints", sa.Column("master_key_id", sa.String(), nullable=True))
    op.create_check_constraint(
        op.f("ck_webhook_endpoints_sealed_while_in_use"), "webhook_endpoints", SEALED_WHILE_IN_USE
    )
    # So that a new master key can seal them anew, and removal forget them.
    op.execute("GRANT UPDATE (sealed_secret, master_key_id) ON webhook_endpoints TO photogate_app")


def downgrade() -> None:
    _refuse_webhooks_in_use()
    op.drop_constraint(op.f("ck_webhook_endpoints_sealed_while_in_use"), "webhook_endpoints")
    op.drop_column("webhook_endpoints", "master_key_id")
    op.drop_column("webhook_endpoints", "sealed_secret")
    op.add_column("webhook_endpoints", sa.Column("secret", sa.String(), nullable=False, server_default=""))
    op.alter_column("webhook_endpoints", "secret", server_default=None)


def _refuse_webhooks_in_use() -> None:
    """Migrations hold no master key, so they can neither seal a secret nor open one."""
    in_use = sa.text("SELECT EXISTS (SELECT FROM webhook_endpoints WHERE ended_at IS NULL)")
    if op.get_bind().execute(in_use).scalar_one():
        raise Conflict(
            "Remove every webhook with `photogate webhooks remove` first, and add it again afterwards: "
            "its secret is kept in another way then."
        )
