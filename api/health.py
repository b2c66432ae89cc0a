"""Whether this process lives, and whether everything it needs answers."""

from collections.abc import Callable

import structlog
from anyio import create_task_group, move_on_after, to_thread
from fastapi import APIRouter
from pydantic import BaseModel

from api.connections import Connected, Connections
from api.openapi import problems
from api.refusals import NotReady

PATIENCE_S = 3

router = APIRouter(tags=["Health"])
log = structlog.get_logger()


class Alive(BaseModel):
    """The process answers."""

    status: str = "alive"


class Ready(BaseModel):
    """Everything that the API depends on answers."""

    status: str = "ready"
    checks: dict[str, str]


@router.get("/healthz", summary="Whether this process lives", response_description="It does")
async def healthz() -> Alive:
    """Says nothing about what it depends on."""
    return Alive()


@router.get(
    "/readyz",
    summary="Whether everything needed answers",
    response_description="Everything does",
    responses=problems(503),
)
async def readyz(connected: Connected) -> Ready:
    """Asks Postgres, Redis and the photo store; the 503 says in `checks` which does not answer."""
    checks = await _all(connected)
    if set(checks.values()) != {"ok"}:
        raise NotReady(checks)
    return Ready(checks=checks)


async def _all(connected: Connections) -> dict[str, str]:
    """Ask all three at once; whoever has not answered within PATIENCE_S gives no answer."""
    states = dict.fromkeys(("postgres", "redis", "s3"), "no answer")

    async def ask(name: str, question: Callable[[], object]) -> None:
        if await to_thread.run_sync(_answers, name, question, abandon_on_cancel=True):
            states[name] = "ok"

    with move_on_after(PATIENCE_S):
        async with create_task_group() as tasks:
            tasks.start_soon(ask, "postgres", connected.database.ping)
            tasks.start_soon(ask, "redis", connected.redis.ping)
            tasks.start_soon(ask, "s3", connected.store.ensure_bucket)
    return states


def _answers(name: str, question: Callable[[], object]) -> bool:
    try:
        question()
    except Exception as error:  # noqa: BLE001  # whatever a driver raises, it is no answer
        log.warning("not_ready", service=name, error=type(error).__name__)
        return False
    return True
