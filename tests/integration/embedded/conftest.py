"""A data directory for each test that starts services of its own."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@pytest.fixture
def directory() -> Iterator[Path]:
    """A place for data outside pytest's own directory, which root's next pytest would close to Postgres's user."""
    with TemporaryDirectory(prefix="photogate-tests-") as place:
        yield Path(place).resolve() / "data"
