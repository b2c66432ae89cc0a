"""Judging decided photos beside what decides: seldom, after everything else, and never in its way."""

import time
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.tables import DecisionRecord, Photo, Stage
from photogate.errors import NotFound, Unavailable
from photogate.jobs.names import Task
from photogate.promotions import queries, shadows
from photogate.promotions.queries import InForce
from photogate.promotions.tables import Slot
from photogate.screening.measurements import Measurements
from worker.app import app
from worker.crops import from_png
from worker.rules import RecordedRules, recorded
from worker.screening import score
from worker.tools import Tools, tools

log = structlog.get_logger()

AT_A_STRETCH_S = 5.0
AT_ONCE = 32
"""Judged in one transaction: some tenths of a second where every crop is scored."""

AWAY = (Unavailable, OperationalError, InterfaceError)


@app.task(name=Task.JUDGE_BESIDE)
def judge_beside() -> None:
    """Judge what was decided lately under the shadow's rules, for some seconds, unless live photos wait."""
    at_hand, until = tools(), time.monotonic() + AT_A_STRETCH_S
    try:
        while not _live_photos_wait(at_hand) and _judge_some(at_hand) == AT_ONCE and time.monotonic() < until:
            pass
    except AWAY as error:
        why = error.detail if isinstance(error, Unavailable) else type(error).__name__
        log.warning("not_judged_beside", error=why)  # the relay asks again


def _live_photos_wait(at_hand: Tools) -> bool:
    return any(at_hand.publisher.waiting(stage) for stage in (Stage.PREPARE, Stage.CLASSIFY))


def _judge_some(at_hand: Tools) -> int:
    """Judge a few photos in a transaction of their own; returns how many."""
    with at_hand.database.transaction() as session:
        beside = queries.in_force(session, Slot.SHADOW)
        if beside is None or not shadows.one_at_a_time(session):
            return 0
        rules = recorded(session, beside.rules, at_hand)
        waiting = shadows.due(session, beside, AT_ONCE)
        shadows.keep(session, [_judged(session, at_hand, beside, rules, decision) for decision in waiting])
    return len(waiting)


def _judged(
    session: Session, at_hand: Tools, beside: InForce, rules: RecordedRules, decision: DecisionRecord
) -> dict[str, Any]:
    """The judgement as a row; a photo that cannot be judged is passed over, for the shadow owes nobody an answer."""
    try:
        return shadows.judged(beside, decision, _measured(session, at_hand, rules, decision), rules.profile)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no fault of the photo and no matter of its decision
        log.warning("not_judged_beside", photo=str(decision.photo_id), error=type(error).__name__)
        return shadows.not_judged(beside, decision, type(error).__name__)


def _measured(session: Session, at_hand: Tools, rules: RecordedRules, decision: DecisionRecord) -> Measurements:
    """What was measured; the crop is scored again only where the shadow hears other models."""
    if decision.assessment is None:
        raise NotFound("Nothing that was measured is on record.")
    found = Measurements.from_json(decision.assessment.measurements)
    if found.p_real is None or rules.heard <= found.models.keys():
        return found
    unasked = replace(found, models={}, p_real=None, p_ai_generated=None, strangeness=None)
    return score(rules.judges, unasked, from_png(_crop(session, at_hand, decision.photo)))


def _crop(session: Session, at_hand: Tools, photo: Photo) -> bytes:
    if photo.crop_key is None:
        raise NotFound("The crop is not kept any more.")
    return SealedPhotos(at_hand.store, keys_of(session, photo.id).open(at_hand.kms)).get(photo.crop_key)
