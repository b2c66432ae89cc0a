"""Whether a probability means what it says."""

from dataclasses import dataclass

import numpy as np

from models.evaluation.measured import Flags, Floats

BINS = 15


@dataclass(frozen=True, slots=True)
class Bin:
    """The pictures whose p_real lies in one stretch: their mean p_real, and the share that is real."""

    low: float
    high: float
    pictures: int
    mean_p_real: float
    share_real: float

    @property
    def gap(self) -> float:
        """How far the two are apart."""
        return abs(self.mean_p_real - self.share_real)


def bins(p_real: Floats, is_real: Flags, number: int = BINS) -> tuple[Bin, ...]:
    """Equal stretches of p_real, without those that no picture falls into."""
    which = np.minimum((p_real * number).astype(int), number - 1)
    return tuple(
        Bin(
            place / number,
            (place + 1) / number,
            int((which == place).sum()),
            float(p_real[which == place].mean()),
            float(is_real[which == place].mean()),
        )
        for place in range(number)
        if (which == place).any()
    )


def expected_calibration_error(found: tuple[Bin, ...]) -> float:
    """Mean gap between probability and share of real faces over the pictures (Naeini et al. 2015)."""
    return sum(each.gap * each.pictures for each in found) / sum(each.pictures for each in found)
