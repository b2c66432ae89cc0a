"""How far two people agree beyond chance, and what a count of errors says of a rate."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from photogate.screening.exact import interval

CONFIDENCE = 0.95
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cohen's kappa of so many pairs; None where it is not defined: without pairs, or when chance alone explains all.

    `low` and `high` are its interval at 95 % by the large-sample error of Fleiss, Cohen and Everitt, Psychol. Bull. 72
    (1969), cut to -1 and 1.
    """

    pairs: int
    alike: int
    kappa: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Agreement":
        """The agreement of pairs of words about the same things."""
        counts = Counter(pairs)
        n = counts.total()
        alike = sum(times for (one, other), times in counts.items() if one == other)
        shares = {pair: times / n for pair, times in counts.items()}
        firsts, seconds = _margins(shares, 0), _margins(shares, 1)
        expected = sum(share * seconds.get(word, 0.0) for word, share in firsts.items())
        if n == 0 or math.isclose(expected, 1):
            return cls(n, alike, None, None, None)
        kappa = (alike / n - expected) / (1 - expected)
        reach = _Z * math.sqrt(_variance(shares, firsts, seconds, expected, kappa) / n)
        return cls(n, alike, kappa, max(-1.0, kappa - reach), min(1.0, kappa + reach))


Shares = dict[tuple[str, str], float]
Margins = dict[str, float]


def _margins(shares: Shares, side: int) -> Margins:
    sums: Margins = {}
    for pair, share in shares.items():
        sums[pair[side]] = sums.get(pair[side], 0.0) + share
    return sums


def _variance(shares: Shares, firsts: Margins, seconds: Margins, expected: float, kappa: float) -> float:
    """Of a single pair; that of n is the n-th part."""
    left = 1 - kappa
    total = -((kappa - expected * left) ** 2)
    for (one, other), share in shares.items():
        if one == other:
            total += share * (1 - (firsts[one] + seconds[one]) * left) ** 2
        else:
            total += share * (left * (seconds.get(one, 0.0) + firsts.get(other, 0.0))) ** 2
    return max(0.0, total) / (1 - expected) ** 2


@dataclass(frozen=True, slots=True)
class Rate:
    """So many errors among so many, and the rates that this leaves standing at 95 % (Clopper and Pearson 1934).

    Exact, and for one look: whoever looks every day and acts on what they see wants `photogate.screening.confidence`.
    """

    errors: int
    judged: int
    low: float
    high: float

    @classmethod
    def of(cls, errors: int, judged: int) -> "Rate":
        """What `errors` among `judged` say."""
        return cls(errors, judged, *interval(errors, judged, 1 - CONFIDENCE))

    @property
    def seen(self) -> float | None:
        """The share of errors; None where nothing was judged."""
        return self.errors / self.judged if self.judged else None
