"""Models side by side on the same pictures, with paired intervals for what separates them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.evaluation.curves import Curve, auc, roc
from models.evaluation.errors import OperatingPoint, PartErrors, by_source, operating_points
from models.evaluation.measured import Flags, Floats, Measured
from models.evaluation.pictures import EvaluationError
from models.evaluation.reliability import bins, expected_calibration_error

REPLICATES = 2_000
_SEED = 20_260
_QUANTILES = (0.025, 0.975)

Weights = np.ndarray
"""(replicates, pictures): how often each picture was drawn."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a model's figure lies above the first model's, with its paired 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """One model among others; `against_first` holds APCER, BPCER and AUC, and is empty for the first."""

    measured: Measured
    points: tuple[OperatingPoint, ...]
    sources: tuple[PartErrors, ...]
    roc: Curve
    ece: float
    against_first: Mapping[str, Difference]


def compare(models: Sequence[Measured], replicates: int = REPLICATES) -> tuple[Compared, ...]:
    """Compare every model with the first, each at the threshold that it ships with.

    The bootstrap draws pictures within each source, the same ones for both models of a pair (Efron and Tibshirani
    1993), so that what is hard for both does not blur what separates them. It says nothing about other sources.
    """
    if len({measured.model for measured in models}) < len(models):
        raise EvaluationError("A model cannot be compared with itself; name different ones.")
    first = models[0]
    weights = drawn_within([(e.label, e.source) for e in first.pictures.examples], replicates)
    reference = _replicated(first, weights)
    return tuple(
        _compared(each, {} if each is first else _differences(first, reference, each, weights)) for each in models
    )


def drawn_within(parts: Sequence[tuple[str, str]], replicates: int, seed: int = _SEED) -> Weights:
    """Draw as many pictures from every part as it has, with replacement."""
    rng = np.random.default_rng(seed)
    weights = np.zeros((replicates, len(parts)), np.float32)
    members: dict[tuple[str, str], list[int]] = {}
    for index, part in enumerate(parts):
        members.setdefault(part, []).append(index)
    for indices in members.values():
        weights[:, indices] = rng.multinomial(len(indices), [1 / len(indices)] * len(indices), replicates)
    return weights


def weighted_auc(p_real: Floats, is_real: Flags, weights: Weights) -> Floats:
    """(replicates,) the area under the ROC curve with every picture counted as often as it was drawn."""
    order = np.argsort(p_real, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(p_real[order]) > 0))
    reals = np.add.reduceat(weights[:, order] * is_real[order], starts, axis=1, dtype=np.float64)
    others = np.add.reduceat(weights[:, order] * ~is_real[order], starts, axis=1, dtype=np.float64)
    below = np.cumsum(others, axis=1) - others
    return (reals * (below + others / 2)).sum(axis=1) / (reals.sum(axis=1) * others.sum(axis=1))


def _compared(measured: Measured, against_first: Mapping[str, Difference]) -> Compared:
    points = operating_points(measured)
    ece = expected_calibration_error(bins(measured.p_real, measured.is_real))
    curve = roc(measured.p_real, measured.is_real)
    return Compared(measured, points, by_source(measured, points), curve, ece, against_first)


def _figures(measured: Measured) -> dict[str, float]:
    is_real, wrong = measured.is_real, measured.wrong
    return {
        "apcer": float(wrong[~is_real].mean()),
        "bpcer": float(wrong[is_real].mean()),
        "auc": auc(measured.p_real, is_real),
    }


def _replicated(measured: Measured, weights: Weights) -> dict[str, Floats]:
    is_real, wrong = measured.is_real, measured.wrong
    # The number of pictures of a class is the same in every replicate: each source is drawn in its own size.
    return {
        "apcer": weights @ (wrong & ~is_real).astype(np.float32) / (~is_real).sum(),
        "bpcer": weights @ (wrong & is_real).astype(np.float32) / is_real.sum(),
        "auc": weighted_auc(measured.p_real, is_real, weights),
    }


def _differences(
    first: Measured, reference: Mapping[str, Floats], other: Measured, weights: Weights
) -> dict[str, Difference]:
    here, there, replicated = _figures(first), _figures(other), _replicated(other, weights)
    differences = {}
    for name, value in there.items():
        low, high = np.quantile(replicated[name] - reference[name], _QUANTILES)
        differences[name] = Difference(value - here[name], float(low), float(high))
    return differences
