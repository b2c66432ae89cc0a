"""An occlusion map as people look at it: the crop in grey, warm where it spoke for a real photo, cold where against."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pixels import Pixels

SIDE_PX = 448
WARM, COLD = np.array((255, 138, 20), np.float32), np.array((30, 120, 255), np.float32)
"""Orange and blue: told apart by everybody, and apart from the crop, which has lost its own colours."""

STRONGEST = 0.8
"""The share of colour over what matters most; the picture stays visible under it."""

FULL_AT_LEAST = 1.0
"""So many logits at least have the full colour: where nothing matters, nothing is coloured."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What mattered to one model: (rows, columns) logits over the crop, and the milliseconds that it took."""

    model: str
    importances: NDArray[np.float64]
    ms: float

    def to_json(self) -> dict[str, Any]:
        """The form in which a check tells it."""
        return {"model": self.model, "importances": self.importances.round(3).tolist(), "ms": round(self.ms, 3)}

    def over(self, crop: Pixels) -> Pixels:
        """Draw it over its (224, 224, 3) uint8 RGB crop, at twice the size."""
        colour_share = self._strengths()[..., None]
        colours = np.where(colour_share > 0, WARM, COLD)
        share = np.abs(colour_share) * STRONGEST
        return np.rint(_faded(crop) * (1 - share) + colours * share).astype(np.uint8)

    def _strengths(self) -> NDArray[np.float32]:
        """(448, 448) from -1, most against, to 1, most for."""
        full = max(FULL_AT_LEAST, float(np.abs(self.importances).max()))
        grid = (self.importances / full).astype(np.float32)
        smooth = cv2.resize(grid, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.clip(smooth, -1, 1), np.float32)


def _faded(crop: Pixels) -> NDArray[np.float32]:
    """The crop in greys that leave room for colour on either side."""
    large = cv2.resize(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_LINEAR)
    return np.repeat((large.astype(np.float32) * 0.75 + 32)[..., None], 3, axis=2)
