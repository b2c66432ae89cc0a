"""What each installed model says of a crop, in one word and one number."""

import time
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from models.classifier import Scorer, examined
from models.preparation import Prepared

AI_DETECTOR = "real_vs_ai"
"""The one model that asks another question: camera, or generator?"""

_THRESHOLD, _MIDDLE = "real_at_or_above", 0.5
_WORDS = {False: ("real", "not_real"), True: ("camera", "generated")}


@dataclass(frozen=True, slots=True)
class Opinion:
    """A model's verdict by its own threshold: `real` or `not_real`, of the AI detector `camera` or `generated`."""

    model: str
    verdict: str
    p_real: float
    threshold: float
    ms: float

    @classmethod
    def of(cls, scorer: Scorer, p_real: float, ms: float) -> Self:
        """What `scorer` means by this score."""
        yes, no = _WORDS[not can_judge(scorer.name)]
        threshold = scorer.thresholds.get(_THRESHOLD, _MIDDLE)
        return cls(scorer.name, yes if p_real >= threshold else no, p_real, threshold, ms)

    def to_json(self) -> dict[str, Any]:
        """The form in which a check tells it."""
        return {
            "name": self.model,
            "verdict": self.verdict,
            "p_real": round(self.p_real, 6),
            "threshold": round(self.threshold, 6),
            "ms": round(self.ms, 3),
        }


def can_judge(model: str) -> bool:
    """Whether a model, `name@version`, answers the policy's question; to the AI detector a photo of a wall is fine."""
    return model.partition("@")[0] != AI_DETECTOR


def opinion(scorer: Scorer, prepared: Prepared) -> Opinion:
    """Ask one model about a prepared photo."""
    started = time.perf_counter()
    p_real = float(examined(scorer, prepared.crop[None], np.array([not prepared.faces])).p_real[0])
    return Opinion.of(scorer, p_real, (time.perf_counter() - started) * 1000)
