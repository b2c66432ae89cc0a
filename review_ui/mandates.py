"""What models may decide alone, what people's verdicts say of it, and letting them again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from photogate.access.tables import Role
from photogate.mandates import queries, service
from review_ui.mandates_view import MandatesView, mandate_row
from review_ui.pages import page
from review_ui.program import Here
from review_ui.sessions import Auditor, auditor

router = APIRouter(prefix="/audit/mandates", dependencies=[Depends(auditor)])


@router.get("")
def show_mandates(request: Request, here: Here, reader: Auditor) -> Response:
    """Every model under every policy that bounds its risk, the newest first."""
    with here.database.transaction() as session:
        rows = tuple(mandate_row(standing) for standing in queries.current(session))
    return page(request, "mandates.html", MandatesView(rows, may_resume=reader.role is Role.ADMIN))


@router.post("/resume")
def resume(
    here: Here,
    reader: Auditor,
    policy: Annotated[str, Form(max_length=200)],
    model: Annotated[str, Form(max_length=200)],
    because: Annotated[str, Form(max_length=service.MOST_WORDS)],
) -> Response:
    """Let a model decide alone again; raises Forbidden unless the reader is an admin."""
    with here.database.transaction() as session:
        service.resume(session, policy, model, reader, because)
    return RedirectResponse("/audit/mandates", 303)
