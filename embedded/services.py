"""Postgres, Redis and S3 for `make demo` and the tests: the real servers, from wheels, on one data directory."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from embedded import postgres, redis, s3
from embedded.processes import Supervisor


class EmbeddedServices:
    """The three services of one data directory; a second run finds the data of the first.

    A server of your own takes the place of the embedded one when its URL is given. The supervisor may start the
    programs that use the services, and then stops them before the services.
    """

    supervisor: Supervisor
    superuser_url: str
    redis_url: str
    s3_endpoint: str
    s3_access_key: str
    s3_secret_key: str

    def __init__(self, directory: Path, *, superuser_url: str | None = None, redis_url: str | None = None) -> None:
        self._directory = directory
        self._own_superuser_url = superuser_url
        self._own_redis_url = redis_url
        self._stop_all = ExitStack()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start what is needed side by side and wait until each answers; raises EmbeddedError."""
        self.supervisor = Supervisor(self._directory)
        self._stop_all.callback(self.supervisor.stop)
        try:
            self._launch()
            self.supervisor.wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything in reverse order; harmless when repeated, or when nothing was started."""
        self._stop_all.close()

    def _launch(self) -> None:
        # S3 takes longest to come up and Redis comes at once, so both do while Postgres is set up.
        store = s3.launch(self.supervisor)
        self.s3_endpoint, self.s3_access_key, self.s3_secret_key = store.endpoint, store.access_key, store.secret_key
        self.redis_url = self._own_redis_url or redis.launch(self.supervisor)
        self.superuser_url = self._own_superuser_url or postgres.launch(self.supervisor)
