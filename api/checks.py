"""One photo checked while the caller waits, and nothing of it kept."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query

from api.authentication import PHOTO_WRITE
from api.connections import Connected
from api.openapi import CHECK, PHOTO_ALONE, curl, problems
from api.upload import Photo
from api.views import CheckView
from photogate.jobs.checks import Wish

MAX_MODEL_CHARS = 100

router = APIRouter(prefix="/v1/checks", tags=["Checks"])


@router.post(
    "",
    summary="Check one photo and keep nothing",
    response_description="What was found",
    dependencies=[PHOTO_WRITE],
    openapi_extra={**PHOTO_ALONE, **curl(CHECK)},
    responses=problems(400, 401, 403, 408, 413, 415, 422, 503),
)
async def check(
    upload: Photo,
    connected: Connected,
    *,
    heat_map: Annotated[bool, Query(description="Also say which parts of the crop mattered; 100 ms more.")] = False,
    model: Annotated[
        str | None,
        Query(max_length=MAX_MODEL_CHARS, description="An installed model, `name@version`, to judge by instead."),
    ] = None,
) -> CheckView:
    """A worker looks at the photo while you wait, some seconds at most; 503 when none is free. Nothing is kept."""

    def ask() -> CheckView:
        answer = connected.checks.ask(
            connected.publisher,
            upload.file.content,
            timeout_s=connected.settings.check_timeout_s,
            wish=Wish(model=model, heat_map=heat_map),
        )
        return CheckView.of(answer)

    # Waiting has threads of its own, so that a lack of workers holds up nothing but checks.
    return await to_thread.run_sync(ask, limiter=connected.checking)
