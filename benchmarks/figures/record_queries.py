"""What auditors wait for: searches and exports over a million decisions."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np
import psutil
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks.figures.promise import Figure, NotMeasured, Promise
from benchmarks.long_history import History
from benchmarks.processes import running_ms
from benchmarks.stories import (
    AVATAR,
    ENDS,
    LASTS,
    MODEL_VERSIONS,
    POLICY,
    POLICY_VERSIONS,
    REASONS,
    REVIEWERS,
    References,
    reference,
)
from photogate.applicants.queries import ids_by_reference
from photogate.applications.tables import DecisionRecord
from photogate.database import Database
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.searches import aggregates, export, service, tallies
from photogate.searches.export import Format
from photogate.searches.filters import Filters, Place

SEARCHES = 600
PAGE = 50
WHO = "client:benchmark"
STRETCHES = 31

LOADED = Promise("decisions searched", least=1_000_000)
SEARCH = Promise("audit search with its event, 95 of 100 take at most", "ms", most=50)
WORKED = Promise("processor time of it, the database's included, 95 of 100", "ms", most=50)
CSV = Promise("export as CSV", "decisions a second", least=20_000)
NDJSON = Promise("export as NDJSON, reasons with what was measured", "decisions a second", least=20_000)
EXPORTED = Promise(
    "the slower of the two, by processor time, the database's included", "decisions a second", least=20_000
)
MEMORY = Promise("memory that an export takes from its first tenth to its end", "MB", most=8)
STATISTICS = Promise("statistics of the year, processor time, the database's included", "ms", most=2_000)
PROMISES = (LOADED, SEARCH, WORKED, CSV, NDJSON, EXPORTED, MEMORY, STATISTICS)


@dataclass(frozen=True, slots=True)
class Cost:
    """How long something took, and how long processors worked on it: on a busy machine the second says more."""

    took_ms: float
    worked_ms: float


class Meter:
    """Measures this process together with the one of the database that serves it."""

    def __init__(self, database: Database) -> None:
        """Find the database's process; there is one connection, which the pool hands out again and again."""
        with database.transaction() as session:
            self._backend = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        self._began, self._worked = 0.0, 0.0
        self.start()

    def start(self) -> None:
        """Measure from now on."""
        self._began, self._worked = time.perf_counter(), self._working_ms()

    def read(self) -> Cost:
        """Return what was spent since the start."""
        return Cost((time.perf_counter() - self._began) * 1000, self._working_ms() - self._worked)

    def _working_ms(self) -> float:
        return time.process_time() * 1000 + running_ms(self._backend)


def measured(history: History, decisions: int) -> list[Figure]:
    """Ask a history of at least so many decisions everything that can be asked, and take all of it along."""
    database = Database(history.app_url)
    with database.transaction() as session:
        loaded = session.scalars(select(func.count()).select_from(DecisionRecord)).one()
    costs = list(_searches(database, decisions))
    table, grown_mb = _export(database, Format.CSV, loaded)
    lines, _ = _export(database, Format.NDJSON, loaded)
    statistics = _statistics(database)
    database.close()
    return [
        LOADED.measured(loaded),
        SEARCH.measured(round(float(np.percentile([cost.took_ms for cost in costs], 95)), 1)),
        WORKED.measured(round(float(np.percentile([cost.worked_ms for cost in costs], 95)), 1)),
        CSV.measured(round(loaded / table.took_ms * 1000)),
        NDJSON.measured(round(loaded / lines.took_ms * 1000)),
        EXPORTED.measured(round(loaded / max(table.worked_ms, lines.worked_ms) * 1000)),
        MEMORY.measured(round(grown_mb, 1)),
        STATISTICS.measured(round(statistics.worked_ms)),
    ]


def _searches(database: Database, decisions: int) -> Iterator[Cost]:
    """Each search's cost; half of them begin somewhere in the year, as the later pages of a list do."""
    draw, meter = random.Random(7), Meter(database)
    for number in range(SEARCHES):
        before = None if number % 2 else Place(ENDS - LASTS * draw.random(), REVIEWERS[0])
        meter.start()
        with database.transaction() as session:
            service.search(session, WHO, _question(session, draw, decisions), before=before, limit=PAGE)
        yield meter.read()


def _question(session: Session, draw: random.Random, decisions: int) -> Filters:
    """One of everything that can be asked, alone and together, also what never meets."""
    progress = draw.random()
    somebody = f"user:{draw.choice(REVIEWERS)}"
    model, policy = f"student@1.{draw.randrange(MODEL_VERSIONS)}.0", f"{POLICY}@{draw.randint(1, POLICY_VERSIONS)}"
    reason, since = ReasonCode(draw.choice(list(REASONS))), ENDS - LASTS * progress
    ask = draw.choice(
        [
            Filters,
            lambda: Filters(applicants=_called(session, draw.randrange(decisions // 2))),
            lambda: Filters(photo_sha256=AVATAR),
            lambda: Filters(since=since, until=since + timedelta(days=30)),
            lambda: Filters(outcome=draw.choice(list(Verdict))),
            lambda: Filters(reason=reason),
            lambda: Filters(actor=somebody),
            lambda: Filters(model=model),
            lambda: Filters(policy=policy),
            lambda: Filters(reason=reason, actor=somebody),
            lambda: Filters(model=model, policy=policy, outcome=Verdict.REJECTED),
            lambda: Filters(since=since, reason=reason, outcome=Verdict.RESUBMISSION_REQUESTED),
        ]
    )
    return ask()


def _called(session: Session, number: int) -> frozenset[UUID]:
    return frozenset(ids_by_reference(session, References(), reference(number)))


def _export(database: Database, form: Format, rows: int) -> tuple[Cost, float]:
    """What taking everything along costs, and the megabytes by which this process grew from the first tenth on."""
    meter, process, early_mb, size_bytes = Meter(database), psutil.Process(), 0.0, 0
    with database.transaction() as session:
        begun = export.begin(session, WHO, Filters(), form)
    for number, piece in enumerate(export.stream(database, begun)):
        size_bytes += len(piece)
        if number == rows // export.ROWS_A_PIECE // 10:
            early_mb = process.memory_info().rss / 1e6
    cost = meter.read()
    with database.transaction() as session:
        manifest = export.manifest(session, begun.id).details
    if (manifest["size_bytes"], manifest["rows"]) != (size_bytes, rows):
        raise NotMeasured("the export is not as long as its manifest says.")
    return cost, process.memory_info().rss / 1e6 - early_mb


def _statistics(database: Database) -> Cost:
    """What a page of statistics over the whole year costs, once the relay has counted the days that are over."""
    with database.transaction() as session:
        days = tallies.uncounted(session, most=1_000)
    for day in days:
        with database.transaction() as session:
            tallies.count(session, day)
    edges = [(ENDS - LASTS * (1 - part / STRETCHES)).date() for part in range(STRETCHES + 1)]
    meter = Meter(database)
    with database.transaction() as session:
        aggregates.counts(session, edges)
        aggregates.times(session, edges)
    return meter.read()
