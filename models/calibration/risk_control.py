"""Thresholds that keep a promise about each class, from pictures that did not train (docs/adr/0009-risk-control.md).

"At most a share alpha of the placeholders is approved" is tested on thresholds from the strictest to the laxest, with
the exact binomial tail, until a test fails: Angelopoulos et al., Learn then Test (arXiv 2110.01052), fixed sequence.
The share only grows as the threshold falls, so that the last threshold that passed is an order statistic of the scores.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

HOLDS_FOR = "pictures exchangeable with the calibration sources"

_DIGITS = 6


class CannotPromise(Exception):
    """There are too few calibration pictures for what is asked; the message is one sentence."""


@dataclass(frozen=True)
class Aims:
    """What is asked of thresholds: alpha and beta as shares, which hold together with `confidence`, 1 - delta."""

    placeholders_approved: float = 0.01
    reals_refused: float = 0.005
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class SourceRisk:
    """What one source saw at the threshold; `upper` bounds its own rate, with the confidence that one class takes."""

    source: str
    pictures: int
    errors: int
    upper: float


@dataclass(frozen=True, slots=True)
class ClassRisk:
    """`at_most` of a class are treated wrongly; `errors` of `pictures` of `sources` calibration sources were."""

    at_most: float
    pictures: int
    sources: int
    errors: int
    worst_source: SourceRisk

    @classmethod
    def read(cls, written: dict) -> "ClassRisk":
        """What `asdict` wrote."""
        return cls(**{**written, "worst_source": SourceRisk(**written["worst_source"])})


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What the thresholds promise, with which confidence that both hold, and for which pictures."""

    placeholders_approved: ClassRisk
    reals_refused: ClassRisk
    confidence: float
    holds_for: str = HOLDS_FOR

    @classmethod
    def read(
        cls, *, placeholders_approved: dict, reals_refused: dict, confidence: float, holds_for: str
    ) -> "Guarantee":
        """What `asdict` wrote."""
        return cls(ClassRisk.read(placeholders_approved), ClassRisk.read(reals_refused), confidence, holds_for)

    @property
    def sentence(self) -> str:
        """In words, with the numbers that it rests on."""
        others, reals = self.placeholders_approved, self.reals_refused
        return (
            f"Of placeholders at most {others.at_most:.2%} are approved ({others.errors} of {others.pictures} were), "
            f"of real faces at most {reals.at_most:.2%} refused ({reals.errors} of {reals.pictures}), "
            f"with confidence {self.confidence:.0%}, for {self.holds_for}."
        )


def controlled(
    forms: Sequence[Floats], is_real: Flags, sources: Sequence[str], aims: Aims | None = None
) -> tuple[dict[str, float], Guarantee]:
    """`refuse_below` and `approve_at_or_above` on p_real with their guarantee; raises `CannotPromise`.

    `forms` are the scores of one network in each form in which it may serve, in 32 and in 8 bits: the strictest
    thresholds hold for all. Each class takes half of delta, so that both promises hold together. The edges are at
    least 0.05 and 0.95: being stricter than the promise breaks none.
    """
    aims = aims or Aims()
    delta = (1 - aims.confidence) / 2
    approve, refuse = 0.95, 0.05
    for p_real in forms:
        approve = max(approve, _rounded_up(threshold_above(p_real[~is_real], aims.placeholders_approved, delta)))
        refuse = min(refuse, -_rounded_up(threshold_above(-p_real[is_real], aims.reals_refused, delta)))
    where, highest, lowest = np.asarray(sources), np.max(forms, axis=0), np.min(forms, axis=0)
    guarantee = Guarantee(
        _class_risk(highest[~is_real] >= approve, where[~is_real], aims.placeholders_approved, delta),
        _class_risk(lowest[is_real] <= refuse, where[is_real], aims.reals_refused, delta),
        aims.confidence,
    )
    return {"refuse_below": refuse, "approve_at_or_above": approve}, guarantee


def threshold_above(scores: Floats, at_most: float, delta: float) -> float:
    """The lowest threshold that at most a share `at_most` of such scores reaches, with confidence 1 - delta.

    Holds for scores drawn independently from the same distribution, ties included. Raises `CannotPromise`.
    """
    allowed = most_errors(len(scores), at_most, delta)
    if allowed < 0:
        wanted = math.ceil(math.log(delta) / math.log1p(-at_most))
        raise CannotPromise(
            f"{len(scores)} pictures cannot show a rate of at most {at_most:.2%} with confidence {1 - delta:.1%}: "
            f"at least {wanted} are needed."
        )
    if allowed >= len(scores):
        return float(scores.min())
    return float(np.nextafter(np.sort(scores)[len(scores) - 1 - allowed], np.inf))


@lru_cache
def most_errors(pictures: int, at_most: float, delta: float) -> int:
    """How many errors among so many pictures still show a rate of at most `at_most`; -1 when not even none does."""
    tails = np.cumsum(_binomial(pictures, pictures, at_most))
    return int(np.searchsorted(tails, delta, side="right")) - 1


def upper_bound(errors: int, pictures: int, delta: float) -> float:
    """Clopper and Pearson's (1934) upper limit of a rate, exceeded by the true one with probability delta at most."""
    if errors >= pictures:
        return 1.0
    low, high = errors / pictures, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if binomial_tail(errors, pictures, middle) > delta else (low, middle)
    return high


def binomial_tail(errors: int, pictures: int, rate: float) -> float:
    """P(at most so many errors) when each picture errs with `rate`, independently."""
    return float(min(1.0, _binomial(errors, pictures, rate).sum()))


def _binomial(most: int, pictures: int, rate: float) -> Floats:
    """(most + 1,) probabilities of 0, 1, … `most` errors, for a rate strictly between 0 and 1."""
    k = np.arange(1, most + 1)
    ways = np.concatenate([[0.0], np.cumsum(np.log((pictures - k + 1) / k))])
    k = np.arange(most + 1)
    return np.exp(ways + k * math.log(rate) + (pictures - k) * math.log1p(-rate))


def _class_risk(wrong: Flags, sources: NDArray[np.str_], at_most: float, delta: float) -> ClassRisk:
    per_source = [_source_risk(str(name), wrong[sources == name], delta) for name in np.unique(sources)]
    worst = max(per_source, key=lambda source: (source.errors / source.pictures, source.upper))
    return ClassRisk(at_most, len(wrong), len(per_source), int(wrong.sum()), worst)


def _source_risk(name: str, wrong: Flags, delta: float) -> SourceRisk:
    errors = int(wrong.sum())
    return SourceRisk(name, len(wrong), errors, round(upper_bound(errors, len(wrong), delta), 5))


def _rounded_up(threshold: float) -> float:
    return math.ceil(threshold * 10**_DIGITS) / 10**_DIGITS
