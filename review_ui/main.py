"""The review pages: `uvicorn review_ui.main:create_app --factory`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

from photogate.settings import Settings, get_settings
from review_ui import access_log, cases, health, pictures, queue, refusals, signing_in
from review_ui.forms import from_our_page
from review_ui.pages import STATIC
from review_ui.program import Program
from review_ui.safety import SafeAnswers, SmallRequests
from review_ui.sessions import signed_in

FORMS_OF_OURS = [Depends(from_our_page)]
SIGNED_IN = [Depends(signed_in), *FORMS_OF_OURS]


def create_app(settings: Settings | None = None) -> FastAPI:
    """The review pages over the services that `settings` name, by default the environment's."""
    program = Program.of(settings or get_settings())
    app = FastAPI(title="Photogate review", lifespan=_lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.program = program
    app.add_middleware(SmallRequests)
    app.add_middleware(SafeAnswers)
    refusals.install(app)
    app.include_router(health.router)
    app.include_router(signing_in.open_to_all, dependencies=FORMS_OF_OURS)
    for noun in (signing_in, queue, cases, pictures):
        app.include_router(noun.router, dependencies=SIGNED_IN)
    app.mount("/static", KeptFiles(directory=STATIC))
    access_log.hide_queries()
    return app


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
    app.state.program.database.close()
