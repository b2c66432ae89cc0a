"""Signing in by password or one-time link, and signing out."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from photogate.access import users
from photogate.access.secrets import new_token
from review_ui import forms
from review_ui.pages import page
from review_ui.program import Here
from review_ui.sessions import SESSION, SignedIn, cookie, drop_cookie, find_session, set_cookie

open_to_all = APIRouter()
router = APIRouter()


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in form as it is shown; `problem` says why it is shown again."""

    form_token: str
    next: str
    email: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """The page behind a sign-in link."""

    form_token: str
    token: str


@open_to_all.get("/sign-in")
def show_sign_in(request: Request, here: Here, next: str = "/") -> Response:  # noqa: A002 the address's own word
    """The form; who is signed in already goes on."""
    if find_session(request, here) is not None:
        return RedirectResponse(safe_next(next), 303)
    token = _visitor_token(request, here)
    return _remembering(token, page(request, "sign_in.html", SignIn(token, safe_next(next))), here)


@open_to_all.post("/sign-in")
def sign_in(
    request: Request,
    here: Here,
    email: Annotated[str, Form(max_length=320)],
    password: Annotated[str, Form(max_length=1024)],
    next: Annotated[str, Form()] = "/",  # noqa: A002 the form's own word
) -> Response:
    """Open a session; a wrong password and an unknown address get the same answer."""
    with here.password_turn, here.database.transaction() as session:
        user = users.check_password(session, email, password)
        token = users.sign_in(session, user) if user else None
    if token is None:
        again = SignIn(_visitor_token(request, here), safe_next(next), email, users.REFUSAL)
        return page(request, "sign_in.html", again, status=401)
    return _signed_in(token, safe_next(next), here)


@open_to_all.get("/sign-in/link")
def show_link(request: Request, here: Here, token: str) -> Response:
    """One button: programs that open links in mails must not use the link up."""
    visitor = _visitor_token(request, here)
    return _remembering(visitor, page(request, "sign_in_link.html", Link(visitor, token)), here)


@open_to_all.post("/sign-in/link")
def use_link(here: Here, token: Annotated[str, Form()]) -> Response:
    """Open a session for the person whom the link was made for, once."""
    with here.database.transaction() as session:
        opened = users.sign_in(session, users.redeem_link(session, token))
    return _signed_in(opened, "/", here)


@router.post("/sign-out")
def sign_out(here: Here, signed_in: SignedIn) -> Response:
    """End the session and have the browser forget the pictures it kept."""
    with here.database.transaction() as session:
        users.sign_out(session, signed_in)
    response = RedirectResponse("/sign-in", 303, {"Clear-Site-Data": '"cache"'})
    drop_cookie(response, SESSION, here.settings)
    return response


def safe_next(address: str) -> str:
    """The address when it lies on this very site, else the queue's."""
    stays = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if stays else "/"


def _visitor_token(request: Request, here: Here) -> str:
    """The token that this browser holds already (it may have two forms open), or a new one."""
    return request.cookies.get(cookie(forms.VISITOR, here.settings)) or new_token()


def _remembering(token: str, response: Response, here: Here) -> Response:
    set_cookie(response, forms.VISITOR, token, here.settings)
    return response


def _signed_in(token: str, address: str, here: Here) -> Response:
    response = RedirectResponse(address, 303)
    set_cookie(response, SESSION, token, here.settings)
    drop_cookie(response, forms.VISITOR, here.settings)
    return response
