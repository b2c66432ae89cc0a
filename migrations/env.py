"""Runs migrations as the owner's role, with timeouts: on a busy table they fail, rather than let everybody wait."""

from alembic import context
from sqlalchemy import create_engine, pool

from migrations.metadata import metadata

TIMEOUTS = "-c lock_timeout=5s -c statement_timeout=10min"

engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool, connect_args={"options": TIMEOUTS})
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
