"""Measure a list of proofs again, print `figure: value (target)` of each, and keep them."""

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from benchmarks import out
from benchmarks.figures.programs import ROOT
from benchmarks.figures.promise import Context, Figure, Proof


def prove(proofs: Sequence[Proof], context: Context, console: Console) -> Iterator[Figure]:
    """Measure one proof after another and print its figures as soon as they are known."""
    columns = TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bars:
        for number, proof in enumerate(proofs, 1):
            bar = bars.add_task(f"{number} of {len(proofs)}: measuring {proof.title}", total=None)
            told = partial(_move, bars, bar)
            for figure in proof.figures(replace(context, told=told)):
                style = None if figure.ok else "red"
                console.print(str(figure), style=style, markup=False, highlight=False, soft_wrap=True)
                yield figure
            bars.remove_task(bar)


def _move(bars: Progress, bar: TaskID, done: int, whole: int) -> None:
    bars.update(bar, completed=done, total=whole)


def settle(name: str, proofs: Sequence[Proof], purpose: str | None, *, can_be_tried: bool = False) -> None:
    """Print every figure, write out/`name`.json, and exit with 1 when one misses its target.

    What can be tried takes `--size`; figures of less than the whole are kept as out/`name`_tried.json.
    """
    # So that a run that is told to end takes down and away what it has put up, as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    context = _asked(name, purpose, can_be_tried=can_be_tried)
    figures = list(prove(proofs, context, Console()))
    path = out.save(name if context.size == 1 else f"{name}_tried", figures)
    missed = sum(not figure.ok for figure in figures)
    if context.size != 1:
        print(f"Tried at {context.size:g} of the size: these are not the figures that are promised.")
    print(f"{len(figures) - missed} of {len(figures)} figures hold; written to {path}")
    sys.exit(missed > 0)


def _asked(name: str, purpose: str | None, *, can_be_tried: bool) -> Context:
    options = argparse.ArgumentParser(prog=f"python -m benchmarks.prove_{name}", description=purpose)
    data = ROOT.parent / "shared" / "data"
    options.add_argument("--data", type=Path, default=data, help="pictures with manifest.csv")
    if can_be_tried:
        options.add_argument("--size", type=float, default=1, help="measure this share only, such as 0.02, to try")
    return Context(**vars(options.parse_args()))
