"""Simulations in words, tables and plots."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from photogate.screening.profile import read_profile
from photogate.screening.reasons import PLAIN_WORDS, ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.simulation.changes import Change
from photogate.simulation.counts import Counts
from photogate.simulation.service import MOST_DAYS
from photogate.simulation.summary import ExpectedErrors, Shift, Summary, Verdicts
from photogate.simulation.tables import Simulation
from review_ui.fairness_view import GroupRow, group_rows
from review_ui.plots import edges, lined, stacked
from review_ui.statistics_view import Titled
from review_ui.words import VERDICTS, Moment, moment, plain_words


@dataclass(frozen=True, slots=True)
class Asked:
    """One simulation, as lists and headings name it."""

    id: UUID
    rules: str
    period: str
    asked: Moment
    who: str
    standing: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What is on record and can be tried."""

    policies: tuple[str, ...]
    models: tuple[str, ...]

    @classmethod
    def of(cls, policies: Iterable[str], models: Iterable[str]) -> "Choices":
        """Each policy once, the first ones first."""
        return cls(tuple(dict.fromkeys(policies)), tuple(models))


@dataclass(frozen=True, slots=True)
class ListView:
    """The form, and what was asked for last."""

    choices: Choices
    usual_days: int
    most_days: int
    rows: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what it is about, and its numbers, as they were and as they become."""

    name: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SimulationView:
    """The page of one simulation; without tables while it is not done."""

    asked: Asked
    refusal: str = ""
    done: int = 0
    days: int = 0
    photos: str = ""
    left_out: str = ""
    changed: int = 0
    stretch: str = ""
    tables: tuple[Table, ...] = ()
    plots: tuple[Titled, ...] = ()
    groups: tuple[GroupRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One case that changes."""

    application_id: UUID
    decided: Moment
    client: str
    was: str
    was_tone: str
    was_reasons: tuple[str, ...]
    becomes: str
    becomes_tone: str
    becomes_reasons: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """A page of cases that change; `next` is empty on the last one."""

    asked: Asked
    rows: tuple[ChangeRow, ...]
    next: str
    is_first: bool


class Found(NamedTuple):
    """A page of changes, the word for the next one, and whether it is the first."""

    changes: Sequence[Change]
    next: str
    is_first: bool


def list_view(asked: Iterable[Simulation], names: Mapping[UUID, str], choices: Choices, usual_days: int) -> ListView:
    """The page of all simulations; `names` are people's by id."""
    rows = tuple(_asked(one, names.get(one.asked_by, "Somebody")) for one in asked)
    return ListView(choices, usual_days, MOST_DAYS, rows)


def simulation_view(asked: Simulation) -> SimulationView:
    """One simulation, as far as it is."""
    days = (asked.until - asked.since).days + 1
    if asked.counts is None:
        return SimulationView(_asked(asked), refusal=asked.refusal or "", done=asked.days_done, days=days)
    counts, profile = Counts.from_json(asked.counts), read_profile(asked.profile)
    found = Summary.of(counts, profile, days)
    within = edges(asked.since, asked.until)
    step = (within[1] - within[0]).days
    return SimulationView(
        _asked(asked),
        days=days,
        photos=f"{found.photos:,}",
        left_out=f"{found.left_out:,}" if found.left_out else "",
        changed=found.changed,
        stretch="one day" if step == 1 else f"{step} days",
        tables=tuple(_tables(found)),
        plots=_plots(found, within),
        groups=group_rows(counts, profile),
    )


def changes_view(asked: Simulation, found: Found) -> ChangesView:
    """The cases that change."""
    return ChangesView(_asked(asked), tuple(map(_change, found.changes)), found.next, found.is_first)


def _asked(one: Simulation, who: str = "") -> Asked:
    rules = f"{one.profile['name']}@{one.profile['version']}" + (f" with {one.model}" if one.model else "")
    standing = "done" if one.counts else "refused" if one.refusal else "waits" if one.days_done == 0 else "under way"
    period = f"{_day(one.since)} to {_day(one.until)}"
    return Asked(one.id, rules, period, moment(one.asked_at), who, standing, one.counts is not None)


