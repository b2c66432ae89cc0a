"""A probability on a scale with the profile's limits."""

import math
from dataclasses import dataclass

from photogate.screening.checks import RealPhoto
from review_ui.words import number

_ENDS = 0.001


@dataclass(frozen=True, slots=True)
class ScoreView:
    """Where a probability lies between the limits; `…_at` are places from 0 (left) to 100 (right)."""

    value: str
    meaning: str
    at: float
    refuse_at: float
    approve_at: float
    refuse_limit: str
    approve_limit: str


def score_view(p_real: float, limits: RealPhoto) -> ScoreView:
    """The probability of a real face photo against the limits that judge it."""
    return ScoreView(
        value=number(p_real, 0, limits.refuse_at, limits.approve_at, 1),
        meaning=_meaning(p_real, limits),
        at=place(p_real),
        refuse_at=place(limits.refuse_at),
        approve_at=place(limits.approve_at),
        refuse_limit=number(limits.refuse_at),
        approve_limit=number(limits.approve_at),
    )


def place(probability: float) -> float:
    """A probability's place on a scale of log-odds, so that 0.98 and 0.998 lie as far apart as 0.02 and 0.002."""
    held = min(max(probability, _ENDS), 1 - _ENDS)
    reach = math.log((1 - _ENDS) / _ENDS)
    return round(50 + 50 * math.log(held / (1 - held)) / reach, 2)


def _meaning(p_real: float, limits: RealPhoto) -> str:
    if p_real >= limits.approve_at:
        return "Clearly a real photo"
    if p_real <= limits.refuse_at:
        return "Clearly not a real photo"
    return "Not clear: a person decides"
