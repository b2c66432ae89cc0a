"""How far two people agree beyond chance, and what a count of errors says of a rate."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

CONFIDENCE = 0.95
_Z = 1.959963984540054
_HALVINGS = 60
_TINY = 1e-300


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
        tail = (1 - CONFIDENCE) / 2
        low = 0.0 if errors == 0 else _quantile(tail, errors, judged - errors + 1)
        high = 1.0 if errors == judged else _quantile(1 - tail, errors + 1, judged - errors)
        return cls(errors, judged, low, high)

    @property
    def seen(self) -> float | None:
        """The share of errors; None where nothing was judged."""
        return self.errors / self.judged if self.judged else None


def _quantile(probability: float, a: float, b: float) -> float:
    """Where the distribution function of Beta(a, b) reaches a probability."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _beta(middle, a, b) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The distribution function of Beta(a, b), by the continued fraction that converges quickly below the mean."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(scale) / a / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Abramowitz and Stegun 26.5.8, summed up from its head (Lentz)."""
    value = c = 1.0
    d = 0.0
    for term in range(1, 10_000):
        m = term // 2
        if term % 2:
            step = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / _nonzero(1 + step * d)
        c = _nonzero(1 + step / c)
        value *= c * d
        if abs(c * d - 1) < 1e-14:  # noqa: PLR2004 - as exact as floats are
            break
    return value


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
