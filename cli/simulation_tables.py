"""A simulation as tables for a terminal."""

from collections.abc import Iterator, Mapping

from rich.table import Table

from photogate.screening.verdicts import Verdict
from photogate.simulation.service import Question
from photogate.simulation.summary import ExpectedErrors, Shift, Summary, Verdicts

WORDS: Mapping[Verdict, str] = {
    Verdict.APPROVED: "approved",
    Verdict.IN_REVIEW: "sent to people",
    Verdict.RESUBMISSION_REQUESTED: "another photo asked for",
    Verdict.REJECTED: "rejected",
}


def tables(question: Question, found: Summary) -> Iterator[Table]:
    """What becomes otherwise, as a whole, by reason, by client, and by what is said of the applicants."""
    yield _whole(question, found)
    yield _changes(found)
    yield _by_reason(found)
    yield _by("client", found.clients)
    if found.groups:
        yield _by("group", found.groups)


def _whole(question: Question, found: Summary) -> Table:
    title = f"{found.photos:,} photos, {question.since} to {question.until}, by {question.profile.reference}"
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


def _numbers(shift: Shift) -> tuple[str, str]:
    return f"{shift.was:,}", f"{shift.becomes:,}"
