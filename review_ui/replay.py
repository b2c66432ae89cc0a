"""A decision computed again for an auditor, while they wait."""

from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from photogate.access.tables import User
from photogate.applications.tables import DecisionRecord
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import NotFound, Unavailable
from photogate.jobs.replays import NotReplayed, Replayed
from review_ui.audit import actor_of
from review_ui.pages import page
from review_ui.program import Here, Program
from review_ui.replay_view import replay_view
from review_ui.sessions import Auditor

router = APIRouter(prefix="/audit/decisions/{decision_id}")


@router.post("/replay")
async def replay(request: Request, decision_id: UUID, here: Here, reader: Auditor) -> Response:
    """Have a worker score the kept crop and decide again, and show both outcomes or why that cannot be done."""
    made = await run_in_threadpool(_decision, here, decision_id)
    # Waiting has threads of its own, so that a lack of workers holds up nothing but what workers are asked.
    answer = await to_thread.run_sync(_ask, here, decision_id, limiter=here.checking)
    if isinstance(answer, Replayed):
        await run_in_threadpool(_record, here, reader, made, answer)
    return page(request, "replay.html", replay_view(made, answer))


def _decision(here: Program, decision_id: UUID) -> DecisionRecord:
    with here.database.transaction() as session:
        made = session.get(DecisionRecord, decision_id)
    if made is None:
        raise NotFound("There is no such decision.")
    return made


def _ask(here: Program, decision_id: UUID) -> Replayed | NotReplayed:
    try:
        return here.replays.ask(here.publisher, decision_id, timeout_s=here.settings.check_timeout_s)
    except Unavailable as refusal:
        return NotReplayed(refusal.code, refusal.detail)


def _record(here: Program, reader: User, made: DecisionRecord, answer: Replayed) -> None:
    """Whoever has a decision computed again leaves a trace, and so does what came out."""
    with here.database.transaction() as session:
        audit.append(
            session,
            EventKind.DECISION_REPLAYED,
            actor_of(reader),
            application_id=made.application_id,
            decision=str(made.id),
            agrees=answer.agrees,
        )
