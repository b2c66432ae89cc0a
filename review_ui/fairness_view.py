"""Error rates of groups of applicants, with their intervals, as lines on a scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from photogate.fairness.evidence import Source
from photogate.fairness.rates import GroupErrors, Rate, group_errors
from photogate.fairness.service import is_refused
from photogate.screening.fairness import Fairness
from photogate.screening.profile import IssuerProfile
from photogate.screening.risk import Truth
from photogate.simulation.counts import Counts
from review_ui.mandates_view import percent

KINDS = {Truth.REAL: "Real faces refused", Truth.PLACEHOLDER: "Placeholders approved"}

SOURCES = {
    Source.APPLICANTS: "photos of applicants that people judged",
    Source.LABELLED: "labelled photos",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A rate in words, and on a scale from 0 to 100 where it was seen and between what it lies."""

    words: str
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Errors of one kind in one group, as they were and as they become."""

    group: str
    kind: str
    was: Span
    becomes: Span
    differs: str
    worsens: str
    is_refused: bool
    note: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What the gate of fairness found on some photos: which these are, and a line for each group."""

    title: str
    groups: tuple[str, ...]


def evidence_rows(kept: Mapping[str, Any] | None) -> tuple[EvidenceRow, ...]:
    """What is kept with a promotion of the evidence that it is fair; none where nobody asked."""
    return tuple(map(_evidence, kept["evidence"])) if kept else ()


def _evidence(one: Mapping[str, Any]) -> EvidenceRow:
    without = f", {one['left_out']:,} others not scored by both models" if one["left_out"] else ""
    named = f" ({one['data']['name']}, SHA-256 {one['data']['sha256'][:12]}…)" if "data" in one else ""
    title = f"Fairness: {one['photos']:,} {SOURCES[Source(one['source'])]}{named}{without}"
    return EvidenceRow(title, tuple(map(_errors, one["groups"])) or ("No group had enough photos to tell.",))


def _errors(one: Mapping[str, Any]) -> str:
    was, becomes = (f"{one[when]['errors']:,} of {one[when]['judged']:,}" for when in ("was", "becomes"))
    group = f"{one['attribute'].replace('_', ' ')}: {one['value']}"
    return f"{group}, {KINDS[Truth(one['of'])].lower()}: {was} → {becomes}"


def group_rows(counts: Counts, profile: IssuerProfile) -> tuple[GroupRow, ...]:
    """Every group of which people judged any photo, the largest rise first."""
    return tuple(_row(one, profile.fairness) for one in group_errors(counts.judged_groups))


def _row(one: GroupErrors, rules: Fairness | None) -> GroupRow:
    are_few = rules is not None and one.becomes.judged < rules.least_cases
    return GroupRow(
        group=f"{one.attribute.replace('_', ' ')}: {one.value}",
        kind=KINDS[one.of],
        was=_span(one.was),
        becomes=_span(one.becomes),
        differs=_chance(one.differs),
        worsens=_chance(one.worsens),
        is_refused=rules is not None and is_refused(one, rules),
        note=f"fewer than {rules.least_cases} judged" if rules and are_few else "",
    )


def _span(rate: Rate) -> Span:
    low, high = rate.interval
    words = f"{percent(rate.value)} ({rate.errors:,} of {rate.judged:,}; {percent(low)} to {percent(high)})"
    return Span(words, *(round(100 * share**0.5, 2) for share in (rate.value, low, high)))


def _chance(probability: float) -> str:
    return "< 0.0001" if probability < 0.0001 else f"{probability:.2g}"  # noqa: PLR2004 - what is less is not read
