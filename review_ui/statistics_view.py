"""The statistics as plots with words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from photogate.applications.tables import ActorKind
from photogate.screening.reasons import PLAIN_WORDS, ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.searches.aggregates import Edges, Kind, Made
from review_ui.plots import Plot, lined, stacked
from review_ui.words import VERDICTS, duration

TITLES = {
    Kind.OUTCOME: "Decisions by outcome",
    Kind.REASON: "By reason",
    Kind.REVIEWER: "By reviewer",
    Kind.POLICY: "By policy",
    Kind.MODEL: "By model",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, stretch by stretch; `names` are the reviewers' by id."""

    counts: Mapping[Kind, Mapping[str, Sequence[int]]]
    names: Mapping[str, str]
    times: Mapping[ActorKind, Sequence[Made]]


@dataclass(frozen=True, slots=True)
class Titled:
    """A plot with its title; `total` says what it comes to."""

    title: str
    total: str
    plot: Plot


@dataclass(frozen=True, slots=True)
class StatisticsView:
    """The statistics page."""

    since: date
    until: date
    stretch: str
    plots: tuple[Titled, ...]


def statistics_view(since: date, until: date, edges: Edges, found: Counted) -> StatisticsView:
    """Everything that was counted, in plots."""
    labels = [_day(edge) for edge in edges[:-1]]
    days = (edges[1] - edges[0]).days
    return StatisticsView(
        since=since,
        until=until,
        stretch="one day" if days == 1 else f"{days} days",
        plots=(
            *(_counted(kind, labels, found) for kind in Kind),
            _overruled(labels, found.times[ActorKind.PERSON]),
            _taken("From photo to decision, by the policy", labels, found.times[ActorKind.POLICY]),
            _taken("From photo to decision, by a person", labels, found.times[ActorKind.PERSON]),
        ),
    )


def _counted(kind: Kind, labels: Sequence[str], found: Counted) -> Titled:
    named = {_name(kind, word, found.names): counts for word, counts in found.counts[kind].items()}
    return Titled(TITLES[kind], f"{sum(map(sum, named.values())):,}", stacked(labels, named))


def _name(kind: Kind, word: str, names: Mapping[str, str]) -> str:
    if kind is Kind.OUTCOME:
        return VERDICTS[Verdict(word)]
    if kind is Kind.REASON:
        return PLAIN_WORDS[ReasonCode(word)].rstrip(".")
    return names.get(word, word) if kind is Kind.REVIEWER else word


def _overruled(labels: Sequence[str], by_people: Sequence[Made]) -> Titled:
    part, whole = sum(stretch.overriding for stretch in by_people), sum(stretch.made for stretch in by_people)
    rates = [100 * stretch.overriding / stretch.made if stretch.made else None for stretch in by_people]
    total = f"{part:,} of {whole:,} decisions by people went against the policy or an earlier decision"
    return Titled("Override rate", total, lined(labels, {"Overridden": rates}, lambda value: f"{value:.3g} %"))


def _taken(title: str, labels: Sequence[str], stretches: Sequence[Made]) -> Titled:
    spreads = [stretch.taken for stretch in stretches]
    series = {
        "Half within": [spread and spread.median.total_seconds() for spread in spreads],
        "Nine of ten within": [spread and spread.ninetieth.total_seconds() for spread in spreads],
    }
    return Titled(title, "", lined(labels, series, duration, is_time=True))


def _day(at: date) -> str:
    return f"{at.day} {at:%b %Y}"
