"""Photos through the whole running stack: submitted over HTTP, awaited in the database."""

import time
from collections.abc import Callable

import httpx
import redis
from sqlalchemy import func, select, text

from benchmarks import processes
from benchmarks.photographs import distinct, photograph
from embedded.stack import Stack
from photogate.access.keys import create_key
from photogate.access.tables import Scope
from photogate.applications.tables import DecisionRecord
from photogate.database import Database

PATIENCE_S = 300
POLL_S = 0.25


class Load:
    """A client of one running stack; every photo it sends is another file."""

    def __init__(self, stack: Stack, megapixels: float) -> None:
        """Make a key for itself and the photo that it sends."""
        self._database = Database(stack.settings.database_url)
        with self._database.transaction() as session:
            key = create_key(session, "benchmark", [Scope.PHOTO_WRITE], actor="user:benchmark")
        self._api = httpx.Client(base_url=stack.settings.api_url, headers={"Authorization": f"Bearer {key}"})
        self._photo = photograph(megapixels)
        self._sent = 0

    def send(self, photos: int) -> None:
        """Submit so many photos one after another; raises `httpx.HTTPStatusError` when one is not accepted."""
        for _ in range(photos):
            self._sent += 1
            fields = {"reference": f"benchmark-{self._sent}"}
            files = {"photo": ("photo.jpg", distinct(self._photo, self._sent), "image/jpeg")}
            self._api.post("/v1/applications", data=fields, files=files).raise_for_status()

    def wait(self, tick: Callable[[int], None]) -> None:
        """Wait until all that was sent is decided, telling `tick` how many are; raises `TimeoutError`.

        The database is asked, seldom and in one query, because asking the API would be load of our own.
        """
        deadline = time.monotonic() + PATIENCE_S
        while (decided := self._decided()) < self._sent:
            tick(decided)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._sent - decided} of {self._sent} photos were not decided in {PATIENCE_S} s.")
            time.sleep(POLL_S)
        tick(decided)

    def postgres_process(self) -> int:
        """Return the process that all of Postgres's processes stem from."""
        with self._database.transaction() as session:
            return processes.parent(session.execute(text("SELECT pg_backend_pid()")).scalar_one())

    def close(self) -> None:
        """Give all connections back."""
        self._api.close()
        self._database.close()

    def _decided(self) -> int:
        with self._database.transaction() as session:
            return session.execute(select(func.count()).select_from(DecisionRecord)).scalar_one()


def redis_process(url: str) -> int:
    """Return the process of the Redis server at this URL."""
    with redis.Redis.from_url(url) as server:
        return int(server.info("server")["process_id"])
