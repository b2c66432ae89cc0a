"""The promise of the queue: whatever is killed and whatever the broker forgets, every photo is decided exactly once."""

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from redis import Redis
from sqlalchemy import func, select

from photogate.applications.tables import Photo
from photogate.screening.verdicts import ApplicationStatus
from tests.factories import jpeg
from tests.guards.tree import ROOT

SEED = 20261120
KILLS = 50
PAUSE_S = (0, 0.6)
PATIENCE_S = 80
LEASE_S = 3
IN_FLIGHT = 25
ENOUGH_HITS = 3
FINAL = {ApplicationStatus.APPROVED, ApplicationStatus.IN_REVIEW, ApplicationStatus.RESUBMISSION_REQUESTED}


@contextmanager
def load(desk) -> Iterator[list]:
    """Keep some photos on their way, each with bytes of its own, for as long as the block runs."""
    photos, is_over = [], threading.Event()

    def submit():
        for number in count():
            while not is_over.is_set() and desk.undecided() >= IN_FLIGHT:
                time.sleep(0.05)
            if is_over.is_set():
                return
            photos.append(desk.submit(jpeg((200 + number % 50, 240))))

    submitting = threading.Thread(target=submit)
    submitting.start()
    try:
        yield photos
    finally:
        is_over.set()
        submitting.join()


def kill_at_random(programs, chance, desk, redis, kills):
    """Kill one program after the other with all its processes, start it again at once, and wipe the broker midway.

    A kill hits something only once its victim works and a photo was claimed just now; a busy machine gets `PATIENCE_S`
    in all to come that far.
    """
    out_of_patience = time.monotonic() + PATIENCE_S
    for number in range(kills):
        time.sleep(chance.uniform(*PAUSE_S))
        victim = chance.choice(programs)
        while not (victim.program.ready(victim) and desk.just_claimed(LEASE_S)) and time.monotonic() < out_of_patience:
            time.sleep(0.01)
        victim.kill()
        victim.start()
        if number == kills // 2:
            redis.flushdb()


def interrupted(database) -> int:
    """How many photos were claimed again after a claim that came to nothing."""
    with database.transaction() as session:
        return session.scalars(select(func.count()).where(Photo.fencing_token > 1)).one()


def write_figures(**figures):
    path = ROOT / "benchmarks/out/kills.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures) + "\n")


@pytest.mark.parametrize("kills", [KILLS])
def test_fifty_kills_and_a_broker_that_forgets_lose_and_double_nothing(desk, database, settings, launch, kills):
    quick = {"lease_s": LEASE_S, "relay_interval_s": 0.5}
    programs = [launch("worker", "--concurrency", "1", name=f"worker-{number}", **quick) for number in (1, 2)]
    programs = [*programs, *programs, launch("relay", **quick)]  # four kills of workers for one of the relay
    with Redis.from_url(settings.redis_url) as redis, load(desk) as photos:
        kill_at_random(programs, random.Random(SEED), desk, redis, kills)
    desk.wait_for(photos, within_s=90)

    decided = desk.machine_decisions()
    lost = len(set(photos) - decided.keys())
    doubled = sum(decisions > 1 for decisions in decided.values())
    again = interrupted(database)
    write_figures(kills=kills, photos=len(photos), lost=lost, doubled=doubled, claimed_again=again)
    assert (lost, doubled) == (0, 0)
    assert desk.statuses() <= FINAL
    assert again >= ENOUGH_HITS, "the kills hit too little work to prove anything"
