"""Whether the program lives, and whether it can serve."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from review_ui.program import Here

router = APIRouter()


@router.get("/healthz")
def lives() -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def ready(here: Here) -> Response:
    """The database answers too; 503 otherwise."""
    here.database.ping()
    return PlainTextResponse("ok")
