import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from embedded.processes import Process, Program, Supervisor, says
from photogate.settings import Settings
from tests.integration.worker.desk import Desk
from worker import tasks
from worker.tools import Tools

Launch = Callable[..., Process]


@pytest.fixture
def desk(settings, database, store) -> Desk:
    return Desk(settings, database, store)


@pytest.fixture
def tools(settings, store, monkeypatch) -> Iterator[Tools]:
    """What a worker process works with, here in the test's own process: `tasks.prepare(id)` runs at once."""
    made = Tools(settings)
    monkeypatch.setattr(tasks, "tools", lambda: made)
    yield made
    made.sandbox.close()
    made.database.close()


@pytest.fixture
def launch(settings, store, tmp_path: Path) -> Iterator[Launch]:
    """Start a program of ours for this test, as in `launch("worker", "--queues", "prepare", lease_s=2)`."""
    with Supervisor(tmp_path / "programs") as supervisor:

        def start(command: str, *arguments: str, name: str | None = None, **changed: object) -> Process:
            program = Program(
                name or command,
                [sys.executable, "-m", "cli.main", command, *arguments],
                env=variables(settings.model_copy(update=changed)),
                ready=says("ready"),
                grace_s=30,
            )
            process = supervisor.launch(program)
            process.wait_until_ready()
            return process

        yield start


def variables(settings: Settings) -> dict[str, str]:
    """The settings as a program reads them from its environment."""
    return {f"PHOTOGATE_{name.upper()}": _written(value) for name, value in settings}


def _written(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
