"""From logits to probabilities that mean what they say, on sources that did not train."""

import numpy as np
from numpy.typing import NDArray

from models.artifacts import Calibration

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def fitted(logits: Floats, is_real: Flags) -> Calibration:
    """Platt scaling by Newton's method (Platt 1999; Lin, Lin and Weng 2007), both classes weighted alike.

    Platt's softened targets keep the probabilities finite where the classes separate.
    """
    reals, others = is_real.sum(), (~is_real).sum()
    targets = np.where(is_real, (reals + 1) / (reals + 2), 1 / (others + 2))
    weights = np.where(is_real, 0.5 / reals, 0.5 / others)
    columns = np.stack([logits, np.ones_like(logits)])
    slope_and_bias = np.array([0.5, 0.0])
    for _ in range(100):
        p = _sigmoid(slope_and_bias @ columns)
        gradient = columns @ (weights * (p - targets))
        curvature = (columns * (weights * p * (1 - p))) @ columns.T + 1e-9 * np.eye(2)
        slope_and_bias = slope_and_bias - 0.5 * np.linalg.solve(curvature, gradient)
    slope, bias = slope_and_bias
    return Calibration(temperature=float(1 / slope), bias=float(bias))


def probabilities(logits: Floats, calibration: Calibration) -> Floats:
    """What the classifier answers for these logits."""
    return _sigmoid(logits / calibration.temperature + calibration.bias)


def faceless_log_odds(is_real: Flags, faceless: Flags) -> float:
    """What it says of a picture that the detector found no face in it: 0 or less, to be added to its log odds.

    How much rarer real faces stay unfound than pictures of anything else, each share by Laplace's rule of succession,
    as if the detector's miss and the classifier's score had nothing to do with each other (naive Bayes).
    """
    unfound = [(faceless[some].sum() + 1) / (some.sum() + 2) for some in (is_real, ~is_real)]
    return min(0.0, float(np.log(unfound[0] / unfound[1])))


def told_faceless(p_real: Floats, faceless: Flags, shift: float) -> Floats:
    """The (N,) probabilities once it is known in which (N,) pictures no face was found."""
    return _sigmoid(log_odds(p_real) + shift * faceless) if shift else p_real


def decision_threshold(p_real: Floats, is_real: Flags) -> float:
    """The one threshold on p_real for a yes or no.

    As high as half a percent of the real faces allow, because what is no face is easier here than in the field; for a
    network that cannot tell the classes apart so well, halfway (in log odds) to the surest half percent of the rest.
    """
    lowest_real, highest_other = np.quantile(p_real[is_real], [0.005]), np.quantile(p_real[~is_real], [0.995])
    middle = _sigmoid((log_odds(lowest_real) + log_odds(highest_other)) / 2)
    return round(float(np.clip(max(middle[0], lowest_real[0]), 0.1, 0.95)), 4)


def expected_calibration_error(p_real: Floats, is_real: Flags, bins: int = 15) -> float:
    """Mean gap between confidence and share of real faces over equal-width bins (Naeini et al. 2015)."""
    which = np.minimum((p_real * bins).astype(int), bins - 1)
    gaps = [abs(p_real[which == number].sum() - is_real[which == number].sum()) for number in range(bins)]
    return float(sum(gaps) / len(p_real))


def _sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(x, -60, 60)))


def log_odds(p: Floats) -> Floats:
    """The inverse of the logistic function, finite for probabilities of 0 and 1 too."""
    clipped = np.clip(p, 1e-9, 1 - 1e-9)
    return np.log(clipped / (1 - clipped))
