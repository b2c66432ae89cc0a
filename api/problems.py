"""Every refusal as `application/problem+json` (RFC 9457): the one place that turns errors into answers."""

from dataclasses import asdict
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from minio.error import MinioException
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.refusals import InvalidRequest, MethodNotAllowed, NoSuchAddress, NotReady, Unexpected, UploadTooSlow, Wrong
from photogate.applications.idempotency import RETRY_AFTER_S, StillRunning
from photogate.errors import Forbidden, PhotogateError, Unauthenticated, Unavailable

MEDIA_TYPE = "application/problem+json"
UNAVAILABLE_RETRY_AFTER_S = 5

_NO_ANSWER = (OperationalError, InterfaceError, PoolExhausted, MinioException)
"""What drivers raise when Postgres is down or overloaded, or the photo store is not set up as it should be."""

_HEADERS: dict[type[PhotogateError], dict[str, str]] = {
    StillRunning: {"Retry-After": str(RETRY_AFTER_S)},
    Unauthenticated: {"WWW-Authenticate": 'Bearer realm="photogate"'},
    Forbidden: {"WWW-Authenticate": 'Bearer realm="photogate", error="insufficient_scope"'},
    UploadTooSlow: {"Connection": "close"},  # what still trickles in is not waited for
}

log = structlog.get_logger()


def answer(refusal: PhotogateError, request_id: str) -> JSONResponse:
    """The problem document of one refusal, with the headers that its status calls for."""
    document = {
        "type": f"urn:photogate:problem:{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.code,
        "instance": f"urn:uuid:{request_id}",
        **_extensions(refusal),
    }
    return JSONResponse(document, refusal.status, headers=_headers(refusal), media_type=MEDIA_TYPE)


def as_refusal(error: Exception) -> PhotogateError:
    """What a caller may know of `error`; whatever nobody foresaw is Unexpected."""
    if isinstance(error, PhotogateError):
        return error
    if isinstance(error, RequestValidationError):
        return InvalidRequest([_wrong(found) for found in error.errors()])
    if isinstance(error, HTTPException):
        return NoSuchAddress() if error.status_code == NoSuchAddress.status else Unexpected()
    if isinstance(error, _NO_ANSWER):
        log.error("no_answer", error=type(error).__name__)
        return Unavailable("A service behind the API does not answer right now; please try again in a moment.")
    return Unexpected()


def install(app: FastAPI) -> None:
    """Have `app` answer every foreseen error as a problem."""
    for kind in (PhotogateError, RequestValidationError, HTTPException, *_NO_ANSWER):
        app.add_exception_handler(kind, _answer_to)


async def _answer_to(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, HTTPException) and error.status_code == MethodNotAllowed.status:
        error = MethodNotAllowed(_allowed(request))
    return answer(as_refusal(error), request.state.request_id)


def _allowed(request: Request) -> list[str]:
    """The methods that this path takes; each has a route of its own, and the router names only the first one's."""
    routes = request.app.router.routes
    return [
        method
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


def _wrong(found: dict[str, Any]) -> Wrong:
    """One finding of the validation, without the value that was sent."""
    return Wrong(".".join(str(part) for part in found["loc"]), f"{found['msg']}.")


def _extensions(refusal: PhotogateError) -> dict[str, Any]:
    if isinstance(refusal, InvalidRequest):
        return {"errors": [asdict(wrong) for wrong in refusal.errors]}
    if isinstance(refusal, NotReady):
        return {"checks": refusal.checks}
    return {}


def _headers(refusal: PhotogateError) -> dict[str, str]:
    if isinstance(refusal, MethodNotAllowed):
        return {"Allow": ", ".join(refusal.allowed)}
    if refusal.status == Unavailable.status:
        return {"Retry-After": str(UNAVAILABLE_RETRY_AFTER_S)}
    return next((headers for kind, headers in _HEADERS.items() if isinstance(refusal, kind)), {})
