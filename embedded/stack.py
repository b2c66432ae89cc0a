"""The whole house on one machine: the services and the four programs on top of them, for the demo and the tests."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from embedded.ports import HOST, free_port, require_free
from embedded.processes import Process, Program, answers, says
from embedded.provision import DatabaseUrls, provision
from embedded.services import EmbeddedServices
from migrations.run import upgrade
from photogate.applicants.master_keys import new_master_key
from photogate.audit import notes
from photogate.releases.keys import new_key
from photogate.settings import Settings
from photogate.storage import S3PhotoStore

DATABASE = "photogate"
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Ports:
    """The two ports that people use."""

    api: int
    review: int

    @classmethod
    def free(cls) -> "Ports":
        """Two that nobody uses, for tests."""
        return cls(free_port(), free_port())


class Stack:
    """Postgres, Redis, S3, the API, the review pages, one worker and the relay, on one data directory.

    `overrides` are further settings by their variable's name; all programs get the same environment.
    """

    settings: Settings
    database_urls: DatabaseUrls
    api: Process
    review: Process
    worker: Process
    relay: Process

    def __init__(self, directory: Path, ports: Ports, *, overrides: Mapping[str, str] | None = None) -> None:
        self._ports = ports
        self._directory = directory.resolve()
        self._overrides = dict(overrides or {})
        self.services = EmbeddedServices(self._directory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, on_step: Callable[[str], None] = lambda _: None) -> None:
        """Start everything and wait until it answers, naming each step; raises EmbeddedError in one sentence."""
        require_free(self._ports.api, "the API")
        require_free(self._ports.review, "the review pages")
        on_step("Postgres, Redis and S3")
        self.services.start()
        on_step("the database")
        self.environment = self._environment()
        self.settings = _settings(self.environment)
        upgrade(self.database_urls.owner)
        S3PhotoStore(self.settings).ensure_bucket()
        on_step("API, review pages, worker and relay")
        self._launch_programs()
        self.services.supervisor.wait_until_ready()

    def stop(self) -> None:
        """Stop the programs, then the services; harmless when repeated."""
        self.services.stop()

    def watch(self) -> None:
        """Block until Ctrl-C; raises EmbeddedError when a program dies."""
        self.services.supervisor.watch()

    def program(self, name: str, command: Sequence[str], **how: object) -> Program:
        """A program of ours with the stack's environment."""
        return Program(name, command, env=self.environment, **how)  # type: ignore[arg-type]

    def _launch_programs(self) -> None:
        launch = self.services.supervisor.launch
        self.api = launch(self._web("api", "api.main:create_app", self._ports.api))
        self.review = launch(self._web("review_ui", "review_ui.main:create_app", self._ports.review))
        self.worker = launch(self.program("worker", [*_photogate(), "worker"], ready=says("ready."), grace_s=20))
        self.relay = launch(self.program("relay", [*_photogate(), "relay"]))

    def _web(self, name: str, factory: str, port: int) -> Program:
        command = [sys.executable, "-m", "uvicorn", "--factory", factory, "--host", HOST, "--port", str(port)]
        return self.program(name, [*command, "--no-access-log"], ready=answers(f"http://{HOST}:{port}/healthz"))

    def _environment(self) -> dict[str, str]:
        services, self.database_urls = self.services, provision(self.services.superuser_url, DATABASE)
        return {
            "PYTHONPATH": str(ROOT),
            "PHOTOGATE_DATABASE_URL": self.database_urls.app,
            "PHOTOGATE_REDIS_URL": services.redis_url,
            "PHOTOGATE_S3_ENDPOINT": services.s3_endpoint,
            "PHOTOGATE_S3_ACCESS_KEY": services.s3_access_key,
            "PHOTOGATE_S3_SECRET_KEY": services.s3_secret_key,
            "PHOTOGATE_S3_SECURE": "false",
            "PHOTOGATE_SECURE_COOKIES": "false",
            "PHOTOGATE_API_URL": f"http://{HOST}:{self._ports.api}",
            "PHOTOGATE_REVIEW_URL": f"http://{HOST}:{self._ports.review}",
            "PHOTOGATE_MASTER_KEYS": str(self._master_keys()),
            "PHOTOGATE_SIGNING_KEY_FILE": str(self._signing_key()),
            "PHOTOGATE_PUBLISHED_KEYS_FOLDER": str(self._directory / "release-keys"),
            "PHOTOGATE_CHECKPOINT_KEY_FILE": str(self._checkpoint_key()),
            "PHOTOGATE_ISSUER_PROFILE": "demo",
            **self._overrides,
        }

    def _master_keys(self) -> Path:
        folder = self._directory / "master-keys"
        if not folder.exists():
            new_master_key(folder)
        return folder

    def _signing_key(self) -> Path:
        path = self._directory / "release-key.pem"
        if not path.exists():
            new_key(path)
        return path

    def _checkpoint_key(self) -> Path:
        path = self._directory / "checkpoint.key"
        if not path.exists():
            notes.new_key(path, "photogate.example/log", notes.Kind.LOG)
        return path


def _photogate() -> list[str]:
    return [sys.executable, "-m", "cli.main"]


def _settings(environment: Mapping[str, str]) -> Settings:
    """What the programs will read from this environment."""
    prefix = "PHOTOGATE_"
    return Settings.model_validate(
        {name.removeprefix(prefix).lower(): text for name, text in environment.items() if name.startswith(prefix)}
    )
