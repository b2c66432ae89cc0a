"""The review pages: `uvicorn review_ui.main:create_app --factory`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from photogate.settings import Settings, get_settings
from review_ui import (
    access_log,
    assurance,
    audit,
    cases,
    check,
    health,
    holds,
    known_pictures,
    mandates,
    open_cases,
    pictures,
    queue,
    refusals,
    replay,
    rules,
    shadow,
    signing_in,
    simulations,
    statistics,
    timeline,
)
from review_ui.forms import from_our_page
from review_ui.pages import STATIC
from review_ui.program import Program
from review_ui.safety import safely
from review_ui.sessions import signed_in

MAX_FORM_BYTES = 64 * 1024

FORMS_OF_OURS = [Depends(from_our_page)]
SIGNED_IN = [Depends(signed_in), *FORMS_OF_OURS]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The review pages over the services that `settings` name, by default the environment's."""
    program = Program.of(settings or get_settings())
    app = ReviewPages(lifespan=_lifespan, max_body_size=MAX_FORM_BYTES, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.program = program
    refusals.install(app)
    app.include_router(health.router)
    app.include_router(signing_in.open_to_all, dependencies=FORMS_OF_OURS)
    reviews = signing_in, queue, cases, pictures, known_pictures
    records = audit, timeline, statistics, replay, holds, open_cases
    audits = *records, mandates, simulations, assurance, rules, shadow
    for noun in (*reviews, *audits):
        app.include_router(noun.router, dependencies=SIGNED_IN)
    app.include_router(check.router, dependencies=[Depends(signed_in)])  # its form brings a picture, and is read there
    app.mount("/static", KeptFiles(directory=STATIC))
    access_log.hide_queries()
    return app


class ReviewPages(FastAPI):
    """An application of which every answer is safe: no middleware of its own would see the answers to failures."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await super().__call__(scope, receive, safely(send))


class KeptFiles(StaticFiles):
    """Static files; their addresses carry a digest of the content, so they are kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, for keeping; an address that leads nowhere is not remembered."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.program.close()
