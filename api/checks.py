"""One photo checked while the caller waits, and nothing of it kept."""

from anyio import to_thread
from fastapi import APIRouter, Depends

from api.authentication import require
from api.connections import Connected
from api.openapi import PHOTO_ALONE, problems
from api.upload import Photo
from api.views import CheckView
from photogate.access.tables import Scope

router = APIRouter(prefix="/v1/checks", tags=["Checks"])


@router.post(
    "",
    dependencies=[Depends(require(Scope.PHOTO_WRITE))],
    openapi_extra=PHOTO_ALONE,
    responses=problems(400, 401, 403, 408, 413, 415, 422, 503),
)
async def check(upload: Photo, connected: Connected) -> CheckView:
    """Check one photo now and keep nothing; 503 when no worker is free within some seconds."""

    def ask() -> CheckView:
        answer = connected.checks.ask(
            connected.publisher, upload.file.content, timeout_s=connected.settings.check_timeout_s
        )
        return CheckView.of(answer)

    # Waiting has threads of its own, so that a lack of workers holds up nothing but checks.
    return await to_thread.run_sync(ask, limiter=connected.checking)
