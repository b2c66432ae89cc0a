"""Mandates in words and numbers."""

from dataclasses import dataclass

from photogate.mandates.tables import Standing
from photogate.screening.risk import Estimate, Risk
from review_ui.words import Moment, moment


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two error rates; `allowed`, `low` and `high` are places on a scale from 0 to 100."""

    name: str
    bound: str
    promised: str
    seen: str
    between: str
    allowed: float
    low: float
    high: float
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One model under one version of a policy."""

    policy: str
    model: str
    since: Moment
    share: str
    parts: tuple[Part, Part]
    is_suspended: bool


@dataclass(frozen=True, slots=True)
class MandatesView:
    """The page of mandates."""

    rows: tuple[MandateRow, ...]
    may_resume: bool


def mandate_row(stood: Standing) -> MandateRow:
    """A mandate as it stands, which was read with what it bounds."""
    return MandateRow(
        policy=stood.policy,
        model=stood.model,
        since=moment(stood.created_at),
        share=percent(Risk(**stood.mandate.risk).sample_share),
        parts=parts(stood),
        is_suspended=stood.is_suspended,
    )


def parts(stood: Standing) -> tuple[Part, Part]:
    """Both error rates as they stood."""
    risk, promised = Risk(**stood.mandate.risk), stood.mandate.guarantee
    seen = risk.estimates(stood.tally)
    placeholders, reals = promised["placeholders_approved"], promised["reals_refused"]
    return (
        _part("Placeholders approved", seen.placeholders_approved, placeholders, suspended=stood.approvals_suspended),
        _part("Real faces refused", seen.reals_refused, reals, suspended=stood.refusals_suspended),
    )


def percent(share: float) -> str:
    """A share to the hundredth of a percent."""
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + " %"


def _part(name: str, seen: Estimate, promised: dict[str, float], *, suspended: bool) -> Part:
    return Part(
        name=name,
        bound=percent(seen.at_most),
        promised=f"{percent(promised['at_most'])} ({promised['errors']:,} of {promised['pictures']:,} pictures)",
        seen=f"{seen.errors:,} of {seen.judged:,}",
        between=f"{percent(seen.low)} to {percent(seen.high)}" if seen.judged else "nothing known yet",
        allowed=_place(seen.at_most),
        low=_place(seen.low),
        high=_place(seen.high if seen.judged else seen.low),
        is_suspended=suspended,
    )


def _place(share: float) -> float:
    """On a scale of square roots, on which small shares can be told apart."""
    return round(100 * share**0.5, 2)
