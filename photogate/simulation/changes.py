"""The cases about which other rules decide otherwise, page by page in the order of time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from photogate.screening.decision import Decision, decide
from photogate.simulation.cases import Case, cases
from photogate.simulation.counts import Counts
from photogate.simulation.service import Question, of_day

Place = tuple[datetime, UUID]
"""When a decision was made, and which one it is."""


class Change(NamedTuple):
    """A case, and what is decided about it now."""

    case: Case
    now: Decision

    @property
    def place(self) -> Place:
        """Where the case stands in the order of time."""
        return self.case.decided_at, UUID(self.case.decision_id)


class Page(NamedTuple):
    """Some changes, oldest first, and the place behind which the next page begins; None on the last one."""

    changes: Sequence[Change]
    next: Place | None


def days_of_changes(counts: Counts) -> list[date]:
    """The days on which anything changes, so that a page looks nowhere else."""
    return sorted({day for day, was, becomes in counts.days if was is not becomes})


def changes(session: Session, question: Question, days: Iterable[date], *, after: Place | None, limit: int) -> Page:
    """A page of what changes on these days of the question's, which are in order."""
    found = list(islice(_changes(session, question, days, after), limit + 1))
    return Page(found[:limit], found[limit - 1].place if len(found) > limit else None)


def _changes(session: Session, question: Question, days: Iterable[date], after: Place | None) -> Iterator[Change]:
    for day in days:
        whole = of_day(day)
        if after is None or after[0] < whole.until:
            begun = after is not None and after[0] >= whole.since
            for case in cases(session, whole._replace(after=after) if begun else whole, models=question.models):
                now = decide(case.found, question.profile, case.application_id, case.attempt)
                if now.verdict is not case.was:
                    yield Change(case, now)
