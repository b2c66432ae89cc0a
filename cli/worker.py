"""`photogate worker` and `photogate relay`: the programs behind the queues."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from photogate.jobs.names import Queue
from photogate.settings import get_settings

ALL_QUEUES = ",".join(queue.value for queue in Queue)


class Pool(StrEnum):
    """How a worker runs its tasks."""

    PREFORK = "prefork"
    SOLO = "solo"


def worker(
    queues: Annotated[str, typer.Option(help="The queues to work on, with commas between them.")] = ALL_QUEUES,
    concurrency: Annotated[int, typer.Option(help="How many photos at once.", min=1)] = len(os.sched_getaffinity(0)),
    pool: Annotated[Pool, typer.Option(help="`solo` for a worker that owns a GPU.")] = Pool.PREFORK,
) -> None:
    """Work on photos until SIGTERM."""
    from worker.app import run

    raise typer.Exit(run([_queue(name) for name in queues.split(",")], concurrency=concurrency, pool=pool.value))


def relay() -> None:
    """Speak up for photos that are due, until SIGTERM; any number may run."""
    from worker.logs import configure_logging
    from worker.relay import run

    configure_logging(get_settings().log_level)
    run(get_settings())


def _queue(name: str) -> Queue:
    try:
        return Queue(name.strip())
    except ValueError as error:
        known = ", ".join(queue.value for queue in Queue)
        raise typer.BadParameter(f"There is no queue {name.strip()!r}; there are {known}.") from error
