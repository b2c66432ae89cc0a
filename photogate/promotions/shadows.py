"""What rules that decide nothing say of decided photos, and where that differs from what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased, joinedload

from photogate.applications.tables import ActorKind, Application, DecisionRecord
from photogate.database import table_of
from photogate.promotions.queries import InForce
from photogate.promotions.tables import ShadowJudgement
from photogate.screening.decision import decide, machine_verdict
from photogate.screening.measurements import Measurements
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import Reason
from photogate.screening.verdicts import Verdict

LATE = timedelta(minutes=2)
"""How much later than another a decision may be committed that was made before it."""

SCORES = "p_real", "p_ai_generated", "strangeness"
"""What models say of a crop; everything else that was measured is the same whichever models are heard."""

_ADD = insert(table_of(ShadowJudgement)).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of differences begins: behind this decision."""

    decided_at: datetime
    decision_id: UUID


class Difference(NamedTuple):
    """What the shadow said of one decision, and a person's word about the same photo where there is one."""

    judged: ShadowJudgement
    decision: DecisionRecord
    person: DecisionRecord | None


class Counted(NamedTuple):
    """How often what decides said `live` and the shadow `shadow`; None where it could not judge."""

    live: Verdict
    shadow: Verdict | None
    photos: int


class Agreed(NamedTuple):
    """Of the photos about which the two differ and a person said something: with whom the person agrees."""

    with_live: int
    with_shadow: int
    with_neither: int


def due(session: Session, beside: InForce, most: int) -> Sequence[DecisionRecord]:
    """Machines' decisions since the shadow began that it has not judged, oldest first, each with what was measured."""
    judged = select(ShadowJudgement.decision_id).where(
        ShadowJudgement.promotion_id == beside.promotion_id, ShadowJudgement.decision_id == DecisionRecord.id
    )
    last = select(func.max(ShadowJudgement.decided_at)).where(ShadowJudgement.promotion_id == beside.promotion_id)
    begin = max(beside.since, (session.scalar(last) or beside.since) - LATE)
    return session.scalars(
        select(DecisionRecord)
        .where(
            DecisionRecord.actor_kind == ActorKind.POLICY,
            DecisionRecord.created_at >= begin,
            DecisionRecord.assessment_id.is_not(None),
            ~judged.exists(),
        )
        .order_by(DecisionRecord.created_at, DecisionRecord.id)
        .limit(most)
        .options(joinedload(DecisionRecord.assessment), joinedload(DecisionRecord.photo))
    ).all()


def one_at_a_time(session: Session) -> bool:
    """Whether nobody else judges beside at this moment; held until the transaction ends."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended("shadow", 0)))))


def judged(beside: InForce, decision: DecisionRecord, found: Measurements, profile: IssuerProfile) -> dict[str, Any]:
    """The shadow's judgement as a row. Samples and suspensions are left out on both sides: no rule makes them."""
    said, live = decide(found, profile), machine_verdict(map(Reason.from_json, decision.reasons))
    return {
        **_of(beside, decision, live),
        "shadow": said.verdict,
        "differs": said.verdict is not live,
        "reasons": [reason.to_json() for reason in said.reasons],
        "p_real": found.p_real,
        "scores": {name: getattr(found, name) for name in SCORES},
        "models": dict(found.models),
        "problem": None,
    }


def not_judged(beside: InForce, decision: DecisionRecord, problem: str) -> dict[str, Any]:
    """That the shadow could not judge; `problem` names the kind of error."""
    live = machine_verdict(map(Reason.from_json, decision.reasons))
    nothing: dict[str, Any] = {"shadow": None, "differs": False, "reasons": []}
    return {**_of(beside, decision, live), **nothing, "p_real": None, "scores": {}, "models": {}, "problem": problem}


def keep(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add judgements; one that somebody else has added meanwhile stays as it is."""
    if kept := list(rows):
        session.execute(_ADD, kept)


def counts(session: Session, promotion_id: UUID) -> Sequence[Counted]:
    """How both judged, the most frequent pair first."""
    photos = func.count().label("photos")
    found = session.execute(
        select(ShadowJudgement.live, ShadowJudgement.shadow, photos)
        .where(ShadowJudgement.promotion_id == promotion_id)
        .group_by(ShadowJudgement.live, ShadowJudgement.shadow)
        .order_by(photos.desc(), ShadowJudgement.live, ShadowJudgement.shadow)
    )
    return [Counted(*row) for row in found]


def agreed(session: Session, promotion_id: UUID) -> Agreed:
    """With whom people agree where the two differ; a person's word counts for the photo that it is about."""
    made, person = aliased(DecisionRecord), aliased(DecisionRecord)
    found = session.execute(
        select(ShadowJudgement.live, ShadowJudgement.shadow, person.verdict, func.count())
        .join(made, made.id == ShadowJudgement.decision_id)
        .join(Application, Application.id == made.application_id)
        .join(person, _word_about(made, person))
        .where(ShadowJudgement.promotion_id == promotion_id, ShadowJudgement.differs)
        .group_by(ShadowJudgement.live, ShadowJudgement.shadow, person.verdict)
    ).all()
    with_live = sum(photos for live, _, said, photos in found if said is live)
    with_shadow = sum(photos for _, shadow, said, photos in found if said is shadow)
    return Agreed(with_live, with_shadow, sum(row[3] for row in found) - with_live - with_shadow)


def differences(
    session: Session, promotion_id: UUID, *, before: Place | None = None, limit: int
) -> Sequence[Difference]:
    """A page of the decisions that the shadow would have made otherwise, newest first."""
    made, person = aliased(DecisionRecord), aliased(DecisionRecord)
    wanted = (
        select(ShadowJudgement, made, person)
        .join(made, made.id == ShadowJudgement.decision_id)
        .join(Application, Application.id == made.application_id)
        .outerjoin(person, _word_about(made, person))
        .where(ShadowJudgement.promotion_id == promotion_id, ShadowJudgement.differs)
        .order_by(ShadowJudgement.decided_at.desc(), ShadowJudgement.decision_id.desc())
        .limit(limit)
        .options(joinedload(made.assessment))
    )
    if before is not None:
        at = tuple_(ShadowJudgement.decided_at, ShadowJudgement.decision_id)
        wanted = wanted.where(at < tuple_(before.decided_at, before.decision_id))
    return [Difference(*row) for row in session.execute(wanted)]


def _word_about(made: type[DecisionRecord], person: type[DecisionRecord]) -> ColumnElement[bool]:
    return and_(
        person.id == Application.current_decision_id,
        person.actor_kind == ActorKind.PERSON,
        person.photo_id == made.photo_id,
    )


def _of(beside: InForce, decision: DecisionRecord, live: Verdict) -> dict[str, Any]:
    return {
        "promotion_id": beside.promotion_id,
        "decision_id": decision.id,
        "decided_at": decision.created_at,
        "live": live,
    }
