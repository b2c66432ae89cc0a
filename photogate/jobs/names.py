"""The names of queues and tasks; nothing else in the code spells them."""

from enum import StrEnum

from photogate.applications.tables import Stage


class Queue(StrEnum):
    """The queues at the broker."""

    PREPARE = "prepare"
    CLASSIFY = "classify"
    CHECKS = "checks"
    BESIDE = "beside"


class Task(StrEnum):
    """What a message asks a worker to do."""

    PREPARE = "photogate.prepare"
    CLASSIFY = "photogate.classify"
    CHECK = "photogate.check"
    REPLAY = "photogate.replay"
    JUDGE_BESIDE = "photogate.judge_beside"


OF_STAGE: dict[Stage, tuple[Task, Queue]] = {
    Stage.PREPARE: (Task.PREPARE, Queue.PREPARE),
    Stage.CLASSIFY: (Task.CLASSIFY, Queue.CLASSIFY),
}
