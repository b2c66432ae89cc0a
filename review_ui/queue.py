"""The queue: the open cases, oldest first, and the way to the next one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from photogate.access.tables import User
from photogate.reviews import queries
from photogate.reviews import service as reviews
from review_ui.pages import page
from review_ui.program import Here, Program
from review_ui.queue_view import queue_view
from review_ui.sessions import Reviewer, SignedIn

router = APIRouter()

SHOWN_AT_ONCE = 100


@router.get("/")
def show_queue(
    request: Request, here: Here, signed_in: SignedIn, after: Annotated[UUID | None, Query()] = None
) -> Response:
    """The open cases; `after` is the case that was just decided."""
    with here.database.transaction() as session:
        tasks, waiting = queries.open_tasks(session, limit=SHOWN_AT_ONCE), queries.count_open(session)
    return page(request, "queue.html", queue_view(here.kms, tasks, waiting, signed_in.user, after))


@router.post("/next")
def next_case(here: Here, reviewer: Reviewer) -> Response:
    """Claim the next case for the reviewer and show it."""
    return to_next(here, reviewer)


def to_next(here: Program, reviewer: User, after: UUID | None = None) -> Response:
    """Claim the case that is next for this reviewer and go there, or to the queue when nothing is free."""
    with here.database.transaction() as session:
        task_id = queries.next_task_id(session, reviewer.id)
        if task_id is not None:
            reviews.claim(session, task_id, reviewer, here.review_lease)
    address = f"/cases/{task_id}" if task_id else "/"
    return RedirectResponse(f"{address}?after={after}" if after else address, 303)
