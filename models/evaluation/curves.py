"""Curves over every threshold, in plain numpy; a real face is the positive class throughout."""

from dataclasses import dataclass

import numpy as np

from models.evaluation.measured import Flags, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points in drawing order and one number that sums them up."""

    x: Floats
    y: Floats
    area: float


def roc(p_real: Floats, is_real: Flags) -> Curve:
    """APCER (x) against the share of real faces accepted (y), from accepting nothing to accepting all."""
    accepted_reals, accepted_others = _accepted(p_real, is_real)
    x = np.concatenate([[0.0], accepted_others / (~is_real).sum()])
    y = np.concatenate([[0.0], accepted_reals / is_real.sum()])
    return Curve(x, y, float(np.trapezoid(y, x)))


def auc(p_real: Floats, is_real: Flags) -> float:
    """The probability that a real face scores above something else, ties counting half."""
    return roc(p_real, is_real).area


def precision_recall(p_real: Floats, is_real: Flags) -> Curve:
    """Recall (x) against precision (y); the area is average precision, without interpolation."""
    accepted_reals, accepted_others = _accepted(p_real, is_real)
    recall = accepted_reals / is_real.sum()
    precision = accepted_reals / (accepted_reals + accepted_others)
    area = float(np.sum(np.diff(recall, prepend=0.0) * precision))
    return Curve(recall, precision, area)


def risk_coverage(p_real: Floats, is_real: Flags, threshold: float) -> Curve:
    """Share answered, surest first (x), against the share of those answers that is wrong (y).

    An answer is as sure as the probability that the model gives to it. The area is the mean risk over coverage
    (AURC; Geifman and El-Yaniv 2017).
    """
    accepted = p_real >= threshold
    sureness = np.where(accepted, p_real, 1 - p_real)
    order = np.argsort(-sureness, kind="stable")
    wrong = (accepted != is_real)[order]
    last = _last_of_ties(sureness[order])
    coverage = (last + 1) / len(p_real)
    risk = np.cumsum(wrong)[last] / (last + 1)
    return Curve(coverage, risk, float(np.sum(np.diff(coverage, prepend=0.0) * risk)))


def coverage_at_risk(curve: Curve, most: float) -> float:
    """The largest share that can be answered while at most `most` of the answers are wrong."""
    return float(np.max(curve.x[curve.y <= most], initial=0.0))


def _accepted(p_real: Floats, is_real: Flags) -> tuple[Floats, Floats]:
    """How many real faces and how many others each distinct score, taken as threshold, accepts; strictest first."""
    order = np.argsort(-p_real, kind="stable")
    last = _last_of_ties(p_real[order])
    reals = np.cumsum(is_real[order])[last].astype(np.float64)
    return reals, last + 1 - reals


def _last_of_ties(descending: Floats) -> np.ndarray:
    """The last index of every run of equal values: a threshold takes them all or none."""
    return np.append(np.flatnonzero(np.diff(descending)), len(descending) - 1)
