"""Whether a model that turns bad is stopped in time, and a good one is left alone, in simulated years."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.figures.promise import Context, Figure, Promise, Proof
from photogate.applications.profiles import load_profile
from photogate.screening.confidence import Detection, ErrorBound, Trials, detection, fewest_trials
from photogate.screening.risk import Risk

YEARS = 1_000
SEED = 20_261_121
TIMES_WORSE = 10
PLACEHOLDERS_A_YEAR, REALS_A_YEAR = 1_000, 19_000
"""Of a sample of 20,000 applications a year, 2 % of a million."""

RISK = load_profile("default").risk or Risk(0.01, 0.005, 0.05, 0.02, "default")


@dataclass(frozen=True)
class Turned:
    """A model that errs ten times as often as one class's bound allows, and what theory says of it."""

    shown: str
    bound: ErrorBound

    @property
    def rate(self) -> float:
        """How often it errs."""
        return TIMES_WORSE * self.bound.at_most

    @cached_property
    def theory(self) -> Detection:
        """When it is stopped."""
        return detection(self.bound, self.rate)

    @property
    def missed(self) -> Promise:
        """Theory lets one in a million go on for longer."""
        within = f"within {self.theory.at_latest} {self.shown}"
        return Promise(
            f"models {TIMES_WORSE} times worse than allowed, of {YEARS:,}, not stopped {within}", least=0, most=0
        )

    @property
    def mean(self) -> Promise:
        """How many verdicts it takes, beside the fewest that any test with this delta needs."""
        fewest = fewest_trials(self.bound, self.rate)
        due = f"theory: {self.theory.mean:.1f}; no test needs fewer than {fewest:.1f}"
        return Promise(f"{self.shown} judged until such a model is stopped, on average", due)


TURNED = [Turned(shown, bound) for shown, bound in zip(("placeholders", "real faces"), RISK.bounds, strict=True)]
WRONGLY = Promise(f"good models stopped wrongly, of {YEARS:,} simulated years", most=RISK.delta * YEARS)


def fall_back(_context: Context) -> list[Figure]:
    """Let people judge models whose error rates are known."""
    draw = np.random.default_rng(SEED)
    figures = [figure for turned in TURNED for figure in _stopping(turned, draw)]
    return [*figures, WRONGLY.measured(sum(_a_good_year_is_stopped(draw) for _ in range(YEARS)))]


def _stopping(turned: Turned, draw: np.random.Generator) -> list[Figure]:
    """The mean may lie three standard errors above theory's."""
    ended = [_stopped(turned.bound, turned.rate, turned.theory.at_latest, draw) for _ in range(YEARS)]
    judged = [one for one in ended if one is not None] or [turned.theory.at_latest]
    late = np.mean(judged) - turned.theory.mean
    close = bool(late <= 3 * np.std(judged) / np.sqrt(len(judged)))
    return [
        turned.missed.measured(ended.count(None)),
        turned.mean.found(f"{np.mean(judged):.1f}", ok=close),
    ]


def _a_good_year_is_stopped(draw: np.random.Generator) -> bool:
    """Both error rates stand exactly at their bounds, which is as bad as a good model can be."""
    return any(
        _stopped(bound, bound.at_most, judged, draw)
        for bound, judged in zip(RISK.bounds, (PLACEHOLDERS_A_YEAR, REALS_A_YEAR), strict=True)
    )


def _stopped(bound: ErrorBound, rate: float, most: int, draw: np.random.Generator) -> int | None:
    """After how many verdicts the bound is refuted, within `most`; only an error can refute it."""
    for errors, judged in enumerate(_errors(rate, most, draw), 1):
        if bound.is_refuted(Trials(errors, judged)):
            return judged
    return None


def _errors(rate: float, most: int, draw: np.random.Generator) -> Iterator[int]:
    """The numbers of the verdicts that find an error, each verdict with the same probability."""
    judged = int(draw.geometric(rate))
    while judged <= most:
        yield judged
        judged += int(draw.geometric(rate))


PROMISES = (*(promise for turned in TURNED for promise in (turned.missed, turned.mean)), WRONGLY)
FALL_BACK = Proof("fall back", PROMISES, fall_back)
