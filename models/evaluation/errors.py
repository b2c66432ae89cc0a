"""Error rates in the terms of ISO/IEC 30107-3, each with the interval that its number of pictures allows.

APCER is the share of pictures that are no real face and are accepted; BPCER the share of real faces refused.
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.evaluation.measured import Flags, Floats, Measured

BPCER_TARGETS = (0.001, 0.005, 0.01)
SMALL = 10
"""With fewer pictures a source's rate is an accident."""
_Z = 1.959963984540054
"""Two-sided 95 % of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of wrong answers with its 95 % interval (Wilson 1927)."""

    wrong: int
    of: int
    value: float
    low: float
    high: float

    @classmethod
    def counted(cls, wrong: int, of: int) -> "Rate":
        """So many wrong of so many; of none, the rate is unknown: NaN between 0 and 1."""
        if of == 0:
            return cls(0, 0, math.nan, 0.0, 1.0)
        share, square = wrong / of, _Z * _Z
        centre = (share + square / (2 * of)) / (1 + square / of)
        spread = _Z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
        low = 0.0 if wrong == 0 else centre - spread
        high = 1.0 if wrong == of else centre + spread
        return cls(wrong, of, share, low, high)

    @classmethod
    def among(cls, wrong: Flags, counts: Flags) -> "Rate":
        """The share of `wrong` where `counts`."""
        return cls.counted(int((wrong & counts).sum()), int(counts.sum()))


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each answer met each truth; what counts as positive is a real face."""

    real_accepted: int
    real_refused: int
    other_accepted: int
    other_refused: int

    @classmethod
    def of(cls, accepted: Flags, is_real: Flags) -> "Confusion":
        """Count the four cases."""
        counts = ((accepted & is_real), (~accepted & is_real), (accepted & ~is_real), (~accepted & ~is_real))
        return cls(*(int(case.sum()) for case in counts))

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        total = self.real_accepted + self.real_refused + self.other_accepted + self.other_refused
        return (self.real_accepted + self.other_refused) / total

    @property
    def precision(self) -> float:
        """Share of real faces among what is accepted; NaN when nothing is."""
        accepted = self.real_accepted + self.other_accepted
        return self.real_accepted / accepted if accepted else math.nan

    @property
    def recall(self) -> float:
        """Share of the real faces that is accepted."""
        return self.real_accepted / (self.real_accepted + self.real_refused)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.real_accepted / (2 * self.real_accepted + self.real_refused + self.other_accepted)


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A threshold, and both errors at it; `wanted_bpcer` is None for the threshold that the model ships with."""

    wanted_bpcer: float | None
    threshold: float
    apcer: Rate
    bpcer: Rate


@dataclass(frozen=True, slots=True)
class PartErrors:
    """The error of one part of the pictures at each operating point, the shipped one first.

    For real faces the rates are BPCER, for everything else APCER.
    """

    label: str
    name: str
    at: tuple[Rate, ...]

    @property
    def is_small_and_right(self) -> bool:
        """Whether there is little to learn from it: hardly a picture, and no error at the shipped threshold."""
        return self.at[0].of < SMALL and not self.at[0].wrong


def threshold_at_bpcer(p_real: Floats, is_real: Flags, wanted: float) -> float:
    """The highest threshold that refuses at most the share `wanted` of the real faces."""
    reals = np.sort(p_real[is_real])
    return float(reals[math.floor(wanted * len(reals) + 1e-9)])


def operating_points(measured: Measured, wanted: Sequence[float] = BPCER_TARGETS) -> tuple[OperatingPoint, ...]:
    """The shipped threshold, and the ones that cost the `wanted` BPCER on these very pictures."""
    is_real, p_real = measured.is_real, measured.p_real
    shipped = _point(None, measured.threshold, p_real, is_real)
    return (shipped, *(_point(share, threshold_at_bpcer(p_real, is_real, share), p_real, is_real) for share in wanted))


def by_part(
    measured: Measured, parts: Sequence[Hashable], points: Iterable[OperatingPoint]
) -> dict[Hashable, tuple[Rate, ...]]:
    """The rate of wrong answers in each part at each point; `parts` names the part of every picture."""
    wrongs = [(measured.p_real >= point.threshold) != measured.is_real for point in points]
    members: dict[Hashable, list[int]] = {}
    for index, part in enumerate(parts):
        members.setdefault(part, []).append(index)
    return {
        part: tuple(Rate.counted(int(wrong[indices].sum()), len(indices)) for wrong in wrongs)
        for part, indices in members.items()
    }


def by_source(measured: Measured, points: Sequence[OperatingPoint]) -> tuple[PartErrors, ...]:
    """Every source of every label, worst first."""
    return _worst_first(measured, [(e.label, e.source) for e in measured.pictures.examples], points)


def by_kind(measured: Measured, points: Sequence[OperatingPoint]) -> tuple[PartErrors, ...]:
    """Every kind of picture that is no real face, worst first: the manifest's `kind`, or else its label."""
    kinds = [(e.label, e.attributes.get("kind") or e.label) for e in measured.pictures.examples]
    return tuple(kind for kind in _worst_first(measured, kinds, points) if kind.label != "real")


def _worst_first(
    measured: Measured, parts: Sequence[tuple[str, str]], points: Sequence[OperatingPoint]
) -> tuple[PartErrors, ...]:
    rates = by_part(measured, parts, points)
    errors = [PartErrors(label, name, rates[label, name]) for label, name in dict.fromkeys(parts)]
    return tuple(sorted(errors, key=lambda part: (-part.at[0].value, -part.at[0].of, part.label, part.name)))


def _point(wanted: float | None, threshold: float, p_real: Floats, is_real: Flags) -> OperatingPoint:
    accepted = p_real >= threshold
    return OperatingPoint(wanted, threshold, Rate.among(accepted, ~is_real), Rate.among(~accepted, is_real))
