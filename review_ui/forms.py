"""Forms: each carries a token that only a page of ours, given to this very browser, can know."""

import secrets

from fastapi import Request
from starlette.datastructures import FormData

from photogate.access.tables import UserSession
from photogate.errors import Forbidden, Unprocessable
from review_ui.program import Here
from review_ui.sessions import cookie

TOKEN = "form_token"  # noqa: S105 the field's name, not a secret
VISITOR = "photogate-form"


class FormRefused(Forbidden):
    """The form does not carry this browser's token."""

    code, title = "FORM_REFUSED", "This form can no longer be used"


async def from_our_page(request: Request, here: Here) -> None:
    """Refuse a POST that a page of ours did not send; before sign-in the token is held by a cookie of its own."""
    if request.method != "POST":
        return
    typed = await fields(request)
    session: UserSession | None = getattr(request.state, "signed_in", None)
    expected = session.csrf_token if session else request.cookies.get(cookie(VISITOR, here.settings), "")
    require(_given(typed), expected)
    if any("\0" in value for _, value in typed.multi_items() if isinstance(value, str)):
        raise Unprocessable("The form holds a character that cannot be written.")


def require(given: str, expected: str) -> None:
    """Raise FormRefused unless `given` is the token that this browser holds."""
    if not expected or not secrets.compare_digest(given.encode(), expected.encode()):
        raise FormRefused("Nothing was recorded. Go back, load the page again and send it once more.")


async def fields(request: Request) -> FormData:
    """The form that was sent; no form of ours has many fields or files."""
    return await request.form(max_fields=50, max_files=0)


def _given(typed: FormData) -> str:
    given = typed.get(TOKEN)
    return given if isinstance(given, str) else ""
