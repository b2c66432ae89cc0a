"""What one model says of prepared pictures: the numbers that every other measure here starts from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.classifier import Examined, Scorer, examined
from models.evaluation.pictures import EvaluationError, Pictures
from models.pixels import Pixels

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

THRESHOLD = "real_at_or_above"
_BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One model's p_real of every picture, how strange it finds each, and the threshold that it ships with."""

    model: str
    sha256: str
    threshold: float
    pictures: Pictures
    p_real: Floats
    strangeness: Floats | None = None

    @property
    def is_real(self) -> Flags:
        """(N,) what the pictures show."""
        return self.pictures.is_real

    @property
    def accepted(self) -> Flags:
        """(N,) what the model takes for a real face at its own threshold."""
        return self.p_real >= self.threshold

    @property
    def wrong(self) -> Flags:
        """(N,) where the two differ."""
        return self.accepted != self.is_real


def measure(scorer: Scorer, pictures: Pictures) -> Measured:
    """Score every crop; raises `EvaluationError` for a model whose answers are no probabilities."""
    if THRESHOLD not in scorer.thresholds:
        raise EvaluationError(f"The model {scorer.name} comes without the threshold {THRESHOLD!r}.")
    p_real, strangeness = _examined(scorer, pictures.crops, pictures.faces == 0)
    return Measured(scorer.name, scorer.sha256, scorer.thresholds[THRESHOLD], pictures, p_real, strangeness)


def scores(scorer: Scorer, crops: Pixels) -> Floats:
    """(N,) p_real of the crops alone in batches; raises `EvaluationError` for answers that are no probabilities."""
    return _examined(scorer, crops, np.zeros(len(crops), dtype=bool))[0]


def _examined(scorer: Scorer, crops: Pixels, faceless: Flags) -> tuple[Floats, Floats | None]:
    batches = [slice(start, start + _BATCH) for start in range(0, len(crops), _BATCH)]
    parts = [_batch(scorer, crops[some], faceless[some]) for some in batches]
    told = [part.strangeness for part in parts if part.strangeness is not None]
    p_real = np.concatenate([part.p_real for part in parts]) if parts else np.empty(0)
    return p_real, np.concatenate(told) if told else None


def _batch(scorer: Scorer, crops: Pixels, faceless: Flags) -> Examined:
    try:
        said = examined(scorer, crops, faceless)
        p_real = np.asarray(said.p_real, dtype=np.float64)
    except (RuntimeError, TypeError, ValueError) as error:
        raise EvaluationError(f"The model {scorer.name} cannot score a crop: {_first_line(error)}.") from error
    if p_real.shape != (len(crops),) or not np.all((p_real >= 0) & (p_real <= 1)):
        raise EvaluationError(f"The model {scorer.name} does not answer with one probability a picture.")
    return Examined(p_real, said.strangeness)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
