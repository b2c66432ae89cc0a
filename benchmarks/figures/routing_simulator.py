"""What it takes to decide a long history again by other rules, and whether it comes out as the rules say."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from os import getpid

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.figures.promise import Context, Figure, Promise, Proof
from benchmarks.long_history import History, long_history
from benchmarks.processes import cpu_ms, memory_mb
from benchmarks.stories import ENDS, LASTS
from photogate.applications.profiles import load_profile
from photogate.applications.tables import ActorKind, Assessment, DecisionRecord
from photogate.database import Database
from photogate.screening.checks import RealPhoto
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from photogate.screening.profile import IssuerProfile
from photogate.simulation.counts import Counts
from photogate.simulation.service import Archive, Question, of_day, simulate

DECISIONS = 1_150_000
"""People make one in eight of them; a policy makes the others, each on an assessment."""

PROCESSES, DAYS_HELD_UP = 2, 3

STORED = Promise("stored assessments decided again", least=1_000_000)
TOOK = Promise("simulation of them", "s", most=30)
WORKED = Promise("processor time of it, the database's included; two processors share it", "s", most=60)
MEMORY = Promise("memory that it takes, its processes together, from its first tenth to its end", "MB", most=30)
OTHERWISE = Promise(
    f"verdicts of {DAYS_HELD_UP} days counted otherwise than `decide` gives of the whole assessments", least=0, most=0
)


def simulator(context: Context) -> list[Figure]:
    """Ask a year of decisions what stricter rules would have made of it."""
    wanted = context.share(DECISIONS)
    with long_history(wanted, lambda loaded: context.told(loaded, wanted)) as history:
        return _measured(history, context)


def _measured(history: History, context: Context) -> list[Figure]:
    question = Question(_stricter(), (ENDS - LASTS).date(), ENDS.date())
    memory: dict[int, float] = {}
    began, worked_ms = time.perf_counter(), cpu_ms(getpid())
    with _watched(memory) as told:
        counts = simulate(
            Archive(history.app_url, history.master_keys),
            question,
            lambda done, of: (told(done), context.told(done, of)),
            processes=PROCESSES,
        )
    took_s, worked_s = time.perf_counter() - began, (cpu_ms(getpid()) - worked_ms) / 1000
    early = next((seen for done, seen in memory.items() if done >= len(question.days) // 10), 0)
    return [
        STORED.measured(sum(counts.days.values())),
        TOOK.measured(round(took_s, 1)),
        WORKED.measured(round(worked_s, 1)),
        MEMORY.measured(round(max(memory.values()) - early, 1)),
        OTHERWISE.measured(_counted_otherwise(history, question, counts)),
    ]


def _stricter() -> IssuerProfile:
    profile = load_profile("default")
    strict: RealPhoto = replace(profile.real_photo, approve_at=0.99)
    return replace(profile, version=profile.version + 1, real_photo=strict)


@contextmanager
def _watched(memory: dict[int, float]) -> Iterator:
    """Keep what the processes take, once a second, by how many days are done."""
    done, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(1):
            memory[done[0]] = memory_mb(getpid())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield lambda days: done.__setitem__(0, days)
    finally:
        ended.set()
        watching.join()


def _counted_otherwise(history: History, question: Question, counts: Counts) -> int:
    """How far the counts lie from those of deciding by everything that was measured."""
    database, days = Database(history.app_url), question.days[:: len(question.days) // DAYS_HELD_UP][:DAYS_HELD_UP]
    whole: Counter = Counter()
    with database.transaction() as session:
        for day in days:
            for made, found in _assessed(session, day):
                whole[day, made.verdict, decide(found, question.profile, made.application_id).verdict] += 1
    database.close()
    counted = Counter({key: count for key, count in counts.days.items() if key[0] in days})
    return sum(((whole - counted) + (counted - whole)).values())


def _assessed(session: Session, day: date) -> Iterator[tuple[DecisionRecord, Measurements]]:
    within = of_day(day)
    wanted = (
        select(DecisionRecord, Assessment.measurements)
        .join(Assessment, Assessment.id == DecisionRecord.assessment_id)
        .where(
            DecisionRecord.actor_kind == ActorKind.POLICY,
            DecisionRecord.created_at >= within.since,
            DecisionRecord.created_at < within.until,
        )
    )
    for made, measured in session.execute(wanted):
        yield made, Measurements.from_json(measured)


SIMULATOR = Proof("simulator", (STORED, TOOK, WORKED, MEMORY, OTHERWISE), simulator)
