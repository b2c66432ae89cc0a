"""The log's keeper, beside the relay: gives events their places, signs checkpoints and takes them out of the house."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from photogate.audit import checkpoints
from photogate.audit.notes import PrivateKey
from photogate.audit.sequencing import sequence
from photogate.database import Database
from photogate.errors import Unavailable
from photogate.settings import Settings
from photogate.storage import PhotoStore, S3PhotoStore
from worker.turns import Turn

BATCH = 2_000
"""Events logged in one transaction: some tenths of a second."""

WEBHOOK_TIMEOUT_S = 5.0

Send = Callable[[int, str], None]
"""Take the checkpoint of so many events to one place outside; raises when it did not arrive."""


class Sequencer:
    """Logs what has happened and signs it; any number may run, one works."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self._key_file = settings.checkpoint_key_file

    def turn(self) -> int:
        """Log and sign every event that can be logged now, a batch at a time; returns how many.

        Raises LogStalled, LogBroken, Unloggable, and KeyRefused when a batch is logged but cannot be signed.
        """
        logged = batch = self._log_batch()
        while batch == BATCH:
            batch = self._log_batch()
            logged += batch
        return logged

    def _log_batch(self) -> int:
        with self._database.transaction() as session:
            logged = sequence(session, most=BATCH)
        # A transaction of its own: what cannot be signed is logged all the same.
        with self._database.transaction() as session:
            checkpoints.sign(session, lambda: PrivateKey.load(self._key_file))
        return logged


class Publication:
    """Takes each new checkpoint to one destination; those that came while it was away are left out."""

    def __init__(self, database: Database, send: Send) -> None:
        self._database, self._send = database, send
        self._sent_size = 0

    def turn(self) -> None:
        """Send the last checkpoint when it is new."""
        with self._database.transaction() as session:
            last = checkpoints.last_signed(session)
        if last is not None and last.size != self._sent_size:
            self._send(last.size, last.note)
            self._sent_size = last.size


def log_keeping(settings: Settings, database: Database) -> Iterator[Turn]:
    """What the log's keeper does: the sequencer's turns, and those of one publication a destination."""
    yield Turn(Sequencer(settings, database).turn, settings.checkpoint_interval_s)
    for send in _destinations(settings):
        yield Turn(Publication(database, send).turn, settings.checkpoint_interval_s)


def _destinations(settings: Settings) -> Iterator[Send]:
    yield to_store(S3PhotoStore(settings))
    if settings.checkpoint_file:
        yield to_file(Path(settings.checkpoint_file))
    if settings.checkpoint_webhook:
        yield to_webhook(settings.checkpoint_webhook)


def to_store(store: PhotoStore) -> Send:
    """Into the bucket, as `checkpoints/` and twenty digits."""
    return lambda size, note: store.put(f"checkpoints/{size:020}", note.encode(), "text/plain; charset=utf-8")


def to_file(path: Path) -> Send:
    """At the end of a file, which may be one that the system lets nobody but append to."""

    def append(_size: int, note: str) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(note + "\n")
            file.flush()
            os.fsync(file.fileno())

    return append


def to_webhook(url: str) -> Send:
    """To an address, by POST; redirects are not followed."""

    def post(_size: int, note: str) -> None:
        try:
            answer = httpx.post(
                url, content=note, headers={"Content-Type": "text/plain; charset=utf-8"}, timeout=WEBHOOK_TIMEOUT_S
            )
        except httpx.HTTPError as error:
            raise Unavailable(f"The checkpoint webhook cannot be reached: {type(error).__name__}.") from error
        if not answer.is_success:
            raise Unavailable(f"The checkpoint webhook answered {answer.status_code}.")

    return post
