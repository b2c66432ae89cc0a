"""What one picture costs: time on one thread and memory."""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.classifier import Scorer
from models.evaluation.pictures import Pictures
from models.preparation import CROP_PX

_REPEATS = 60
_WARM_UP = 5
_ROLLUP = Path("/proc/self/smaps_rollup")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model, and how much this process grew by loading it and scoring one crop; None where that cannot be told."""

    scorer: Scorer
    memory_mb: float | None


@dataclass(frozen=True, slots=True)
class Cost:
    """Median milliseconds a picture: of the model alone (one crop at a time), and of each stage of preparation.

    `score_cpu_ms` is what the processor spent on the model, however busy the machine was with other things.
    """

    score_ms: float
    score_cpu_ms: float
    prepare_ms: dict[str, float]
    memory_mb: float | None

    @property
    def total_ms(self) -> float:
        """The whole way of one picture."""
        return self.score_ms + sum(self.prepare_ms.values())


def load_measured(load: Callable[[], Scorer]) -> Loaded:
    """Load a model and weigh it: the proportional set size before and after."""
    before = _memory_mb()
    scorer = load()
    scorer.score(np.zeros((1, CROP_PX, CROP_PX, 3), np.uint8))
    after = _memory_mb()
    grown = None if before is None or after is None else max(0.0, after - before)
    return Loaded(scorer, grown)


def cost(loaded: Loaded, pictures: Pictures) -> Cost:
    """Time the model on real crops, one at a time, and take the medians that preparation itself measured.

    Those of pictures with a face, where there are any: what shows nobody is not measured for quality.
    """
    photos = [photo for photo in pictures.prepared if photo.faces] or pictures.prepared
    stages = dict.fromkeys(name for photo in photos for name in photo.ms)
    prepare_ms = {name: statistics.median(photo.ms[name] for photo in photos if name in photo.ms) for name in stages}
    return Cost(*_score_ms(loaded.scorer, pictures), prepare_ms, loaded.memory_mb)


def _score_ms(scorer: Scorer, pictures: Pictures) -> tuple[float, float]:
    """Medians of the clock on the wall and of the processor's."""
    wall, processor = [], []
    for number in range(_WARM_UP + _REPEATS):
        crop = pictures.prepared[number % len(pictures)].crop[None]
        started = time.perf_counter(), time.process_time()
        scorer.score(crop)
        wall.append((time.perf_counter() - started[0]) * 1000)
        processor.append((time.process_time() - started[1]) * 1000)
    return statistics.median(wall[_WARM_UP:]), statistics.median(processor[_WARM_UP:])


def _memory_mb() -> float | None:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", _ROLLUP.read_text(), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) / 1024 if found else None
