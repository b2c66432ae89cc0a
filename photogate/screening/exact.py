"""Exact statements about rates: intervals, differences, changes, and what many questions at once cost.

Intervals after Clopper and Pearson, Biometrika 26 (1934); the difference of two rates after Fisher (1935); the change
of a rate on the same cases after McNemar, Psychometrika 12 (1947), by the binomial law; Holm, Scand. J. Stat. 6 (1979).
"""

import math
from collections.abc import Sequence

_HALVINGS = 60
_STEPS = 1_000
_TINY = 1e-300
_CLOSE = 1e-15
_AS_LIKELY = 1 + 1e-9
"""Probabilities that are equal on paper may differ in the last digits."""


def interval(errors: int, judged: int, alpha: float = 0.05) -> tuple[float, float]:
    """The rates that so many errors leave standing, with confidence 1 - alpha at least."""
    low = 0.0 if errors == 0 else _quantile(errors, judged - errors + 1, alpha / 2)
    high = 1.0 if errors == judged else _quantile(errors + 1, judged - errors, 1 - alpha / 2)
    return low, high


def differ(errors: int, judged: int, others_errors: int, others: int) -> float:
    """How probable it is, with one rate for all, that two groups differ as much or more (two-sided)."""
    both, whole = errors + others_errors, judged + others
    seen = _log_hypergeometric(errors, judged, both, whole)
    fewest, most = max(0, both - others), min(both, judged)
    logs = (_log_hypergeometric(some, judged, both, whole) for some in range(fewest, most + 1))
    return min(1.0, math.fsum(math.exp(log) for log in logs if log <= seen + math.log(_AS_LIKELY)))


def worsens(newly_wrong: int, newly_right: int) -> float:
    """How probable it is, if wrong and right were as likely to come new, that so many or more are newly wrong."""
    changed = newly_wrong + newly_right
    if newly_wrong == 0:
        return 1.0
    return _beta(newly_wrong, changed - newly_wrong + 1, 0.5)


def holm(values: Sequence[float]) -> list[float]:
    """The same probabilities, raised so that of them all together one is below alpha by chance with alpha at most."""
    raised, highest = [1.0] * len(values), 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        highest = max(highest, min(1.0, (len(values) - rank) * values[place]))
        raised[place] = highest
    return raised


def _quantile(a: float, b: float, probability: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _beta(a, b, middle) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by the continued fraction where that converges quickly."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    log = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(log) / a * _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """Lentz's evaluation of the continued fraction (Numerical Recipes, 6.4)."""
    c, d = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            d = 1 / _nonzero(1 + part * d)
            c = _nonzero(1 + part / c)
            value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _log_hypergeometric(errors: int, judged: int, both: int, whole: int) -> float:
    return _log_choose(both, errors) + _log_choose(whole - both, judged - errors) - _log_choose(whole, judged)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
