"""The API as one ASGI application: `uvicorn api.main:create_app --factory`."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
from fastapi import FastAPI
from minio.error import MinioException
from starlette.concurrency import run_in_threadpool

from api import (
    applicants,
    applications,
    audit,
    audit_events,
    checks,
    decisions,
    docs,
    health,
    legal_holds,
    logs,
    open_cases,
    print_keys,
    problems,
    quality,
    releases,
    rules,
)
from api.connections import Connections
from api.metrics import Metrics, read_metrics
from api.observation import Observed
from photogate.errors import Unavailable
from photogate.settings import Settings, get_settings

log = structlog.get_logger()


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API with `settings`, or with those of the environment; connects when it starts, not when it is made."""
    settings = settings or get_settings()
    logs.configure(settings.log_level)
    app = FastAPI(
        title="Photogate",
        version="1",
        summary="The gate between applicants' photos and the ID-card printer.",
        lifespan=_connected(settings),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.metrics = Metrics()
    app.add_middleware(Observed, metrics=app.state.metrics)
    problems.install(app)
    for part in (
        applications,
        applicants,
        legal_holds,
        decisions,
        audit,
        audit_events,
        open_cases,
        quality,
        releases,
        print_keys,
        rules,
        checks,
        health,
    ):
        app.include_router(part.router)
    app.add_api_route("/metrics", read_metrics, include_in_schema=False)
    docs.install(app)
    return app


def _connected(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.connections = Connections.open(settings, app.state.metrics)
        await run_in_threadpool(_prepare_store, app.state.connections)
        yield
        app.state.connections.close()

    return lifespan


def _prepare_store(connections: Connections) -> None:
    """Make the bucket where it is missing; a store that is down now is asked again by /readyz."""
    try:
        connections.store.ensure_bucket()
    except (Unavailable, MinioException) as error:
        log.warning("store_not_ready", error=type(error).__name__)
