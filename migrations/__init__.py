"""The database's schema through time (Alembic)."""
