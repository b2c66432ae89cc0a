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
from photogate.jobs.service import Job, LeaseLost, RulesChanged
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
    held: list[Job] = []
    try:
        yield _claim(tools, photo_id, stage, held)
    except LeaseLost:
        log.warning("lease_lost", photo=str(photo_id), stage=stage.value)
    except RulesChanged:
        log.info("rules_changed", photo=str(photo_id), stage=stage.value)
        tools.forget_rules()
        _hand_back(tools, held, after=AT_ONCE, counted=False)
    except AWAY as error:
        why = error.detail if isinstance(error, Unavailable) else type(error).__name__
        log.warning("unavailable", photo=str(photo_id), stage=stage.value, error=why)
        _hand_back(tools, held, after=WHEN_THINGS_ANSWER_AGAIN, counted=False)
    except Exception:
        if not held:
            raise
        log.exception("attempt_failed", photo=str(photo_id), stage=stage.value)
        _hand_back(tools, held, after=_pause_after(held[0], tools.settings.max_attempts), counted=True)
    except BaseException:  # the process is told to go, in the middle of its work
        _hand_back(tools, held, after=AT_ONCE, counted=False)
        raise


def _claim(tools: Tools, photo_id: UUID, stage: Stage, held: list[Job]) -> Job | None:
    """Claim, and say in `held` what is claimed before it is: whoever is told to go right afterwards hands it back."""
    try:
        with tools.database.transaction() as session:
            job = jobs.claim(session, photo_id, stage, lease=tools.lease, max_attempts=tools.settings.max_attempts)
            held += [] if job is None else [job]
        return job  # noqa: TRY300 - an else would hide that this is the usual way
    except AWAY as error:
        # The message is gone, but the row is not: the relay speaks up for it.
        log.warning("not_claimed", photo=str(photo_id), stage=stage.value, error=type(error).__name__)
        return None


def _pause_after(job: Job, max_attempts: int) -> timedelta:
    """Five seconds, then fifteen, …; none after the last attempt, for people need not wait."""
    return AT_ONCE if job.attempts >= max_attempts else timedelta(seconds=5 * 3 ** (job.attempts - 1))


def _hand_back(tools: Tools, held: list[Job], *, after: timedelta, counted: bool) -> None:
    for job in held:
        try:
            with tools.database.transaction() as session:
                jobs.hand_back(session, job, after=after, counted=counted)
        except (LeaseLost, *AWAY):
            # The lease ends by itself, and the relay speaks up for the photo then.
            log.warning("not_handed_back", photo=str(job.photo_id), stage=job.stage.value)
