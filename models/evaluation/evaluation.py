"""One model measured from every side, on pictures that are prepared once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.calibration.risk_control import Guarantee
from models.evaluation import reliability
from models.evaluation.cost import Cost, Loaded, cost
from models.evaluation.curves import Curve, precision_recall, risk_coverage, roc
from models.evaluation.drawn import drawn_pictures
from models.evaluation.errors import Confusion, OperatingPoint, PartErrors, by_kind, by_source, operating_points
from models.evaluation.groups import Grouping, group_errors
from models.evaluation.measured import Measured, measure
from models.evaluation.pictures import Pictures, chosen_examples, read_pictures, require_both_classes
from models.evaluation.robustness import Suffered, subsample, suffered
from models.evaluation.routing import Policy, Routed, routed
from models.training.splits import Example, Split, examples

Track = Callable[[Iterable[Any], int, str], Iterable[Any]]
"""Shows progress over so many steps of something named."""

_SEED = 1_303


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to evaluate on, and how much of what takes long; 0 leaves a part out."""

    data: Path
    split: Split = Split.TEST
    robustness: int = 200
    drawn_per_kind: int = 20
    labelled: int = 800


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The prepared pictures that every model of one run is measured on.

    `labelled` are real faces of sources that train or calibrate, with age, sex or race: no unseen pictures, but often
    the only ones with labels. `drawn` are placeholders by kind. Both are None when not asked for.
    """

    wanted: Wanted
    pictures: Pictures
    drawn: Pictures | None
    labelled: Pictures | None


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Everything that was measured of one model; the parts that were not asked for are empty or None."""

    measured: Measured
    confusion: Confusion
    points: tuple[OperatingPoint, ...]
    sources: tuple[PartErrors, ...]
    kinds: tuple[PartErrors, ...]
    drawn_kinds: tuple[PartErrors, ...]
    roc: Curve
    precision_recall: Curve
    risk_coverage: Curve
    bins: tuple[reliability.Bin, ...]
    routed: Routed
    groups: tuple[Grouping, ...]
    labelled_groups: tuple[Grouping, ...]
    suffered: tuple[Suffered, ...]
    cost: Cost
    promise: Guarantee | None = None

    @property
    def ece(self) -> float:
        """Expected calibration error."""
        return reliability.expected_calibration_error(self.bins)


def prepared_ground(wanted: Wanted, track: Track) -> Ground:
    """Read and prepare every picture of the run; raises `EvaluationError` when there is too little to measure."""
    chosen = chosen_examples(wanted.data, wanted.split)
    pictures = read_pictures(wanted.data, chosen, _named(track, "Preparing pictures"))
    require_both_classes(pictures, wanted.data)
    drawn = drawn_pictures(wanted.drawn_per_kind, _named(track, "Drawing kinds")) if wanted.drawn_per_kind else None
    return Ground(wanted, pictures, drawn, _labelled(wanted, track))


def evaluate(loaded: Loaded, ground: Ground, policy: Policy, track: Track) -> Evaluation:
    """Measure one model; raises `EvaluationError` for a model that does not answer with probabilities."""
    measured = measure(loaded.scorer, ground.pictures)
    points = operating_points(measured)
    is_real, p_real = measured.is_real, measured.p_real
    return Evaluation(
        measured=measured,
        confusion=Confusion.of(measured.accepted, is_real),
        points=points,
        sources=by_source(measured, points),
        kinds=by_kind(measured, points),
        drawn_kinds=by_kind(measure(loaded.scorer, ground.drawn), points) if ground.drawn else (),
        roc=roc(p_real, is_real),
        precision_recall=precision_recall(p_real, is_real),
        risk_coverage=risk_coverage(p_real, is_real, measured.threshold),
        bins=reliability.bins(p_real, is_real),
        routed=routed(measured, policy),
        groups=group_errors(measured),
        labelled_groups=group_errors(measure(loaded.scorer, ground.labelled)) if ground.labelled else (),
        suffered=_suffered(loaded, ground, track),
        cost=cost(loaded, ground.pictures),
        promise=loaded.scorer.guarantee,
    )


def _labelled(wanted: Wanted, track: Track) -> Pictures | None:
    others = [split for split in Split if split is not wanted.split]
    known = [e for split in others for e in examples(wanted.data, split) if e.is_real and _has_labels(e)]
    if not known or not wanted.labelled:
        return None
    places = np.sort(np.random.default_rng(_SEED).permutation(len(known))[: wanted.labelled])
    return read_pictures(wanted.data, [known[place] for place in places], _named(track, "Preparing labelled faces"))


def _has_labels(example: Example) -> bool:
    return not example.attributes.keys().isdisjoint({"age", "gender", "race"})


def _suffered(loaded: Loaded, ground: Ground, track: Track) -> tuple[Suffered, ...]:
    if not ground.wanted.robustness:
        return ()
    chosen = subsample(ground.pictures, ground.wanted.robustness)
    return suffered(loaded.scorer, ground.wanted.data, chosen, _named(track, "Making pictures worse"))


def _named(track: Track, name: str) -> Callable[[Iterable[Any], int], Iterable[Any]]:
    return lambda steps, total: track(steps, total, name)
