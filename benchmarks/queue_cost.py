"""`python -m benchmarks.queue_cost`: processor time of API, queue and database for one photo, without the models."""

import argparse
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import out, processes
from benchmarks.load import Load, redis_process
from benchmarks.photographs import photograph
from embedded.processes import Process
from embedded.stack import Ports, Stack
from models.detection.load import load_detector
from models.preparation import prepare
from photogate.applicants.sealing import DataKey
from photogate.applications.photo_keys import SealedPhotos
from photogate.settings import Settings
from photogate.storage import S3PhotoStore
from worker import screening
from worker.crops import to_png
from worker.tools import Tools

DIRECTORY = Path(__file__).parents[1] / ".photogate" / "queue-cost"
MEGAPIXELS = 0.5
WARM_UP = 20
REPEATS = 100


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor milliseconds per photo; `parts` sum up to `ms_per_photo`, `beside` is what that leaves out."""

    photos: int
    photos_per_s: float
    ms_per_photo: float
    parts: dict[str, float]
    beside: dict[str, float]
    worker_memory_mb: float
    worker_resident_mb: list[float]


class Meter:
    """Reads what each program of a running stack has cost since it started."""

    def __init__(self, stack: Stack, load: Load) -> None:
        """Find the process of every program."""
        self._worker = _pid(stack.worker)
        self._programs = {
            "api": _pid(stack.api),
            "worker": self._worker,
            "relay": _pid(stack.relay),
            "postgres": load.postgres_process(),
            "redis": redis_process(stack.settings.redis_url),
        }
        [self._store] = processes.running(os.getpid(), "s3_server")

    def read(self) -> dict[str, float]:
        """Return processor milliseconds of each program; the worker's box, where photos are decoded, by itself."""
        spent = {name: processes.cpu_ms(process) for name, process in self._programs.items()}
        box = sum(processes.cpu_ms(process) for process in processes.running(self._worker, "worker.box"))
        return spent | {"worker": spent["worker"] - box, "box": box, "store": processes.cpu_ms(self._store)}

    def worker_memory_mb(self) -> float:
        """Return what the worker and its box hold now."""
        return processes.memory_mb(self._worker)

    def worker_resident_mb(self) -> list[float]:
        """Return what each of the worker's processes holds now, shared pages counted in every one."""
        return [round(processes.resident_mb(process), 1) for process in processes.tree(self._worker)]


def measure(stack: Stack, photos: int, tick: Callable[[int], None]) -> Cost:
    """Warm every program up, then send photos as fast as the API takes them and wait for the last decision."""
    load = Load(stack, MEGAPIXELS)
    load.send(WARM_UP)
    load.wait(lambda _: None)
    meter, memory_mb = Meter(stack, load), [0.0]

    def look(decided: int) -> None:
        tick(decided - WARM_UP)
        memory_mb.append(meter.worker_memory_mb())

    before, started = meter.read(), time.perf_counter()
    load.send(photos)
    load.wait(look)
    seconds, after = time.perf_counter() - started, meter.read()
    load.close()
    spent = {name: (after[name] - before[name]) / photos for name in after}
    beside = {"decode, detect, crop": spent.pop("box"), "classify": classify_ms(stack.settings)}
    beside["fetch and keep pictures"] = pictures_ms(stack.settings)
    beside["store"] = spent.pop("store")
    spent["worker"] -= beside["classify"] + beside["fetch and keep pictures"]
    resident_mb = meter.worker_resident_mb()
    return Cost(photos, photos / seconds, sum(spent.values()), spent, beside, max(memory_mb), resident_mb)


def classify_ms(settings: Settings) -> float:
    """Return the processor milliseconds of everything that judges one photo in a worker."""
    prepared = prepare(photograph(MEGAPIXELS), load_detector())
    judges, found = Tools(settings).judges, screening.measured(prepared)
    return _median_ms(lambda: screening.score(judges, found, prepared.crop))


def pictures_ms(settings: Settings) -> float:
    """Return the processor milliseconds of a worker on a photo's bytes: it fetches one and keeps two pictures."""
    photo, store = photograph(MEGAPIXELS), SealedPhotos(S3PhotoStore(settings), DataKey.new())
    prepared = prepare(photo, load_detector())
    store.put("benchmark/original", photo)

    def once() -> None:
        store.get("benchmark/original")
        store.put("benchmark/crop.png", to_png(prepared.crop))
        store.put("benchmark/review.jpg", prepared.review_copy)

    return _median_ms(once)


def _median_ms(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(REPEATS):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return median(spent) * 1000


def _pid(process: Process) -> int:
    if process.pid is None:
        raise ProcessLookupError(f"{process.program.name} does not run.")
    return process.pid


def table(cost: Cost) -> Table:
    """Lay the cost out for a person."""
    drawn = Table("program", title=f"Processor time per photo, {cost.photos} photos of {MEGAPIXELS:g} MP")
    drawn.add_column("ms", justify="right")
    for name, ms in cost.parts.items():
        drawn.add_row(name, f"{ms:.2f}")
    drawn.add_section()
    drawn.add_row("API, queue and database", f"{cost.ms_per_photo:.2f}", end_section=True)
    for name, ms in cost.beside.items():
        drawn.add_row(f"beside that: {name}", f"{ms:.2f}")
    return drawn


def main() -> None:
    """Start a stack of its own, measure, print the table and write out/queue_cost.json."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.queue_cost", description=__doc__)
    options.add_argument("--photos", type=int, default=300)
    photos: int = options.parse_args().photos
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    with Progress(transient=True) as progress, Stack(DIRECTORY, Ports.free()) as stack:
        bar = progress.add_task("starting", total=photos)
        stack.start(lambda step: progress.update(bar, description=f"starting {step}"))
        progress.update(bar, description="photos decided")
        cost = measure(stack, photos, lambda decided: progress.update(bar, completed=decided))
    shutil.rmtree(DIRECTORY)
    Console().print(table(cost))
    print(f"{cost.photos_per_s:.1f} photos a second; the worker held {cost.worker_memory_mb:.0f} MB")
    print(f"Written to {out.save('queue_cost', cost)}")


if __name__ == "__main__":
    main()
