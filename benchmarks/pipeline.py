"""`python -m benchmarks.pipeline`: one photo's way through the naive pipeline and through ours, side by side."""

import argparse
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Protocol

import onnxruntime
import torch
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import out
from benchmarks.naive import NaivePipeline
from benchmarks.ours import OurPipeline
from benchmarks.photographs import photograph
from benchmarks.timing import Lap, middle, stay_on_one_core, timed
from models.allocator import keep_freed_memory

SIZES_MP = 12.0, 0.5
RUNS_PER_ROUND = {"naive": 1, "ours": 20}


class Pipeline(Protocol):
    """Something that screens a photo and says how long each stage took."""

    name: str

    def screen(self, photo: bytes) -> dict[str, float]:
        """Screen one photo; returns the wall milliseconds of each stage."""
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """The middle runs of both pipelines on one photo; `ratio` is naive over ours in processor time."""

    megapixels: float
    file_bytes: int
    naive: Lap
    ours: Lap
    ratio: float


def compare(megapixels: float, photo: bytes, laps: dict[str, list[Lap]]) -> Comparison:
    """Sum up the laps of both pipelines over one photo."""
    naive, ours = middle(laps["naive"]), middle(laps["ours"])
    return Comparison(megapixels, len(photo), naive, ours, naive.cpu_ms / ours.cpu_ms)


def measure(rounds: int, tick: Callable[[], None]) -> list[Comparison]:
    """Run both pipelines in turn, so that whatever slows the machine down slows both; one round first warms up."""
    pipelines: list[Pipeline] = [NaivePipeline(), OurPipeline()]
    photos = {megapixels: photograph(megapixels) for megapixels in SIZES_MP}
    laps: dict[float, dict[str, list[Lap]]] = {size: {"naive": [], "ours": []} for size in photos}
    for is_counted in [False] + [True] * rounds:
        for size, photo in photos.items():
            for pipeline in pipelines:
                runs = [timed(partial(pipeline.screen, photo)) for _ in range(RUNS_PER_ROUND[pipeline.name])]
                laps[size][pipeline.name] += runs * is_counted
            tick()
    return [compare(size, photo, laps[size]) for size, photo in photos.items()]


def table(comparisons: list[Comparison]) -> Table:
    """Lay the comparisons out for a person."""
    drawn = Table(title="One photo on one core, medians")
    for heading in ("photo", "pipeline", "CPU ms", "wall ms", "ratio"):
        drawn.add_column(heading, justify="left" if heading == "pipeline" else "right")
    drawn.add_column("where the time goes")
    for compared in comparisons:
        photo = f"{compared.megapixels:g} MP, {compared.file_bytes / 1e6:.1f} MB"
        drawn.add_row(photo, "naive", *_cells(compared.naive, "1×"))
        drawn.add_row("", "ours", *_cells(compared.ours, f"{compared.ratio:.0f}×"), end_section=True)
    return drawn


def _cells(lap: Lap, ratio: str) -> tuple[str, str, str, str]:
    shares = sorted(((ms / lap.wall_ms, stage) for stage, ms in lap.stages_ms.items()), reverse=True)
    return (
        f"{lap.cpu_ms:.1f}",
        f"{lap.wall_ms:.1f}",
        ratio,
        ", ".join(f"{stage} {share:.0%}" for share, stage in shares),
    )


def main() -> None:
    """Measure, print the table and write out/pipeline.json."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.pipeline", description=__doc__)
    options.add_argument("--rounds", type=int, default=5, help="runs of the naive pipeline per photo (about 4 s each)")
    rounds: int = options.parse_args().rounds
    core = stay_on_one_core()
    keep_freed_memory()  # as the box of a worker does; the naive pipeline has the same
    # A bar that repaints by itself would work on the very core that is measured.
    with Progress(auto_refresh=False, transient=True) as progress:
        bar = progress.add_task(f"naive and ours in turn on core {core}", total=len(SIZES_MP) * (rounds + 1))
        comparisons = measure(rounds, lambda: progress.update(bar, advance=1, refresh=True))
    Console().print(table(comparisons))
    versions = {"python": platform.python_version(), "torch": torch.__version__, "onnxruntime": onnxruntime.__version__}
    path = out.save("pipeline", {"rounds": rounds, "versions": versions, "photos": [asdict(c) for c in comparisons]})
    print(f"Written to {path}")


if __name__ == "__main__":
    main()
