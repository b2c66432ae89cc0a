"""What auditors wait for: searches and exports over a million decisions."""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import psutil
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from benchmarks.long_history import History, long_history
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
WORST = Promise("the slowest of them", "ms", most=1_000)
CSV = Promise("export as CSV", "decisions a second", least=20_000)
NDJSON = Promise("export as NDJSON, reasons with what was measured", "decisions a second", least=20_000)
MEMORY = Promise("memory that an export takes from its first tenth to its end", "MB", most=8)


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
    took = sorted(_searches(database))
    table, grown = _export(database, Format.CSV)
    lines, _ = _export(database, Format.NDJSON)
    database.close()
    return [
        LOADED.measured(loaded),
        SEARCH.measured(round(float(np.percentile(took, 95)), 1)),
        WORST.measured(round(took[-1], 1)),
        CSV.measured(round(table)),
        NDJSON.measured(round(lines)),
        MEMORY.measured(round(grown, 1)),
    ]


def _searches(database: Database) -> Iterator[float]:
    """Milliseconds of each search; half of them begin somewhere in the year, as the later pages of a list do."""
    draw = random.Random(7)
    for number in range(SEARCHES):
        before = None if number % 2 else Place(ENDS - LASTS * draw.random(), REVIEWERS[0])
        started = time.perf_counter()
        with database.transaction() as session:
            service.search(session, WHO, _question(session, draw), before=before, limit=PAGE)
        yield (time.perf_counter() - started) * 1000


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


def _export(database: Database, form: Format) -> tuple[float, float]:
    """Decisions a second, and the megabytes by which this process grew from the first tenth on."""
    with database.transaction() as session:
        begun = export.begin(session, WHO, Filters(), form)
    started, process, early_mb, size_bytes = time.perf_counter(), psutil.Process(), 0.0, 0
    for number, piece in enumerate(export.stream(database, begun)):
        size_bytes += len(piece)
        if number == DECISIONS // export.ROWS_A_PIECE // 10:
            early_mb = process.memory_info().rss / 1e6
    seconds = time.perf_counter() - started
    with database.transaction() as session:
        manifest = export.manifest(session, begun.id).details
    if manifest["size_bytes"] != size_bytes:
        raise NotMeasured("the export is not as long as its manifest says.")
    return manifest["rows"] / seconds, process.memory_info().rss / 1e6 - early_mb


QUERIES = Proof("searches and exports over a million decisions", (LOADED, SEARCH, WORST, CSV, NDJSON, MEMORY), queries)
