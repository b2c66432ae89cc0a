"""How often the machine errs, as people's verdicts come in: limits that hold at every moment at once.

A gambler who does not believe in a rate p bets on every verdict as if the rate were drawn from a Beta distribution.
Under p their wealth is a martingale that begins at 1, so it ever reaches 1/delta with probability delta at most (Ville
1939). What p they cannot get rich against is the confidence sequence: it may be looked at after every verdict, and
acted upon at once. Robbins, Ann. Math. Statist. 41 (1970); the beta-binomial mixture of Howard, Ramdas, McAuliffe and
Sekhon, Ann. Statist. 49 (2021, arXiv 1810.08240); betting: Waudby-Smith and Ramdas, JRSS B 86 (2024, arXiv 2010.09686).
"""

import math
from dataclasses import dataclass

_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Trials:
    """How often the machine was judged by people, and how often it was wrong."""

    errors: int = 0
    judged: int = 0


@dataclass(frozen=True, slots=True)
class ErrorBound:
    """The claim that an error rate is at most `at_most`; a true one is refuted, ever, with probability `delta` at most.

    The gambler bets on Beta(1, b) with the mean √at_most, halfway (in ratios) between the bound and certain error.
    """

    at_most: float
    delta: float

    def is_refuted(self, trials: Trials) -> bool:
        """Whether the bound can no longer be supported: the whole interval lies above it.

        More errors never make it less, more trials without an error never more. A verdict on an error that comes late,
        or never, can therefore only delay a refutation.
        """
        return trials.errors > self.at_most * trials.judged and self._is_rich(trials, self.at_most)

    def interval(self, trials: Trials) -> tuple[float, float]:
        """The lowest and the highest rate that the trials leave standing, with confidence 1 - delta at all times."""
        if not trials.judged:
            return 0.0, 1.0
        seen = trials.errors / trials.judged
        return self._edge(trials, seen, 0.0), self._edge(trials, seen, 1.0)

    def log_wealth(self, trials: Trials, rate: float) -> float:
        """Natural logarithm of the wealth after these trials of who bet against a rate strictly between 0 and 1."""
        right = trials.judged - trials.errors
        b = self._b
        mixed = _log_beta(1 + trials.errors, b + right) - _log_beta(1, b)
        return mixed - trials.errors * math.log(rate) - right * math.log1p(-rate)

    @property
    def _b(self) -> float:
        return 1 / math.sqrt(self.at_most) - 1

    def _is_rich(self, trials: Trials, rate: float) -> bool:
        return self.log_wealth(trials, rate) >= -math.log(self.delta)

    def _edge(self, trials: Trials, inside: float, end: float) -> float:
        """Where the wealth reaches 1/delta between the rate that was seen and 0 or 1."""
        if inside == end:
            return end
        outside = end
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            if self._is_rich(trials, middle):
                outside = middle
            else:
                inside = middle
        return outside


def fewest_trials(bound: ErrorBound, rate: float) -> float:
    """What no test with this delta can undercut on average until it refutes the bound (Wald 1945): ln(1/delta) / KL."""
    to_one = rate * math.log(rate / bound.at_most)
    return -math.log(bound.delta) / (to_one + (1 - rate) * math.log((1 - rate) / (1 - bound.at_most)))


@dataclass(frozen=True, slots=True)
class Detection:
    """How many trials it takes to refute a bound: on average, and for all but a share `late` of the models."""

    mean: float
    at_latest: int
    late: float


def detection(bound: ErrorBound, rate: float, late: float = 1e-6) -> Detection:
    """The exact law of the number of trials until refutation for a model that errs with `rate`, above the bound.

    Each trial moves the probability of every number of errors one step on; what reaches the bound's edge has stopped.
    """
    alive, trials, mean = {0: 1.0}, 0, 0.0
    while (left := sum(alive.values())) > late:
        trials, mean = trials + 1, mean + left
        alive = _unrefuted(bound, trials, alive, rate)
    return Detection(mean, trials, late)


def _unrefuted(bound: ErrorBound, trials: int, alive: dict[int, float], rate: float) -> dict[int, float]:
    moved: dict[int, float] = {}
    for errors, probability in alive.items():
        for more, chance in ((0, 1 - rate), (1, rate)):
            if more == 0 or not bound.is_refuted(Trials(errors + more, trials)):
                moved[errors + more] = moved.get(errors + more, 0.0) + probability * chance
    return moved


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
