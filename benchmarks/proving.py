"""Measure a list of proofs again, print `figure: value (target)` of each, and keep them."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks import out
from benchmarks.figures.programs import ROOT
from benchmarks.figures.promise import Context, Figure, Proof


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


def settle(name: str, proofs: Sequence[Proof], purpose: str | None) -> None:
    """Print every figure, write out/`name`.json, and exit with 1 when one misses its target."""
    options = argparse.ArgumentParser(prog=f"python -m benchmarks.prove_{name}", description=purpose)
    options.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data", help="pictures with manifest.csv"
    )
    figures = list(prove(proofs, Context(options.parse_args().data), Console()))
    path = out.save(name, figures)
    missed = sum(not figure.ok for figure in figures)
    print(f"{len(figures) - missed} of {len(figures)} figures hold; written to {path}")
    sys.exit(missed > 0)