def _tables(found: Summary) -> Iterator[Table]:
    shifts = ("was", "becomes", "change")
    yield Table("Outcome", shifts, tuple(Row(VERDICTS[it], _shift(shift)) for it, shift in found.verdicts.items()))
    yield Table("Work and errors", shifts, tuple(_errors(found)))
    moved = sorted(((n, *pair) for pair, n in found.moved.items() if pair[0] is not pair[1]), reverse=True)
    rows = tuple(Row(f"{VERDICTS[was]} → {VERDICTS[becomes]}", (f"{n:,}",)) for n, was, becomes in moved)
    yield Table("What changes", ("photos",), rows)
    yield Table("By reason", shifts, tuple(Row(_reason(code), _shift(it)) for code, it in found.reasons.items()))
    yield _grouped("By client", found.clients)
    if found.groups:
        named = {name.replace("_", " "): verdicts for name, verdicts in found.groups.items()}
        yield _grouped("By group of applicants", named)


def _errors(found: Summary) -> Iterator[Row]:
    yield Row("Sent to a person, a day", _shift(found.reviews_a_day, ",.1f"))
    yield Row(f"Approved, though people refused it (of {found.judged:,} judged)", _shift(found.approved_refused))
    yield Row(f"Refused, though people approved it (of {found.judged:,} judged)", _shift(found.refused_approved))
    yield _expected("Placeholders approved, expected", found.placeholders_approved)
    yield _expected("Real faces refused, expected", found.reals_refused)


def _expected(name: str, errors: ExpectedErrors) -> Row:
    bound = "no bound" if errors.allowed is None else f"the bound allows {errors.allowed:,.1f}"
    return Row(f"{name} of {errors.among:,.0f} ({bound})", _shift(errors.errors, ",.2f"))


def _grouped(title: str, groups: Mapping[str, Verdicts]) -> Table:
    columns = ("photos", "approved: was", "becomes", "sent to a person: was", "becomes", "refused: was", "becomes")
    return Table(title, columns, tuple(Row(name, tuple(_shares(verdicts))) for name, verdicts in groups.items()))


def _shares(verdicts: Verdicts) -> Iterator[str]:
    photos = sum(shift.was for shift in verdicts.values())
    yield f"{photos:,}"
    refused = [verdicts[Verdict.RESUBMISSION_REQUESTED], verdicts[Verdict.REJECTED]]
    together = Shift(sum(it.was for it in refused), sum(it.becomes for it in refused))
    for shift in (verdicts[Verdict.APPROVED], verdicts[Verdict.IN_REVIEW], together):
        yield from (f"{100 * count / photos:.1f} %" for count in shift)


def _plots(found: Summary, within: Sequence[date]) -> tuple[Titled, ...]:
    labels = [_day(edge) for edge in within[:-1]]
    becomes = {words: _by_stretch(found, within, verdict, "becomes") for verdict, words in VERDICTS.items()}
    load = {
        "was": _a_day(_by_stretch(found, within, Verdict.IN_REVIEW, "was"), within),
        "becomes": _a_day(_by_stretch(found, within, Verdict.IN_REVIEW, "becomes"), within),
    }
    return (
        Titled("Sent to a person, a day", "", lined(labels, load, lambda value: f"{value:,.3g}")),
        Titled(
            "Outcomes by these rules",
            f"{found.photos:,}",
            stacked(labels, {k: v for k, v in becomes.items() if any(v)}),
        ),
    )


def _by_stretch(found: Summary, within: Sequence[date], verdict: Verdict, when: str) -> list[int]:
    return [
        int(sum(getattr(verdicts[verdict], when) for day, verdicts in found.days.items() if begins <= day < ends))
        for begins, ends in pairwise(within)
    ]


def _a_day(counts: Sequence[int], within: Sequence[date]) -> list[float]:
    return [count / (ends - begins).days for count, (begins, ends) in zip(counts, pairwise(within), strict=True)]


def _change(change: Change) -> ChangeRow:
    case, now = change
    return ChangeRow(
        application_id=case.application_id,
        decided=moment(case.decided_at),
        client=case.client,
        was=VERDICTS[case.was],
        was_tone=case.was.value,
        was_reasons=plain_words(reason.code for reason in case.reasons),
        becomes=VERDICTS[now.verdict],
        becomes_tone=now.verdict.value,
        becomes_reasons=plain_words(reason.code for reason in now.reasons),
        said=VERDICTS[case.said.verdict] if case.said else "–",
    )


def _shift(shift: Shift, form: str = ",.0f") -> tuple[str, str, str]:
    change = shift.becomes - shift.was
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return f"{shift.was:{form}}", f"{shift.becomes:{form}}", f"{sign}{abs(change):{form}}"


def _reason(code: str) -> str:
    return PLAIN_WORDS[ReasonCode(code)].rstrip(".")


def _day(at: date) -> str:
    return f"{at.day} {at:%b %Y}"
