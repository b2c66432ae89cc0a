"""Taking turns at something for as long as a program runs, through every outage."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import structlog
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from photogate.errors import PhotogateError

log = structlog.get_logger()

AWAY = (OperationalError, BrokerError, RedisError)
LONGEST_PAUSE_S = 30.0


class Turn(NamedTuple):
    """Something to do again and again, and how often."""

    do: Callable[[], object]
    interval_s: float


@contextmanager
def beside(turns: Iterable[Turn], told_to_stop: threading.Event) -> Iterator[None]:
    """Take each of these turns in a thread of its own for as long as the block runs, or until told to stop."""
    loops = [
        threading.Thread(target=take_turns, args=[turn.do, told_to_stop], kwargs={"interval_s": turn.interval_s})
        for turn in turns
    ]
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        told_to_stop.set()
        for loop in loops:
            loop.join()


def take_turns(turn: Callable[[], object], told_to_stop: threading.Event, *, interval_s: float) -> None:
    """Call `turn` every `interval_s` seconds until told to stop; after failures, ever more seldom."""
    failures = 0
    while not told_to_stop.is_set():
        failures = 0 if _succeeds(turn) else failures + 1
        told_to_stop.wait(min(LONGEST_PAUSE_S, interval_s * 2 ** min(failures, 10)))


def _succeeds(turn: Callable[[], object]) -> bool:
    try:
        turn()
    except AWAY as error:
        log.warning("turn_failed", error=type(error).__name__)
    except PhotogateError as error:
        log.error("turn_failed", error=error.code, detail=error.detail)  # noqa: TRY400 - the sentence says it all
    except Exception:  # whatever it is, tomorrow's photos need this program
        log.exception("turn_failed")
    else:
        return True
    return False
