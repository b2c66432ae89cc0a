"""Every open case with whoever is next, for auditors."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from photogate.actors import queries
from photogate.actors.breakages import broken
from photogate.actors.queries import Actor
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from review_ui.audit import actor_of
from review_ui.open_cases_view import NOBODY, open_cases_view
from review_ui.pages import page
from review_ui.program import Here
from review_ui.sessions import Auditor, auditor

router = APIRouter(prefix="/audit/open-cases", dependencies=[Depends(auditor)])

ROWS, MOST_BROKEN = 50, 20


@router.get("")
def show_open_cases(
    request: Request,
    here: Here,
    reader: Auditor,
    actor: Annotated[Actor | Literal["nobody"] | None, Query()] = None,
) -> Response:
    """How many wait for whom, since when and how many too long; and the most urgent of one actor."""
    with here.database.transaction() as session:
        audit.append(session, EventKind.AUDIT_QUERIED, actor_of(reader), open_cases=actor or "all")
        counted = queries.counts(session)
        cases = queries.waiting_for(session, None if actor == NOBODY else Actor(actor), most=ROWS) if actor else []
        faults = broken(session, most=MOST_BROKEN)
    return page(request, "open_cases.html", open_cases_view(counted, cases, faults, actor))
