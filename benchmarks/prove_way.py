"""`python -m benchmarks.prove_way`: measure again every figure that this repository claims, and say which ones hold."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks import out
from benchmarks.figures.classifier import UNSEEN_SOURCES
from benchmarks.figures.demo import DEMO
from benchmarks.figures.programs import ROOT
from benchmarks.figures.promise import Context, Figure, Proof
from benchmarks.figures.resilience import UNDER_BAD_INPUT, UNDER_KILLS
from benchmarks.figures.speed import PIPELINES, QUEUE_COST

PROOFS = DEMO, UNSEEN_SOURCES, PIPELINES, QUEUE_COST, UNDER_KILLS, UNDER_BAD_INPUT


def prove(proofs: Sequence[Proof], context: Context, console: Console) -> Iterator[Figure]:
    """Measure one proof after another and print its figures as soon as they are known."""
    for number, proof in enumerate(proofs, 1):
        with console.status(f"{number} of {len(proofs)}: measuring {proof.title}"):
            figures = proof.figures(context)
        for figure in figures:
            console.print(
                str(figure), style=None if figure.ok else "red", markup=False, highlight=False, soft_wrap=True
            )
            yield figure


def main() -> None:
    """Print every figure, write out/way.json, and exit with 1 when one misses its target."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.prove_way", description=__doc__)
    options.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="pictures with manifest.csv"
    )
    figures = list(prove(PROOFS, Context(options.parse_args().data), Console()))
    path = out.save("way", figures)
    missed = sum(not figure.ok for figure in figures)
    print(f"{len(figures) - missed} of {len(figures)} figures hold; written to {path}")
    sys.exit(missed > 0)


if __name__ == "__main__":
    main()
