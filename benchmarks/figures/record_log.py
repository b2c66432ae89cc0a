"""The log of a year: exported and verified, and kept up to the second without slowing the decisions that fill it."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import text

from benchmarks import processes
from benchmarks.deciding import Desk
from benchmarks.figures.programs import run
from benchmarks.figures.promise import Figure, NotMeasured, Promise
from benchmarks.long_history import DIRECTORY, History
from embedded.processes import Process, Program, says
from photogate.applicants.master_keys import KeyFolder
from photogate.audit.exports import export
from photogate.audit.notes import PrivateKey
from photogate.database import Database
from photogate.settings import Settings
from photogate.storage import S3PhotoStore
from worker.sequencing import Sequencer

WATCHED = 300
DECISIONS_A_LAP = 150
LOOK_EVERY_S = 0.05
PAUSE_S = 0.03
PATIENCE_S = 300
MILLION = 1_000_000

EVENTS = Promise("events of a year in one log, exported", "at least 1,000,000")
VERIFIED = Promise("processor time to verify that export offline, per million events", "s", most=15)
BY_CLOCK = Promise("the same by the clock, with the program's start", "s", most=15)
MEMORY = Promise("memory of the verification at its highest", "MB", most=250)
BEHIND = Promise(
    "age of the oldest event without a checkpoint, at the worst moment of 300 decisions, some 20 a second", "s", most=1
)
SLOWED = Promise("deciding costs more processor time with the log, its keeper and its index, than without", "%", most=5)
BY_THE_CLOCK = Promise("deciding takes longer by the clock, where the keeper and the store share its cores", "named")
PROMISES = (EVENTS, VERIFIED, BY_CLOCK, MEMORY, BEHIND, SLOWED, BY_THE_CLOCK)

VERIFY = """
import sys, time
from cli.main import program
try:
    program(sys.argv[1:])(sys.argv[1:])
finally:
    # Not ru_maxrss, which a program inherits from the one that starts it.
    [highest] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:")]
    print(time.process_time(), int(highest) * 1024 / 1e6)
"""
LAST_SIGNED = text("""
SELECT txid, event_id FROM log_entries WHERE sequence = (SELECT max(size) FROM checkpoints) - 1
""")
OLDEST_UNSIGNED = text("""
SELECT coalesce(extract(epoch FROM statement_timestamp() - min(created_at)), 0)::float8 FROM events
WHERE (txid, id) > (:txid, CAST(:event_id AS uuid))
""")
"""Asked with the place itself, which an index answers; a look that reads all events takes longer than they wait."""
WITH_INDEX = "CREATE INDEX IF NOT EXISTS ix_events_txid_id ON events (txid, id)"
WITHOUT_INDEX = "DROP INDEX IF EXISTS ix_events_txid_id"


class Lap(NamedTuple):
    """Processor time of the deciding program and its database process, and the median of one decision by the clock."""

    cpu_s: float
    clock_s: float


@dataclass(frozen=True, slots=True)
class Year:
    """A year's history on which programs can run; `keeper` is the relay's process, which keeps the log."""

    settings: Settings
    app: Database
    superuser: Database
    desk: Desk
    keeper: Process

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Have the log kept for the block, from an index and a checkpoint that are up to date."""
        self.run(WITH_INDEX)
        self.keeper.start()
        self.keeper.wait_until_ready(60)
        latest = time.monotonic() + PATIENCE_S
        while self.behind_s() > 0:
            if time.monotonic() > latest:
                raise NotMeasured(f"the keeper did not catch up within {PATIENCE_S} s.")
            time.sleep(LOOK_EVERY_S)
        yield
        self.keeper.stop()

    def behind_s(self) -> float:
        """How old the oldest event is that no checkpoint covers."""
        with self.app.transaction() as session:
            place = session.execute(LAST_SIGNED).one()._asdict()
            return float(session.execute(OLDEST_UNSIGNED, place).scalar_one())

    def run(self, statement: str) -> None:
        """Do as the tables' owner may."""
        with self.superuser.transaction() as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(text(statement))

    def lap(self) -> Lap:
        """Decide some photos, one after another over one connection."""
        with self.app.transaction() as session:
            backend = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        cpu_s = time.process_time() + processes.cpu_ms(backend) / 1000
        clock_s = median(self.desk.decide_one() for _ in range(DECISIONS_A_LAP))
        return Lap(time.process_time() + processes.cpu_ms(backend) / 1000 - cpu_s, clock_s)


