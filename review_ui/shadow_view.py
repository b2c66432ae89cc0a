"""Differences between what was decided and what other rules would have decided, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.orm import Session

from photogate.promotions import queries, shadows
from photogate.promotions.shadows import Agreed, Counted, Difference
from photogate.promotions.tables import Settlement
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import PLAIN_WORDS, Reason
from photogate.screening.verdicts import Verdict
from review_ui.words import VERDICTS, Moment, moment, number

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What one side said: its verdict, its reasons and the score."""

    verdict: str
    tone: str
    reasons: tuple[str, ...]
    score: str


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One photo about which both differ."""

    application_id: UUID
    photo_id: UUID
    at: Moment
    live: Said
    shadow: Said
    person: Said | None


@dataclass(frozen=True, slots=True)
class CountRow:
    """How often both said this."""

    live: str
    shadow: str
    photos: str
    differs: bool


@dataclass(frozen=True, slots=True)
class ShadowView:
    """The page of differences; `next` is the address of the older ones."""

    rules: tuple[str, ...]
    since: Moment
    judged: str
    differing: str
    agreed: Agreed
    counts: tuple[CountRow, ...]
    rows: tuple[DifferenceRow, ...]
    next: str


def shadow_view(session: Session, settled: Settlement, found: Sequence[Difference]) -> ShadowView:
    """Counts of one shadow and a page of its differences; `found` holds one more where there are older ones."""
    rules = queries.rules_of(settled.promotion)
    counted = shadows.counts(session, settled.promotion_id)
    shown = found[:AT_ONCE]
    return ShadowView(
        rules=tuple(part for part in (rules.policy, rules.model, rules.camera) if part) if rules else (),
        since=moment(settled.created_at),
        judged=f"{sum(one.photos for one in counted):,}",
        differing=f"{sum(one.photos for one in counted if one.shadow not in {None, one.live}):,}",
        agreed=shadows.agreed(session, settled.promotion_id),
        counts=tuple(map(_count, counted)),
        rows=tuple(map(_row, shown)),
        next=_next(settled, shown[-1]) if len(found) > AT_ONCE else "",
    )


def _count(counted: Counted) -> CountRow:
    beside = VERDICTS[counted.shadow] if counted.shadow else "Could not be judged"
    return CountRow(
        VERDICTS[counted.live], beside, f"{counted.photos:,}", differs=counted.shadow not in {None, counted.live}
    )


def _row(found: Difference) -> DifferenceRow:
    judged, made, person = found
    measured = Measurements.from_json(made.assessment.measurements).p_real if made.assessment else None
    return DifferenceRow(
        application_id=made.application_id,
        photo_id=made.photo_id,
        at=moment(made.created_at),
        live=_said(judged.live, made.reasons, measured),
        shadow=_said(judged.shadow or judged.live, judged.reasons, judged.p_real),
        person=_said(person.verdict, person.reasons, None) if person else None,
    )


def _said(verdict: Verdict, reasons: Sequence[object], score: float | None) -> Said:
    told = tuple(dict.fromkeys(PLAIN_WORDS[Reason.from_json(reason).code] for reason in reasons))  # type: ignore[arg-type]
    return Said(VERDICTS[verdict], verdict.value, told, "" if score is None else number(score))


def _next(settled: Settlement, last: Difference) -> str:
    place = f"{last.judged.decided_at.isoformat()}~{last.judged.decision_id}"
    return f"/audit/rules/beside?number={settled.number}&before={quote(place)}"
