"""What whoever waits for a run sees of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class EpochProgress:
    """One epoch's bar: steps, running mean of the loss, time gone and time left."""

    def __init__(self, progress: Progress, title: str, steps: int) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=steps, loss="")

    def step(self, mean_loss: float) -> None:
        """Move on by one batch."""
        self._progress.update(self._task, advance=1, loss=f"loss {mean_loss:.4f}")


@contextmanager
def epoch_progress(title: str, steps: int, *, visible: bool) -> Iterator[EpochProgress]:
    """Show a bar on standard error for as long as an epoch takes."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not visible) as progress:
        yield EpochProgress(progress, title, steps)
