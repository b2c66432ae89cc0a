"""The Celery app. Postgres holds the jobs: a message that is lost, late or doubled changes nothing."""

import gc
import signal
import sys
from types import FrameType
from typing import Any

from celery import Celery, signals
from kombu.entity import Queue as BrokerQueue

from models.registry import Registry, verify
from photogate.jobs.names import Queue
from photogate.jobs.publisher import BROKER_OPTIONS
from photogate.settings import get_settings
from worker.logs import configure_logging
from worker.policy import require_policy
from worker.serving import record_models
from worker.tools import tools

START_S = 60
PAST_THE_LEASE_S = 10


def configuration() -> dict[str, Any]:
    """Everything that is set differently from Celery's defaults."""
    settings = get_settings()
    return {
        "broker_url": settings.redis_url,
        "broker_connection_timeout": 3,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # for ever
        "broker_transport_options": {
            **BROKER_OPTIONS,
            "visibility_timeout": 2 * int(settings.lease_s) + 60,  # longer than any task, or it would run twice
            # The two multiply: a message that a killed worker held is looked for this often.
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
        },
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        "task_queues": [BrokerQueue(queue.value) for queue in Queue],
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        # Beyond its lease a photo is somebody else's, and whatever comes of the work may not be written.
        "task_soft_time_limit": settings.lease_s,
        "task_time_limit": settings.lease_s + PAST_THE_LEASE_S,
        "worker_proc_alive_timeout": START_S,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
    }


app = Celery("photogate", include=["worker.tasks", "worker.replaying", "worker.judging_beside"])
app.add_defaults(configuration)


@signals.setup_logging.connect
def _leave_logging_alone(**_: object) -> None:
    """Celery sets logging up itself unless somebody listens here; `run` has done it."""


@signals.worker_process_init.connect
def _begin(**_: object) -> None:
    """Warm up before the first message, and have a SIGTERM end a task like a failure, so that its photo goes back.

    A service manager may send SIGTERM to the whole process group; by default it would end this process in mid-sentence.
    """
    signal.signal(signal.SIGTERM, _go)
    tools().warm_up(set(app.amqp.queues.consume_from))


def _go(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(1)


def run(queues: list[Queue], *, concurrency: int, pool: str) -> int:
    """Work on these queues until told to stop; returns the exit code, raises ArtifactError, PolicyChanged.

    SIGTERM finishes what runs. `prefork` gives every task a process with time limits, `solo` works in this one, as a
    GPU wants it.
    """
    settings = get_settings()
    configure_logging(settings.log_level)
    # Better now, in one sentence, than with the first photo; a GPU is not touched before the pool forks.
    registry = Registry(settings.models_folder)
    named = registry.exactly(settings.classifier)
    decides = require_policy(settings) if {Queue.PREPARE, Queue.CLASSIFY} & set(queues) else None
    verify(registry.find(decides.rules.model if decides else named), registry)
    if decides:
        record_models(settings, registry)
    worker = app.Worker(
        queues=[queue.value for queue in queues],
        concurrency=concurrency,
        pool_cls=pool,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    # A collection writes to every object it looks at, and would have each process of the pool copy all of them.
    gc.collect()
    gc.freeze()
    worker.start()
    return int(worker.exitcode or 0)
