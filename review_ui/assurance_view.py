"""Agreement, error rates and drift in words and plots."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from photogate.quality.agreement import Agreement, Rate
from photogate.quality.figures import Quality
from review_ui.mandates_view import percent
from review_ui.plots import lined
from review_ui.statistics_view import Titled


@dataclass(frozen=True, slots=True)
class RateShown:
    """An error rate: how many of how many, and between which rates it lies; both empty where nothing was judged."""

    seen: str
    between: str


@dataclass(frozen=True, slots=True)
class AgreementShown:
    """A kappa with its interval; `words` says what it stands on."""

    kappa: str
    between: str
    words: str


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """One person's figures."""

    name: str
    approved_wrongly: RateShown
    refused_wrongly: RateShown
    agreement: AgreementShown
    overruled: RateShown


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model's errors under one policy."""

    model: str
    policy: str
    placeholders_approved: RateShown
    reals_refused: RateShown


@dataclass(frozen=True, slots=True)
class AssuranceView:
    """The page; of one's own figures it shows no models and nobody else."""

    since: date
    until: date
    stretch: str
    is_own: bool
    agreement: AgreementShown
    reviewers: tuple[ReviewerRow, ...]
    models: tuple[ModelRow, ...]
    plots: tuple[Titled, ...]


def assurance_view(found: Quality, names: Mapping[UUID, str], *, is_own: bool) -> AssuranceView:
    """Everything that was counted."""
    rows = sorted(_reviewers(found, names), key=lambda row: row.name)
    models = (
        ModelRow(one.model, one.policy, rate(one.placeholders_approved), rate(one.reals_refused))
        for one in found.models
    )
    return AssuranceView(
        since=found.edges[0],
        until=found.edges[-1] - timedelta(days=1),
        stretch=f"{(found.edges[1] - found.edges[0]).days} days",
        is_own=is_own,
        agreement=agreement(found.agreement, "pairs of verdicts"),
        reviewers=tuple(rows),
        models=tuple(models),
        plots=tuple(_plots(found, names)) if found.reviewers else (),
    )


def _reviewers(found: Quality, names: Mapping[UUID, str]) -> Iterator[ReviewerRow]:
    for one in found.reviewers:
        yield ReviewerRow(
            name=names.get(one.id, "Somebody"),
            approved_wrongly=rate(one.approved_wrongly),
            refused_wrongly=rate(one.refused_wrongly),
            agreement=agreement(one.agreement, "golden cases"),
            overruled=rate(one.overruled),
        )


def rate(found: Rate) -> RateShown:
    """An error rate in words."""
    if not found.judged:
        return RateShown("", "")
    return RateShown(f"{found.errors} of {found.judged}", f"{percent(found.low)} to {percent(found.high)}")


def agreement(found: Agreement, noun: str) -> AgreementShown:
    """A kappa in words."""
    words = f"{found.alike} of {found.pairs} {noun} alike"
    if found.kappa is None or found.low is None or found.high is None:
        return AgreementShown("", "", words if found.pairs else "")
    return AgreementShown(f"{found.kappa:.2f}", f"{found.low:.2f} to {found.high:.2f}", words)


def _plots(found: Quality, names: Mapping[UUID, str]) -> Iterator[Titled]:
    labels = [f"{edge.day} {edge:%b}" for edge in found.edges[:-1]]
    golden = {names.get(who, str(who)): _percents(drift.golden) for who, drift in found.drift.items()}
    overruled = {names.get(who, str(who)): _percents(drift.overruled) for who, drift in found.drift.items()}
    yield _lines("Wrong on golden cases", labels, golden)
    yield _lines("Overruled where two people judged", labels, overruled)


def _lines(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> Titled:
    return Titled(title, "", lined(labels, series, lambda value: f"{value:.3g} %"))


def _percents(rates: Sequence[Rate | None]) -> list[float | None]:
    return [None if found is None or found.seen is None else 100 * found.seen for found in rates]
