"""A decision computed again from what was kept: the crop, the models by digest, the policy by version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.artifacts import ArtifactError
from models.pixels import Pixels
from models.registry import Registry
from models.runtimes.loading import load_by_digest
from photogate.access import users
from photogate.applicants.master_keys import Kms
from photogate.applications import policies
from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.tables import DecisionRecord, Photo
from photogate.audit import queries as audit
from photogate.audit.tables import EventKind
from photogate.errors import Conflict, NotFound
from photogate.screening.decision import Decision, decide, waiting
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import Reason, ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.storage import PhotoStore
from worker.crops import CropBroken, from_png
from worker.opinions import can_judge
from worker.screening import Judges, score

TOLERANCE = 1e-4
"""How far a score may lie from the recorded one: runtimes and processors round differently."""

SCORES = "p_real", "p_ai_generated", "strangeness"


class NotReplayable(Conflict):
    """The decision stands, but it cannot be computed again; the sentence says what is missing."""

    code, title = "NOT_REPLAYABLE", "The decision cannot be computed again"


class RecordChanged(Conflict):
    """The decision's row says something else than the event that tells of it: somebody has been at the database."""

    code, title = "RECORD_CHANGED", "The record of this decision was changed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the models said, None where none was asked, and what the policy made of it."""

    scores: Mapping[str, float | None]
    verdict: Verdict
    reasons: tuple[Reason, ...]

    def agrees_with(self, other: "Outcome") -> bool:
        """Whether verdict and reasons are the same, and every number the same within `TOLERANCE`."""
        return (
            self.verdict is other.verdict
            and all(is_close(self.scores[name], other.scores[name]) for name in SCORES)
            and len(self.reasons) == len(other.reasons)
            and all(map(_same, self.reasons, other.reasons))
        )


class Replay(NamedTuple):
    """A decision as it was recorded, and as it comes out now."""

    application_id: UUID
    policy: str
    models: Mapping[str, str]
    then: Outcome
    now: Outcome

    @property
    def agrees(self) -> bool:
        """Whether the decision would be made again."""
        return self.then.agrees_with(self.now)


class Kept(NamedTuple):
    """Where the pictures and the models are, and what opens the pictures."""

    store: PhotoStore
    kms: Kms
    registry: Registry


def replay(session: Session, kept: Kept, decision_id: UUID) -> Replay:
    """Score the kept crop again and decide again; faces and quality are taken as they were measured.

    Raises NotFound, RecordChanged, and NotReplayable or whatever else says why it cannot be done: PolicyUnreadable,
    Erased, KeyMissing, SealBroken, Unavailable.
    """
    record = _as_logged(session, decision_id)
    _require_policy(session, record)
    profile = policies.recorded(session, record.policy)
    found, reasons = _as_recorded(record)
    again = (
        _scored_again(found, record.models, _crop(session, kept, record.photo), kept.registry)
        if found.models
        else found
    )
    decision = _as_then(decide(again, profile, record.application_id, record.photo.attempt), reasons)
    return Replay(
        record.application_id,
        record.policy,
        record.models,
        Outcome(_scores(found), record.verdict, reasons),
        Outcome(_scores(again), decision.verdict, decision.reasons),
    )


def _as_then(decision: Decision, reasons: tuple[Reason, ...]) -> Decision:
    """The decision under what was suspended then, which the record says and nothing measured does."""
    was_suspended = any(reason.code is ReasonCode.AUTOMATION_SUSPENDED for reason in reasons)
    return waiting(decision, ReasonCode.AUTOMATION_SUSPENDED) if was_suspended else decision


def is_close(one: float | None, other: float | None) -> bool:
    """Whether two scores are the same within `TOLERANCE`; what was not measured equals nothing else."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= TOLERANCE


def _same(one: Reason, other: Reason) -> bool:
    return replace(one, native=None) == replace(other, native=None) and is_close(one.native, other.native)


def _scores(found: Measurements) -> dict[str, float | None]:
    return {name: getattr(found, name) for name in SCORES}


def _as_logged(session: Session, decision_id: UUID) -> DecisionRecord:
    """The decision's row, held against its event: the log proves its events, and no row."""
    wanted = select(DecisionRecord).where(DecisionRecord.id == decision_id)
    record = session.scalar(wanted.options(joinedload(DecisionRecord.photo), joinedload(DecisionRecord.assessment)))
    if record is None:
        raise NotFound("There is no such decision.")
    actor = f"user:{record.user_id}" if record.user_id else f"policy:{record.policy}"
    said = actor, record.verdict, [reason["code"] for reason in record.reasons]
    if [said] != list(_logged(session, record)):
        raise RecordChanged("The log has another actor, verdict or reasons for this decision: its record was changed.")
    return record


def _logged(session: Session, record: DecisionRecord) -> Iterator[tuple[str, str, list[str]]]:
    for event in audit.history(session, record.application_id):
        if event.kind is EventKind.DECISION_MADE and event.details["decision"] == str(record.id):
            yield event.actor, event.details["verdict"], event.details["reasons"]


def _require_policy(session: Session, record: DecisionRecord) -> None:
    if record.user_id is not None:
        name = users.names_of(session, [record.user_id])[record.user_id]
        raise NotReplayable(
            f"A person decided this, {name} (user:{record.user_id}); the decision before it is {record.supersedes_id}."
        )


def _as_recorded(record: DecisionRecord) -> tuple[Measurements, tuple[Reason, ...]]:
    if record.assessment is None:
        raise NotReplayable("Nothing that was measured is on record for this decision.")
    try:
        return Measurements.from_json(record.assessment.measurements), tuple(map(Reason.from_json, record.reasons))
    except (KeyError, TypeError, ValueError) as error:
        raise NotReplayable("The decision is recorded in a form that this version of Photogate cannot read.") from error


def _crop(session: Session, kept: Kept, photo: Photo) -> Pixels:
    key = keys_of(session, photo.id).open(kept.kms)  # first, because of somebody erased there is no crop either
    if photo.crop_key is None:
        raise NotReplayable("The crop that was scored is not kept any more: its time has run out.")
    try:
        return from_png(SealedPhotos(kept.store, key).get(photo.crop_key))
    except NotFound as error:
        raise NotReplayable("The crop that was scored is not in the store any more.") from error
    except CropBroken as error:
        raise NotReplayable(f"The crop that was scored cannot be used: {error}.") from error


def _scored_again(found: Measurements, models: Mapping[str, str], crop: Pixels, registry: Registry) -> Measurements:
    """Ask the models of then about the crop; what they said is taken out first, so that nothing of it is left over."""
    unasked = replace(found, models={}, p_real=None, p_ai_generated=None, strangeness=None)
    try:
        scorers = [load_by_digest(reference, sha256, registry) for reference, sha256 in models.items()]
    except ArtifactError as error:
        raise NotReplayable(f"A model that decided is not here any more: {error}") from error
    # JSON objects have no order; the classifier is told by what it answers.
    classifier, camera = (
        next((one for one in scorers if can_judge(one.name) is judges), None) for judges in (True, False)
    )
    if classifier is None:
        raise NotReplayable("No classifier is on record for this decision.")
    return score(Judges(classifier, camera), unasked, crop)
