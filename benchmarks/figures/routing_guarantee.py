"""Whether thresholds keep their promise when the pictures that calibrate them are drawn at random, a thousand times."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import out
from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from models.artifacts import WEIGHTS, ArtifactError
from models.calibration.risk_control import Aims, CannotPromise, controlled, threshold_above
from models.classifier import DEFAULT_NETWORK, Scorer, examined
from models.evaluation.pictures import EvaluationError, Pictures, chosen_examples, read_pictures
from models.registry import Registry
from models.runtimes.loading import load_scorer
from models.training.splits import Split

DRAWS = 1_000
SEED = 20_261_121
KEPT = "calibration_scores"
BATCH = 64
AIMS = Aims()
MOST = (1 - AIMS.confidence) * DRAWS

AS_SHIPPED = Promise(
    f"calibrations on random halves, of {DRAWS:,}, whose thresholds exceed alpha or beta on the other half", most=MOST
)
AT_THE_EDGE = Promise(
    f"calibrations on random draws, of {DRAWS:,}, whose laxest thresholds exceed alpha or beta", most=MOST
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """(N,) what the default classifier says of pictures that never trained, and (N,) what they show."""

    p_real: Floats
    is_real: Flags

    def errors(self, approve: float, refuse: float) -> tuple[float, float]:
        """The shares of placeholders approved and of real faces refused."""
        return float(np.mean(self.p_real[~self.is_real] >= approve)), float(
            np.mean(self.p_real[self.is_real] <= refuse)
        )

    def of(self, places: NDArray[np.intp]) -> "Scores":
        """Some of them, with repetitions where a place comes twice."""
        return Scores(self.p_real[places], self.is_real[places])


def guarantee(context: Context) -> list[Figure]:
    """Calibrate on what was drawn, and see what became of the rest."""
    try:
        scores, draw = _scores(context), np.random.default_rng(SEED)
        shipped = sum(_published(scores, draw) for _ in range(DRAWS))
        at_the_edge = sum(_bare(scores, draw) for _ in range(DRAWS))
    except (ArtifactError, EvaluationError, CannotPromise) as error:
        raise NotMeasured(str(error)) from error
    return [AS_SHIPPED.measured(shipped), AT_THE_EDGE.measured(at_the_edge)]


def _published(scores: Scores, draw: np.random.Generator) -> bool:
    """Thresholds as an artifact gets them, on half of each class; whether they fail on the other half."""
    halves = [draw.permutation(np.flatnonzero(scores.is_real == one)) for one in (False, True)]
    calibrates = scores.of(np.concatenate([half[: len(half) // 2] for half in halves]))
    judges = scores.of(np.concatenate([half[len(half) // 2 :] for half in halves]))
    sources = ["all"] * len(calibrates.p_real)
    points, _ = controlled([calibrates.p_real], calibrates.is_real, sources, AIMS)
    return _exceeds(judges.errors(points["approve_at_or_above"], points["refuse_below"]))


def _bare(scores: Scores, draw: np.random.Generator) -> bool:
    """Without the floor of strictness, on independent draws: the very case of the theorem, held to the true rates."""
    drawn = [draw.choice(np.flatnonzero(scores.is_real == one), np.sum(scores.is_real == one)) for one in (False, True)]
    placeholders, reals = (scores.p_real[places] for places in drawn)
    each = (1 - AIMS.confidence) / 2
    approve = threshold_above(placeholders, AIMS.placeholders_approved, each)
    refuse = -threshold_above(-reals, AIMS.reals_refused, each)
    return _exceeds(scores.errors(approve, refuse))


def _exceeds(errors: tuple[float, float]) -> bool:
    return errors[0] > AIMS.placeholders_approved or errors[1] > AIMS.reals_refused


def _scores(context: Context) -> Scores:
    """Computed once for one classifier and one manifest, which takes about a minute."""
    scorer = load_scorer(DEFAULT_NETWORK, Registry(WEIGHTS))
    of = [scorer.name, scorer.sha256, _digest(context)]
    kept = _kept()
    if kept.get("of") != of:
        kept = {"of": of, **_computed(context, scorer)}
        out.save(KEPT, kept)
    return Scores(np.array(kept["p_real"]), np.array(kept["is_real"], dtype=bool))


def _kept() -> dict[str, Any]:
    try:
        return dict(out.saved(KEPT))
    except FileNotFoundError:
        return {}


def _digest(context: Context) -> str:
    try:
        return hashlib.sha256((context.data / "manifest.csv").read_bytes()).hexdigest()
    except OSError as error:
        raise NotMeasured(f"there are no pictures with a manifest.csv in {context.data}.") from error


def _computed(context: Context, scorer: Scorer) -> dict[str, list[Any]]:
    """Of the calibration and the test pictures: neither trained the classifier."""
    chosen = [one for split in (Split.CALIBRATION, Split.TEST) for one in chosen_examples(context.data, split)]
    pictures = read_pictures(context.data, chosen, lambda some, _: some)
    return {"p_real": _p_real(scorer, pictures).tolist(), "is_real": pictures.is_real.tolist()}


def _p_real(scorer: Scorer, pictures: Pictures) -> Floats:
    crops, faceless = pictures.crops, pictures.faces == 0
    batches = (slice(start, start + BATCH) for start in range(0, len(pictures), BATCH))
    return np.concatenate([examined(scorer, crops[batch], faceless[batch]).p_real for batch in batches])


GUARANTEE = Proof("the guarantee", (AS_SHIPPED, AT_THE_EDGE), guarantee)
