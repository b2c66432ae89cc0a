"""A simulation as tables for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from photogate.fairness.rates import GroupErrors, Rate
from photogate.fairness.service import KINDS
from photogate.screening.verdicts import Verdict
from photogate.simulation.service import Question
from photogate.simulation.summary import ExpectedErrors, Shift, Summary, Verdicts

WORDS: Mapping[Verdict, str] = {
    Verdict.APPROVED: "approved",
    Verdict.IN_REVIEW: "sent to people",
    Verdict.RESUBMISSION_REQUESTED: "another photo asked for",
    Verdict.REJECTED: "rejected",
}


def tables(question: Question, found: Summary, groups: Sequence[GroupErrors]) -> Iterator[Table]:
    """What becomes otherwise, as a whole, by reason, by client, and by what is said of the applicants."""
    yield _whole(question, found)
    yield _changes(found)
    yield _by_reason(found)
    yield _by("client", found.clients)
    if found.groups:
        yield _by("group", found.groups)
    if groups:
        yield _of_groups(groups)


def _whole(question: Question, found: Summary) -> Table:
    rules = " with ".join([question.profile.reference, *question.models])
    without = f" ({found.left_out:,} left out, which the model did not score)" if found.left_out else ""
    title = f"{found.photos:,} photos{without}, {question.since} to {question.until}, by {rules}"
    shown = Table("", "was", "becomes", title=title, title_justify="left")
    for verdict, shift in found.verdicts.items():
        shown.add_row(WORDS[verdict], *_numbers(shift))
    shown.add_row("sent to people a day", *(f"{load:,.1f}" for load in found.reviews_a_day))
    judged = f" (of {found.judged:,} that people judged)"
    shown.add_row(f"approved, though people refused it{judged}", *_numbers(found.approved_refused))
    shown.add_row(f"refused, though people approved it{judged}", *_numbers(found.refused_approved))
    shown.add_row(*_expected("placeholders approved", found.placeholders_approved))
    shown.add_row(*_expected("real faces refused", found.reals_refused))
    return shown


def _expected(kind: str, errors: ExpectedErrors) -> tuple[str, ...]:
    allowed = "no bound" if errors.allowed is None else f"the bound allows {errors.allowed:,.1f}"
    return f"expected {kind}, of {errors.among:,.0f} ({allowed})", *(f"{seen:,.2f}" for seen in errors.errors)


def _changes(found: Summary) -> Table:
    shown = Table("was", "becomes", "photos", title=f"{found.changed:,} change", title_justify="left")
    for (was, becomes), photos in sorted(found.moved.items(), key=lambda item: -item[1]):
        if was is not becomes:
            shown.add_row(WORDS[was], WORDS[becomes], f"{photos:,}")
    return shown


def _by_reason(found: Summary) -> Table:
    shown = Table("reason", "was", "becomes", title="By reason", title_justify="left")
    for code, shift in found.reasons.items():
        shown.add_row(code, *_numbers(shift))
    return shown


def _by(kind: str, groups: Mapping[str, Verdicts]) -> Table:
    columns = [f"{words}, {when}" for words in ("approved", "sent to people") for when in ("was", "becomes")]
    shown = Table(kind, *columns, title=f"By {kind}", title_justify="left")
    for group, verdicts in groups.items():
        shown.add_row(group, *_routed(verdicts))
    return shown


def _routed(verdicts: Verdicts) -> tuple[str, ...]:
    return *_numbers(verdicts[Verdict.APPROVED]), *_numbers(verdicts[Verdict.IN_REVIEW])


def _of_groups(groups: Sequence[GroupErrors]) -> Table:
    columns = "group", "error", "was", "becomes", "differs from the others by chance", "worsens by chance"
    title = "Errors by group, in the photos that people judged, with 95 % confidence"
    shown = Table(*columns, title=title, title_justify="left")
    for one in groups:
        rates = _rate(one.was), _rate(one.becomes)
        shown.add_row(
            f"{one.attribute}: {one.value}", KINDS[one.of], *rates, f"{one.differs:.2g}", f"{one.worsens:.2g}"
        )
    return shown


def _rate(rate: Rate) -> str:
    low, high = rate.interval
    return f"{rate.value:.2%} ({rate.errors:,} of {rate.judged:,}; {low:.2%} to {high:.2%})"


def _numbers(shift: Shift) -> tuple[str, str]:
    return f"{shift.was:,}", f"{shift.becomes:,}"
