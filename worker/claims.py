"""Holding a photo while it is worked on, and handing it back when that fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from photogate.applications.tables import Stage
from photogate.errors import Unavailable
from photogate.jobs import service as jobs
from photogate.jobs.service import Job, LeaseLost
from worker.tools import Tools

log = structlog.get_logger()

AWAY = (Unavailable, OperationalError, InterfaceError)
"""Postgres or the store does not answer, for which no photo is to blame."""

AT_ONCE = timedelta(0)
WHEN_THINGS_ANSWER_AGAIN = timedelta(seconds=5)


@contextmanager
def claimed(tools: Tools, photo_id: UUID, stage: Stage) -> Iterator[Job | None]:
    """Claim a photo for the block, in a transaction of its own; None when there is nothing to do for us.

    The block writes its result with `photogate.jobs.service`, fenced. A block that fails hands the photo back, and
    the error ends here: what comes next is in the row, not in the message.
    """
    job = _claim(tools, photo_id, stage)
    try:
        yield job
    except LeaseLost:
        log.warning("lease_lost", photo=str(photo_id), stage=stage.value)
    except AWAY as error:
        log.warning("unavailable", photo=str(photo_id), stage=stage.value, error=type(error).__name__)
        _hand_back(tools, job, after=WHEN_THINGS_ANSWER_AGAIN, counted=False)
    except Exception:
        log.exception("attempt_failed", photo=str(photo_id), stage=stage.value)
        _hand_back(tools, job, after=_pause_after(job, tools.settings.max_attempts), counted=True)
    except BaseException:  # the process is told to go, in the middle of its work
        _hand_back(tools, job, after=AT_ONCE, counted=False)
        raise


def _claim(tools: Tools, photo_id: UUID, stage: Stage) -> Job | None:
    try:
        with tools.database.transaction() as session:
            return jobs.claim(session, photo_id, stage, lease=tools.lease, max_attempts=tools.settings.max_attempts)
    except AWAY as error:
        # The message is gone, but the row is not: the relay speaks up for it.
        log.warning("not_claimed", photo=str(photo_id), stage=stage.value, error=type(error).__name__)
        return None


def _pause_after(job: Job | None, max_attempts: int) -> timedelta:
    """Five seconds, then fifteen, …; none after the last attempt, for people need not wait."""
    attempts = job.attempts if job else 0
    return AT_ONCE if attempts >= max_attempts else timedelta(seconds=5 * 3 ** (attempts - 1))


def _hand_back(tools: Tools, job: Job | None, *, after: timedelta, counted: bool) -> None:
    if job is None:
        return
    try:
        with tools.database.transaction() as session:
            jobs.hand_back(session, job, after=after, counted=counted)
    except (LeaseLost, *AWAY):
        # The lease ends by itself, and the relay speaks up for the photo then.
        log.warning("not_handed_back", photo=str(job.photo_id), stage=job.stage.value)
