"""What auditors wait for: searches and exports over a million decisions."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import psutil
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from benchmarks.long_history import History, long_history
from benchmarks.processes import running_ms
from benchmarks.stories import (
    AVATAR,
    ENDS,
    LASTS,
    MODEL_VERSIONS,
    POLICY_VERSIONS,
    REASONS,
    REVIEWERS,
    References,
    reference,
)
from embedded.errors import EmbeddedError
from photogate.applicants.queries import ids_by_reference
from photogate.applications.tables import DecisionRecord
from photogate.database import Database
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.searches import export, service
from photogate.searches.export import Format
from photogate.searches.filters import Filters, Place

DECISIONS = 1_000_000
SEARCHES = 600
PAGE = 50
DIRECTORY = Path(__file__).parents[2] / ".photogate" / "long-history"
WHO = "client:benchmark"

LOADED = Promise("decisions searched", least=DECISIONS)
SEARCH = Promise("audit search with its event, 95 of 100 take at most", "ms", most=50)
WORKED = Promise("processor time of it, the database's included, 95 of 100", "ms", most=50)
CSV = Promise("export as CSV", "decisions a second", least=20_000)
NDJSON = Promise("export as NDJSON, reasons with what was measured", "decisions a second", least=20_000)
EXPORTED = Promise(
    "the slower of the two, by processor time, the database's included", "decisions a second", least=20_000
)
MEMORY = Promise("memory that an export takes from its first tenth to its end", "MB", most=8)


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


def queries(_context: Context) -> list[Figure]:
    """Load the history, ask it everything that can be asked, and take all of it along."""
    try:
        with long_history(DIRECTORY, DECISIONS, lambda _: None) as history:
            return _measured(history)
    except EmbeddedError as error:
        raise NotMeasured(str(error)) from error


def _measured(history: History) -> list[Figure]:
    database = Database(history.app_url)
    with database.transaction() as session:
        loaded = session.scalars(select(func.count()).select_from(DecisionRecord)).one()
    costs = list(_searches(database))
    table, grown_mb = _export(database, Format.CSV)
    lines, _ = _export(database, Format.NDJSON)
    database.close()
    return [
        LOADED.measured(loaded),
        SEARCH.measured(round(float(np.percentile([cost.took_ms for cost in costs], 95)), 1)),
        WORKED.measured(round(float(np.percentile([cost.worked_ms for cost in costs], 95)), 1)),
        CSV.measured(round(loaded / table.took_ms * 1000)),
        NDJSON.measured(round(loaded / lines.took_ms * 1000)),
        EXPORTED.measured(round(loaded / max(table.worked_ms, lines.worked_ms) * 1000)),
        MEMORY.measured(round(grown_mb, 1)),
    ]


def _searches(database: Database) -> Iterator[Cost]:
    """Each search's cost; half of them begin somewhere in the year, as the later pages of a list do."""
    draw, meter = random.Random(7), Meter(database)
    for number in range(SEARCHES):
        before = None if number % 2 else Place(ENDS - LASTS * draw.random(), REVIEWERS[0])
        meter.start()
        with database.transaction() as session:
            service.search(session, WHO, _question(session, draw), before=before, limit=PAGE)
        yield meter.read()


def _question(session: Session, draw: random.Random) -> Filters:
    """One of everything that can be asked, alone and together, also what never meets."""
    progress = draw.random()
    somebody = f"user:{draw.choice(REVIEWERS)}"
    model, policy = f"student@1.{draw.randrange(MODEL_VERSIONS)}.0", f"default@{draw.randint(1, POLICY_VERSIONS)}"
    reason, since = ReasonCode(draw.choice(list(REASONS))), ENDS - LASTS * progress
    ask = draw.choice(
        [
            Filters,
            lambda: Filters(applicants=_called(session, draw.randrange(DECISIONS // 2))),
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


def _export(database: Database, form: Format) -> tuple[Cost, float]:
    """What taking everything along costs, and the megabytes by which this process grew from the first tenth on."""
    meter, process, early_mb, size_bytes = Meter(database), psutil.Process(), 0.0, 0
    with database.transaction() as session:
        begun = export.begin(session, WHO, Filters(), form)
    for number, piece in enumerate(export.stream(database, begun)):
        size_bytes += len(piece)
        if number == DECISIONS // export.ROWS_A_PIECE // 10:
            early_mb = process.memory_info().rss / 1e6
    cost = meter.read()
    with database.transaction() as session:
        manifest = export.manifest(session, begun.id).details
    if (manifest["size_bytes"], manifest["rows"] >= DECISIONS) != (size_bytes, True):
        raise NotMeasured("the export is not as long as its manifest says.")
    return cost, process.memory_info().rss / 1e6 - early_mb


QUERIES = Proof(
    "searches and exports over a million decisions",
    (LOADED, SEARCH, WORKED, CSV, NDJSON, EXPORTED, MEMORY),
    queries,
)
