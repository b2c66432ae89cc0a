"""A decision computed again for somebody who waits on a page."""

from uuid import UUID

from photogate.errors import PhotogateError
from photogate.jobs.names import Task
from photogate.jobs.replays import Replayed, Replays, Told
from worker.app import app
from worker.replay import Kept, Outcome, Replay, replay
from worker.tools import Tools, tools


@app.task(name=Task.REPLAY)
def replay_decision(asked_id: str) -> None:
    """Compute one decision again and answer, or say in one sentence why that cannot be done; nothing is written."""
    at_hand, waiting = tools(), UUID(asked_id)
    replays = Replays(at_hand.settings.redis_url)
    try:
        _answer(at_hand, replays, waiting)
    finally:
        replays.close()


def _answer(at_hand: Tools, replays: Replays, waiting: UUID) -> None:
    decision_id = replays.take(waiting)
    if decision_id is None:
        return  # nobody waits any more
    try:
        with at_hand.database.transaction() as session:
            found = replay(session, Kept(at_hand.store, at_hand.kms, at_hand.registry), decision_id)
    except PhotogateError as refusal:
        replays.refuse(waiting, refusal)
    else:
        replays.answer(waiting, _told(found))


def _told(found: Replay) -> Replayed:
    return Replayed(found.agrees, found.policy, list(found.models), _outcome(found.then), _outcome(found.now))


def _outcome(outcome: Outcome) -> Told:
    return Told(dict(outcome.scores), outcome.verdict.value, [reason.code.value for reason in outcome.reasons])
