"""The benchmarks' figures: how much faster than the naive pipeline, and what the queue costs."""

from benchmarks import out
from benchmarks.figures.programs import run
from benchmarks.figures.promise import Context, Figure, Promise, Proof

RATIOS = {
    12.0: Promise("naive pipeline's time over ours at 12 MP, one core", "×", least=90),
    0.5: Promise("naive pipeline's time over ours at 0.5 MP, one core", "×", least=400),
}
QUEUE = Promise("API, queue and database for one photo, processor time", "ms", most=15)
MEMORY = Promise("memory of a worker with all its processes", "MB", most=350)


def pipelines(_context: Context) -> list[Figure]:
    """Run both pipelines side by side."""
    out.forget("pipeline")
    run("-m", "benchmarks.pipeline", timeout_s=900).require_success()
    ratios = {photo["megapixels"]: photo["ratio"] for photo in out.saved("pipeline")["photos"]}
    return [promise.measured(round(ratios[megapixels], 1)) for megapixels, promise in RATIOS.items()]


def queue(_context: Context) -> list[Figure]:
    """Send photos through the whole stack and read what its processes cost."""
    out.forget("queue_cost")
    run("-m", "benchmarks.queue_cost", timeout_s=900).require_success()
    cost = out.saved("queue_cost")
    return [QUEUE.measured(round(cost["ms_per_photo"], 2)), MEMORY.measured(round(cost["worker_memory_mb"], 1))]


PIPELINES = Proof("both pipelines", tuple(RATIOS.values()), pipelines)
QUEUE_COST = Proof("the queue's cost", (QUEUE, MEMORY), queue)
