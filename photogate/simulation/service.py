"""Deciding the past again, day by day, on as many processors as are lent."""

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import text

from photogate.applicants.master_keys import KeyFolder
from photogate.database import Database
from photogate.errors import Unprocessable
from photogate.screening.decision import decide
from photogate.screening.profile import IssuerProfile
from photogate.simulation.cases import Stretch, cases, decided
from photogate.simulation.counts import Counts

MOST_DAYS = 3_660
FEW = 20_000
"""So many photos are decided again before another process would have started."""

Told = Callable[[int, int], object]
"""Takes how many days are done, and of how many."""

_COUNTED = text("""
    SELECT count(*) FROM (
        SELECT FROM decisions WHERE created_at >= :since AND created_at < :until LIMIT :most
    ) AS decided
""")


@dataclass(frozen=True, slots=True)
class Question:
    """What these rules would have decided, from one day to another, both included, in UTC; raises Unprocessable.

    With `model`, a name@version, by its scores in the place of those that were heard then.
    """

    profile: IssuerProfile
    since: date
    until: date
    model: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= (self.until - self.since).days < MOST_DAYS:
            raise Unprocessable("Choose a period of at most ten years that does not end before it begins.")

    @classmethod
    def last(cls, days: int, profile: IssuerProfile, today: date, model: str | None = None) -> "Question":
        """The last so many days, today included; raises Unprocessable."""
        if not 0 < days <= MOST_DAYS:
            raise Unprocessable(f"Choose between 1 and {MOST_DAYS:,} days.")
        return cls(profile, today - timedelta(days=days - 1), today, model)

    @property
    def days(self) -> Sequence[date]:
        """Every day of the period."""
        return [self.since + timedelta(days=number) for number in range((self.until - self.since).days + 1)]

    @property
    def models(self) -> tuple[str, ...]:
        """The model on trial, or none."""
        return (self.model,) if self.model else ()


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the past lies, and the folder of master keys that opens what clients say of applicants."""

    database_url: str
    master_keys: Path


def simulate(archive: Archive, question: Question, told: Told = lambda _done, _all: None, *, processes: int) -> Counts:
    """Decide every photo of the period again and count; `told` after every day, and what it raises ends the work.

    Up to `processes` other processes take part, none where there is little to do. Each day is read in a transaction of
    its own, which history that is only added to allows. Raises KeyMissing.
    """
    counts, days = Counts(), question.days
    with _each_day(archive, question, processes) as each_day:
        for done, of_day in enumerate(each_day, 1):
            counts += of_day
            told(done, len(days))
    return counts


def of_day(day: date) -> Stretch:
    """A day as a stretch of time."""
    begins = datetime.combine(day, time(), UTC)
    return Stretch(begins, begins + timedelta(days=1))


@contextmanager
def _each_day(archive: Archive, question: Question, processes: int) -> Iterator[Iterator[Counts]]:
    opened = _Opened(archive, question)
    try:
        if processes < 1 or _are_few(opened.database, question):
            yield map(opened.count, question.days)
            return
    finally:
        opened.database.close()
    # Not forked: the program that asks has threads and connections of its own.
    at_work = get_context("spawn")
    beside = ProcessPoolExecutor(processes, at_work, initializer=_begin, initargs=(archive, question))
    try:
        yield beside.map(_count_beside, question.days)
    finally:
        beside.shutdown(cancel_futures=True)


def _are_few(database: Database, question: Question) -> bool:
    since, until = of_day(question.since).since, of_day(question.until).until
    with database.transaction() as session:
        counted: int = session.scalars(_COUNTED, {"since": since, "until": until, "most": FEW}).one()
    return counted < FEW


class _Opened:
    """An archive as one process reads it."""

    def __init__(self, archive: Archive, question: Question) -> None:
        self.database = Database(archive.database_url)
        self._kms, self._question = KeyFolder(archive.master_keys), question

    def count(self, day: date) -> Counts:
        """Decide every photo of a day again."""
        counts, profile, models = Counts(), self._question.profile, self._question.models
        with self.database.transaction() as session:
            for case in cases(session, of_day(day), self._kms, models=models):
                counts.add(day, case, decide(case.found, profile, case.application_id, case.attempt))
            counts.left_out = decided(session, of_day(day)) - counts.photos if models else 0
        return counts


_beside: list[_Opened] = []
"""What a process that takes part works with."""


def _begin(archive: Archive, question: Question) -> None:
    gc.disable()  # cases are no cycles, and nobody need look for some among them
    _beside.append(_Opened(archive, question))


def _count_beside(day: date) -> Counts:
    return _beside[-1].count(day)
