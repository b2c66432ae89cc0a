"""What people see when something cannot be done: a calm page that gives back what they had typed."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from minio.error import MinioException
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from urllib3.exceptions import HTTPError as StoreUnreachable

from photogate.errors import NotFound, PhotogateError, Unauthenticated, Unavailable, Unprocessable
from photogate.screening.reasons import PLAIN_WORDS
from review_ui.forms import fields
from review_ui.pages import page


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused, why, and what was ticked and typed, which would be lost otherwise."""

    title: str
    detail: str
    reasons: tuple[str, ...] = ()
    note: str = ""


def install(app: FastAPI) -> None:
    """Give every error its page."""
    app.add_exception_handler(PhotogateError, _refused)
    app.add_exception_handler(HTTPException, _not_served)
    app.add_exception_handler(RequestValidationError, _not_understood)
    for kind in (OperationalError, PoolExhausted, MinioException, StoreUnreachable):
        app.add_exception_handler(kind, _unavailable)
    app.add_exception_handler(Exception, _broken)


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, PhotogateError):
        raise error
    if isinstance(error, Unauthenticated) and request.method in {"GET", "HEAD"}:
        return RedirectResponse(f"/sign-in?next={quote(_address(request))}", 303)
    return _page(request, error.status, Refusal(error.title, error.detail, *await _typed(request)))


async def _unavailable(request: Request, _: Exception) -> Response:
    return await _refused(request, Unavailable("Something behind these pages does not answer. Try again in a moment."))


async def _not_understood(request: Request, error: Exception) -> Response:
    of_the_address = isinstance(error, RequestValidationError) and any(
        problem["loc"][0] == "path" for problem in error.errors()
    )
    if of_the_address:
        return await _refused(request, NotFound("There is no such page."))
    return await _refused(request, Unprocessable("The form was not filled in as the page asks for it."))


async def _not_served(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.NOT_FOUND:
        return await _refused(request, NotFound("There is no such page."))
    return _page(request, error.status_code, Refusal("This cannot be done here", str(error.detail)))


async def _broken(request: Request, _: Exception) -> Response:
    detail = "The fault is ours, and it has been written down. Nothing of what you sent was recorded."
    return _page(request, 500, Refusal("Something went wrong", detail))


def _page(request: Request, status: int, refusal: Refusal) -> Response:
    return page(request, "refusal.html", refusal, status=status)


def _address(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


async def _typed(request: Request) -> tuple[tuple[str, ...], str]:
    """The reasons and the note that were sent, unless another site sent them: its words shall not stand on our page."""
    is_picture = request.headers.get("Content-Type", "").startswith("multipart/")  # it has no words, and may be long
    if request.method != "POST" or is_picture or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return (), ""
    form, note = await fields(request), ""
    if isinstance(typed := form.get("note"), str):
        note = typed
    ticked = form.getlist("reasons")
    return tuple(words for code, words in PLAIN_WORDS.items() if code.value in ticked), note
