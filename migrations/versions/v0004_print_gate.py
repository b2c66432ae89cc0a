"""Held releases, the keys that sign them, and what printers are told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FIRST_STATES = ["released", "issued", "cancelled", "failed"]
CHECKS = {
    "ck_print_releases_token_names_its_key": "(token IS NULL) = (key_id IS NULL)",
    "ck_print_releases_released_means_signed": "token IS NOT NULL OR state IN ('held', 'cancelled')",
    "ck_print_releases_ended_has_a_time": "(ended_at IS NULL) = (state IN ('held', 'released'))",
}
INDEXES = {
    "ix_print_releases_open": "ended_at IS NULL",
    "ix_print_releases_ended": "ended_at IS NOT NULL AND token IS NOT NULL",
}
RIGHTS = [
    # Whom a release is for, and for which bytes, is written once.
    "REVOKE UPDATE ON print_releases FROM photogate_app",
    "GRANT UPDATE (state, token, key_id, expires_at, ended_at, ended_because) ON print_releases TO photogate_app",
    "GRANT SELECT, INSERT, UPDATE (ended_at) ON webhook_endpoints TO photogate_app",
    "GRANT SELECT, INSERT ON outbox TO photogate_app",
    "GRANT UPDATE (due_at, attempts, delivered_at, given_up_at, last_failure) ON outbox TO photogate_app",
]


def upgrade() -> None:
    _open_states()
    _create_endpoints()
    _create_outbox()
    for rights in RIGHTS:
        op.execute(rights)


def downgrade() -> None:
    op.execute("GRANT UPDATE ON print_releases TO photogate_app")
    op.drop_table("outbox")
    op.drop_table("webhook_endpoints")
    # A held release has no token, and the first version knows no release without one.
    op.execute("DELETE FROM print_releases WHERE token IS NULL")
    for name in CHECKS:
        op.drop_constraint(op.f(name), "print_releases")
    for name in ("uq_print_releases_alive", "ix_print_releases_key_id", *INDEXES):
        op.drop_index(name, "print_releases")
    op.drop_column("print_releases", "ended_because")
    op.drop_column("print_releases", "key_id")
    op.alter_column("print_releases", "token", nullable=False)
    state = sa.Enum(*FIRST_STATES, name="release_state")
    state.create(op.get_bind())
    op.alter_column("print_releases", "state", type_=state, postgresql_using="state::release_state")
    _index_alive("state IN ('released', 'issued')")


def _open_states() -> None:
    """States become text: Postgres lets no index name a value that its enum got in the same transaction."""
    op.drop_index("uq_print_releases_alive", "print_releases")
    op.alter_column("print_releases", "state", type_=sa.String(length=40), postgresql_using="state::text")
    op.execute("DROP TYPE release_state")
    op.alter_column("print_releases", "token", nullable=True)
    op.add_column("print_releases", sa.Column("key_id", sa.String()))
    op.add_column("print_releases", sa.Column("ended_because", sa.String(length=40)))
    # Tokens of the first version named their key in their header only, and printers no longer take them.
    op.execute("UPDATE print_releases SET key_id = 'first'")
    op.execute("UPDATE print_releases SET ended_because = 'requested' WHERE ended_at IS NOT NULL")
    for name, holds in CHECKS.items():
        op.create_check_constraint(op.f(name), "print_releases", holds)
    _index_alive("state IN ('held', 'released', 'issued')")
    for name, where in INDEXES.items():
        op.create_index(name, "print_releases", ["expires_at"], postgresql_where=where)
    op.create_index("ix_print_releases_key_id", "print_releases", ["key_id"])


def _index_alive(where: str) -> None:
    op.create_index(
        "uq_print_releases_alive", "print_releases", ["application_id"], unique=True, postgresql_where=where
    )


def _create_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoints"),
    )
    op.create_index(
        "uq_webhook_endpoints_live",
        "webhook_endpoints",
        ["client", "url"],
        unique=True,
        postgresql_where="ended_at IS NULL",
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_failure", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(due_at IS NULL) = (num_nonnulls(delivered_at, given_up_at) = 1)",
            name=op.f("ck_outbox_due_until_settled"),
        ),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], name="fk_outbox_endpoint_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"], postgresql_where="due_at IS NOT NULL")
    op.create_index("ix_outbox_endpoint_id", "outbox", ["endpoint_id"])
