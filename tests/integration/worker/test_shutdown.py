"""Ending a worker loses nothing: what runs is finished or handed back."""

import os
import signal
import time

import pytest

from photogate.applications.tables import Stage
from tests.hostile import scan_bomb

SLOW_PHOTO = scan_bomb(40)
"""Takes the better part of a second, so that the signal comes in the middle of it."""


def wait_until(condition, within_s=60):
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def is_claimed(desk, photo_id):
    photo = desk.photo(photo_id)
    return photo.lease_until is not None or photo.stage is Stage.DECIDED


@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_sigterm_in_the_middle_of_a_photo_lets_the_worker_finish_it(desk, launch, pool):
    worker = launch("worker", "--concurrency", "1", "--pool", pool)
    photo_id = desk.submit(SLOW_PHOTO)
    wait_until(lambda: is_claimed(desk, photo_id))
    worker.stop()
    photo = desk.photo(photo_id)
    assert photo.stage is Stage.DECIDED
    assert photo.attempts == 1


def test_sigterm_to_the_whole_group_decides_the_photo_or_hands_it_back(desk, launch):
    """As a service manager ends a service: every process of it hears the signal at once."""
    worker = launch("worker", "--concurrency", "1")
    photo_id = desk.submit(SLOW_PHOTO)
    wait_until(lambda: is_claimed(desk, photo_id))
    os.killpg(worker.pid, signal.SIGTERM)
    wait_until(lambda: not worker.is_running)
    photo = desk.photo(photo_id)
    assert photo.stage is Stage.DECIDED or (photo.attempts, photo.lease_until) == (0, None)
