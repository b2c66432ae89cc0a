"""The queue: the open cases, oldest first, and the way to the next one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from photogate.access.tables import User
from photogate.quality import golden
from photogate.reviews import queries
from photogate.reviews import service as reviews
from photogate.reviews.verdicts import judged_blind
from review_ui.pages import page
from review_ui.program import Here, Program
from review_ui.queue_view import Looking, queue_view
from review_ui.sessions import Reviewer, SignedIn, may_decide

router = APIRouter()

SHOWN_AT_ONCE = 100


@router.get("/")
def show_queue(
    request: Request, here: Here, signed_in: SignedIn, after: Annotated[UUID | None, Query()] = None
) -> Response:
    """The open cases that wait for this person, all for who only looks; `after` is the case that was just decided."""
    with here.database.transaction() as session:
        who = signed_in.user if may_decide(signed_in.user) else None
        tasks, waiting = queries.open_tasks(session, limit=SHOWN_AT_ONCE, of=who), queries.count_open(session, of=who)
        blind = judged_blind(session, tasks) if who else frozenset()
    return page(request, "queue.html", queue_view(here.kms, tasks, waiting, Looking(signed_in.user, blind, after)))


@router.post("/next")
def next_case(here: Here, reviewer: Reviewer) -> Response:
    """Claim the next case for the reviewer and show it."""
    return to_next(here, reviewer)


def to_next(here: Program, reviewer: User, after: UUID | None = None) -> Response:
    """Claim the case that is next for this reviewer and go there, or to the queue when nothing is free."""
    with here.database.transaction() as session:
        task_id = queries.next_task_id(session, reviewer)
        if task_id is not None:
            task_id = golden.in_place_of(session, task_id, reviewer, here.mixing) or task_id
            reviews.claim(session, task_id, reviewer, here.review_lease)
    address = f"/cases/{task_id}" if task_id else "/"
    return RedirectResponse(f"{address}?after={after}" if after else address, 303)
