"""Turning a view into a page."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from photogate.access.tables import UserSession
from review_ui import words
from review_ui.sessions import may_audit, may_decide, may_hold

HERE = Path(__file__).parent
STATIC = HERE / "static"


def page(request: Request, template: str, view: object, *, status: int = 200) -> HTMLResponse:
    """Render `view` with `template`; the page knows who is looking."""
    session: UserSession | None = getattr(request.state, "signed_in", None)
    html = _environment().get_template(template).render(view=view, session=session, roles=words.ROLES)
    return HTMLResponse(html, status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"asset": asset, "may_audit": may_audit, "may_decide": may_decide, "may_hold": may_hold}
    return environment


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep the file for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