def measured(history: History, pairs_of_laps: int) -> list[Figure]:
    """Verify an export of the year's log, and decide more photos with and without the log's keeper."""
    with _year(history) as year:
        Sequencer(year.settings, year.app).turn()  # the searches and exports so far are events too
        return [*_verification(year), _behind(year), *_slowed(year, pairs_of_laps)]


@contextmanager
def _year(history: History) -> Iterator[Year]:
    variables = _variables(history)
    settings = Settings.model_validate(variables)
    S3PhotoStore(settings).ensure_bucket()
    relay = Program(
        "relay",
        [sys.executable, "-m", "cli.main", "relay"],
        env={f"PHOTOGATE_{name.upper()}": value for name, value in variables.items()},
        ready=says("relay_ready"),
    )
    keeper = history.services.supervisor.launch(relay)
    keeper.stop()
    with closing(Database(history.app_url)) as app, closing(Database(history.superuser_url)) as superuser:
        yield Year(settings, app, superuser, Desk(app, KeyFolder(settings.master_keys)), keeper)


def _variables(history: History) -> dict[str, str]:
    services = history.services
    return {
        "database_url": history.app_url,
        "redis_url": services.redis_url,
        "s3_endpoint": services.s3_endpoint,
        "s3_access_key": services.s3_access_key,
        "s3_secret_key": services.s3_secret_key,
        "s3_secure": "false",
        "master_keys": str(history.master_keys),
        "checkpoint_key_file": str(history.checkpoint_key),
    }


def _verification(year: Year) -> list[Figure]:
    """Export the log and verify it by the command, in a process of its own."""
    key = PrivateKey.load(year.settings.checkpoint_key_file).public
    with TemporaryDirectory(dir=DIRECTORY) as folder:
        size = export(year.app, Path(folder) / "export", key, lambda *_: None)
        ended = run("-c", VERIFY, "audit", "verify", Path(folder) / "export", timeout_s=600)
    ended.require_success()
    cpu_s, memory_mb = map(float, ended.last_words.split())
    return [
        EVENTS.found(f"{size:,}", ok=size >= MILLION),
        VERIFIED.measured(round(cpu_s * MILLION / size, 2)),
        BY_CLOCK.measured(round(ended.seconds * MILLION / size, 2)),
        MEMORY.measured(round(memory_mb, 1)),
    ]


def _behind(year: Year) -> Figure:
    """Look again and again how far the checkpoints have come, while photos are decided one after another."""
    seen, is_over = list[float](), threading.Event()

    def look() -> None:
        while not is_over.wait(LOOK_EVERY_S):
            seen.append(year.behind_s())

    watcher = threading.Thread(target=look)
    with year.kept():
        watcher.start()
        for _ in range(WATCHED):
            year.desk.decide_one()
            time.sleep(PAUSE_S)
        is_over.set()
        watcher.join()
    if not seen:
        raise NotMeasured("nobody looked while photos were decided.")
    return BEHIND.measured(round(max(seen), 3))


def _slowed(year: Year, pairs_of_laps: int) -> list[Figure]:
    """Take turns, so that whatever slows the machine down slows both."""
    cpu, clock = list[float](), list[float]()
    for _ in range(pairs_of_laps):
        with year.kept():
            kept = year.lap()
        year.run(WITHOUT_INDEX)
        alone = year.lap()
        cpu.append(kept.cpu_s / alone.cpu_s)
        clock.append(kept.clock_s / alone.clock_s)
    year.run(WITH_INDEX)
    more_pct, longer_pct = (round(100 * (median(ratios) - 1), 1) for ratios in (cpu, clock))
    by_the_clock = f"{longer_pct:+} % on {len(os.sched_getaffinity(0))} cores"
    return [SLOWED.measured(more_pct), BY_THE_CLOCK.found(by_the_clock, ok=True)]
