"""Numbers as people read them."""

import math
from collections.abc import Callable, Mapping

from models.evaluation.errors import Rate

_LABELS = {"real": "real face", "placeholder": "placeholder", "other_no_face": "picture without a face"}


def percent(share: float, digits: int = 2) -> str:
    """0.0336 as `3.36 %`, which no line breaks; a dash for what is not known."""
    return "–" if math.isnan(share) else f"{100 * share:.{digits}f}\u00a0%"


def points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return signed(f"{100 * difference:+.2f}")


def signed(number: str) -> str:
    """A formatted number with a true minus."""
    return number.replace("-", "−")


def interval(rate: Rate) -> str:
    """The 95 % interval of a rate in one piece: `2.6–4.4 %`."""
    return f"{100 * rate.low:.1f}–\u2060{100 * rate.high:.1f}\u00a0%"


def label(name: str) -> str:
    """A manifest's label or a kind's name as words."""
    return _LABELS.get(name, name.replace("_", " "))


FILTERS: Mapping[str, Callable[..., str]] = {
    "percent": percent,
    "points": points,
    "signed": signed,
    "interval": interval,
    "label": label,
}
