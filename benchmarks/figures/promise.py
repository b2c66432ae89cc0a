"""What we promise, and what became of it."""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


class NotMeasured(Exception):
    """A figure could not be measured; the message says why, for whoever asked for it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its target."""

    figure: str
    value: float | str
    target: str
    ok: bool

    def __str__(self) -> str:
        value = self.value if isinstance(self.value, str) else f"{self.value:.4g}"
        return f"{self.figure}: {value} ({self.target})"


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure with its bounds, each of which may be missing; without both, `unit` says in words what is due."""

    figure: str
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def target(self) -> str:
        """The bounds in a reader's words: `≤ 40 s`."""
        if self.least is not None and self.least == self.most:
            return f"{self.least:g} {self.unit}".strip()
        bounds = {"≥": self.least, "≤": self.most}
        return " ".join(
            [*(f"{sign} {bound:g}" for sign, bound in bounds.items() if bound is not None), self.unit]
        ).strip()

    def measured(self, value: float) -> Figure:
        """Hold a measured value to the bounds."""
        is_low_enough = self.most is None or value <= self.most
        is_high_enough = self.least is None or value >= self.least
        return Figure(self.figure, float(value), self.target, bool(is_low_enough and is_high_enough))

    def found(self, value: str, *, ok: bool) -> Figure:
        """Settle what is no number."""
        return Figure(self.figure, value, self.target, ok)

    def not_measured(self, why: str) -> Figure:
        """Say why there is no value; a figure that nobody measured is never kept."""
        return Figure(self.figure, f"not measured: {why}", self.target, ok=False)


@dataclass(frozen=True, slots=True)
class Context:
    """What the measurements need to know: where the pictures for the evaluation are, and how much to measure.

    `size` is the share of what the promises speak of: 1 unless somebody only tries. `told` takes how much of a long
    piece of work is done, and of how much.
    """

    data: Path
    size: float = 1
    told: Callable[[int, int], object] = lambda _done, _all: None

    def share(self, count: int) -> int:
        """So many of `count` as are to be measured, one at least."""
        return max(1, round(count * self.size))


@dataclass(frozen=True, slots=True)
class Proof:
    """Several promises that one measurement settles; `measure` raises `NotMeasured` when it cannot be made."""

    title: str
    promises: Sequence[Promise]
    measure: Callable[[Context], list[Figure]]

    def figures(self, context: Context) -> list[Figure]:
        """Measure, or say of each promise why it could not be measured."""
        return settled(self.promises, lambda: self.measure(context))


def settled(promises: Sequence[Promise], measure: Callable[[], list[Figure]]) -> list[Figure]:
    """Measure, or say of each promise why it could not be measured; what breaks takes no other figures along."""
    try:
        return measure()
    except NotMeasured as reason:
        why = str(reason)
    except Exception as failure:  # noqa: BLE001 - whatever it is, the others are still to be measured
        traceback.print_exc()
        why = f"{type(failure).__name__}, as shown above."
    return [promise.not_measured(why) for promise in promises]
