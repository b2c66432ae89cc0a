"""A year of decisions with its applicants, policies, models and reviewers, on services of its own that go again."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg2 import extensions
from sqlalchemy.engine import make_url

from benchmarks.figures.programs import ROOT
from benchmarks.loading import load
from embedded.errors import EmbeddedError
from embedded.locks import FileLock, HeldElsewhere
from embedded.provision import connect, provision
from embedded.services import EmbeddedServices
from migrations.run import upgrade
from photogate.applicants.master_keys import new_master_key
from photogate.audit.notes import Kind, PrivateKey, new_key

DIRECTORY = ROOT / ".photogate" / "record"
LOG_NAME = "photogate.example/log"


@dataclass(frozen=True, slots=True)
class History:
    """Where the loaded history lies, for the application's role and for the superuser, and what runs beside it."""

    app_url: str
    superuser_url: str
    services: EmbeddedServices
    master_keys: Path
    checkpoint_key: Path


@contextmanager
def long_history(decisions: int, told: Callable[[int], object]) -> Iterator[History]:
    """Load a year of at least so many decisions for the block, `told` how many there are; nothing of it is left.

    What a run left that was killed goes first. Raises EmbeddedError, also while another run is at it.
    """
    with emptied(DIRECTORY), EmbeddedServices(DIRECTORY) as services:
        keys, checkpoint_key = DIRECTORY / "master-keys", DIRECTORY / "checkpoint.key"
        new_master_key(keys)
        new_key(checkpoint_key, LOG_NAME, Kind.LOG)
        urls = provision(services.superuser_url, "history")
        upgrade(urls.owner)
        superuser = make_url(services.superuser_url).set(database="history")
        with closing(connect(superuser)) as connection, connection.cursor() as cursor:
            load(cursor, decisions, PrivateKey.load(checkpoint_key), told)
        yield History(urls.app, superuser.render_as_string(hide_password=False), services, keys, checkpoint_key)


def _fill(cursor: extensions.cursor, decisions: int, told: Callable[[int], object]) -> None:
    """Load at least so many decisions into a database without any, as its superuser, under a key of nobody's."""
    load(cursor, decisions, PrivateKey(LOG_NAME, Kind.LOG, bytes(32)), told)


@contextmanager
def emptied(folder: Path) -> Iterator[None]:
    """Have a folder for the block that is empty at first and gone afterwards."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(folder.with_suffix(".lock"))
    except HeldElsewhere as other:
        raise EmbeddedError(f"Process {other.pid} is measuring in {folder} already; wait for its end.") from other
    lock.name_holder(os.getpid())
    try:
        shutil.rmtree(folder, ignore_errors=True)
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.close()
