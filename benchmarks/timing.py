"""Fair clocks on a machine that may have other things to do."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import cv2
import torch


@dataclass(frozen=True, slots=True)
class Lap:
    """One run: processor time of the process, time on the wall, and wall time of each stage.

    On one idle core both are the same; where something else wants the core, only the processor time stays comparable.
    """

    cpu_ms: float
    wall_ms: float
    stages_ms: dict[str, float]


class Stages:
    """Wall milliseconds of the named parts of one run."""

    def __init__(self) -> None:
        """Start with no stage."""
        self.ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        start = time.perf_counter()
        yield
        self.ms[name] = (time.perf_counter() - start) * 1000


def stay_on_one_core() -> int:
    """Keep this process on one core and its libraries on one thread each; returns the core's number."""
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    return core


def timed(run: Callable[[], dict[str, float]]) -> Lap:
    """Run once; `run` returns the wall milliseconds of its stages."""
    cpu, wall = time.process_time(), time.perf_counter()
    stages_ms = run()
    return Lap((time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000, stages_ms)


def middle(laps: Sequence[Lap]) -> Lap:
    """Take the median of each number of several laps."""
    return Lap(
        median(lap.cpu_ms for lap in laps),
        median(lap.wall_ms for lap in laps),
        {stage: median(lap.stages_ms[stage] for lap in laps) for stage in laps[0].stages_ms},
    )
