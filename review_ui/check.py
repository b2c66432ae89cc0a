"""Reality Check: one picture looked at while its sender waits, on a page that keeps nothing."""

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from photogate.access.tables import UserSession
from photogate.applications.photo_file import inspect
from photogate.errors import PhotogateError, Unprocessable
from photogate.jobs.checks import Wish
from review_ui import examples, forms
from review_ui.check_form import CheckForm, Sent, receive
from review_ui.check_view import CheckPage, result_of
from review_ui.pages import page
from review_ui.program import Here, Program
from review_ui.safety import ALLOWS_OWN_PICTURES
from review_ui.sessions import SignedIn

router = APIRouter(prefix="/check")

HEARD_BYTES = 200_000_000
"""More than any photo: a browser sends all of a form before it reads the answer, so what is too large is heard out."""


@router.get("")
def show_check(request: Request, here: Here) -> Response:
    """The empty form."""
    return page(request, "check.html", CheckPage(_form(here, Sent())))


@router.post("", max_body_size=HEARD_BYTES)
async def check(request: Request, here: Here, signed_in: SignedIn) -> Response:
    """The form with what was found under it, or with what is wrong with what was sent."""
    sent = await receive(request, here.settings)
    _require_our_form(sent, signed_in)
    try:
        answer = await _ask(here, sent)
    except PhotogateError as error:
        refused = await run_in_threadpool(_form, here, sent, error.detail)
        return page(request, "check.html", CheckPage(refused), status=error.status)
    form = await run_in_threadpool(_form, here, sent)
    profile = await run_in_threadpool(here.live_profile.now)
    shown = page(request, "check.html", CheckPage(form, result_of(answer, profile)))
    shown.headers.update(ALLOWS_OWN_PICTURES)
    return shown


@router.get("/examples/{name}")
def example(name: str) -> Response:
    """A picture of our own to try the page with."""
    kept = {"Cache-Control": "private, max-age=86400"}
    return Response(examples.content(name), media_type=examples.media_type(name), headers=kept)


def _form(here: Program, sent: Sent, problem: str = "") -> CheckForm:
    return CheckForm.of(sent, here.checks.installed(), here.settings.max_photo_bytes, problem)


def _require_our_form(sent: Sent, signed_in: UserSession) -> None:
    forms.require(sent.form_token, signed_in.csrf_token)


async def _ask(here: Program, sent: Sent) -> dict[str, Any]:
    if sent.problem is not None:
        raise sent.problem
    content = examples.content(sent.example) if sent.example else sent.photo
    if content is None:
        raise Unprocessable("Choose a picture first, or click an example.")
    inspect(content, here.settings, await run_in_threadpool(here.live_profile.now))
    wish = Wish(model=sent.model or None, heat_map=sent.heat_map, pictures=True)
    # Waiting has threads of its own, so that a lack of workers holds up nothing but checks.
    return await to_thread.run_sync(
        lambda: here.checks.ask(here.publisher, content, timeout_s=here.settings.check_timeout_s, wish=wish),
        limiter=here.checking,
    )
