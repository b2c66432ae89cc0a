"""Telling workers that a photo waits; a message that gets lost is spoken again by the relay."""

from uuid import UUID

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

from photogate.applications.tables import Stage
from photogate.jobs.names import OF_STAGE, Queue, Task

log = structlog.get_logger()

BROKER_OPTIONS = {
    "socket_timeout": 5,  # the default waits for ever
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 10,
}


class Publisher:
    """Sends ids to the broker; make one a process."""

    def __init__(self, redis_url: str) -> None:
        self._app = Celery(broker=redis_url, set_as_current=False)
        self._app.conf.update(
            # Whoever submits a photo waits here: one more try, at once, and then the relay's turn.
            broker_transport_options={**BROKER_OPTIONS, "max_retries": 1, "interval_start": 0, "interval_step": 0},
            broker_connection_timeout=3,
            task_ignore_result=True,
            task_publish_retry=False,
        )

    def publish(self, photo_id: UUID, stage: Stage) -> bool:
        """Tell the stage's queue of a photo; False, and a line in the log, when the broker does not answer."""
        task, queue = OF_STAGE[stage]
        try:
            self._app.send_task(task.value, args=[str(photo_id)], queue=queue.value)
        except OperationalError:
            log.warning("broker_unreachable", photo=str(photo_id), stage=stage.value)
            return False
        return True

    def ask_check(self, check_id: UUID) -> None:
        """Tell the queue of one-off checks; raises kombu's OperationalError, since nobody would speak again."""
        self._app.send_task(Task.CHECK.value, args=[str(check_id)], queue=Queue.CHECKS.value)

    def ask_replay(self, asked_id: UUID) -> None:
        """Tell the queue of one-off checks of a decision to compute again; raises kombu's OperationalError likewise."""
        self._app.send_task(Task.REPLAY.value, args=[str(asked_id)], queue=Queue.CHECKS.value)

    def ask_beside(self) -> None:
        """Have a worker judge beside; raises kombu's OperationalError likewise, and the relay asks again."""
        self._app.send_task(Task.JUDGE_BESIDE.value, queue=Queue.BESIDE.value)

    def waiting(self, stage: Stage) -> int:
        """How many messages wait in the stage's queue; raises an error of kombu's or redis' when nobody answers."""
        return self.waiting_in(OF_STAGE[stage][1])

    def waiting_in(self, queue: Queue) -> int:
        """The same of any queue."""
        with self._app.pool.acquire(block=True) as connection:
            return int(connection.default_channel.client.llen(queue.value))
