"""One photo checked while the caller waits, and nothing of it kept."""

from anyio import to_thread
from fastapi import APIRouter

from api.authentication import PHOTO_WRITE
from api.connections import Connected
from api.openapi import CHECK, PHOTO_ALONE, curl, problems
from api.upload import Photo
from api.views import CheckView

router = APIRouter(prefix="/v1/checks", tags=["Checks"])


@router.post(
    "",
    summary="Check one photo and keep nothing",
    response_description="What was found",
    dependencies=[PHOTO_WRITE],
    openapi_extra={**PHOTO_ALONE, **curl(CHECK)},
    responses=problems(400, 401, 403, 408, 413, 415, 422, 503),
)
async def check(upload: Photo, connected: Connected) -> CheckView:
    """A worker looks at the photo while you wait, some seconds at most; 503 when none is free. Nothing is kept."""

    def ask() -> CheckView:
        answer = connected.checks.ask(
            connected.publisher, upload.file.content, timeout_s=connected.settings.check_timeout_s
        )
        return CheckView.of(answer)

    # Waiting has threads of its own, so that a lack of workers holds up nothing but checks.
    return await to_thread.run_sync(ask, limiter=connected.checking)
