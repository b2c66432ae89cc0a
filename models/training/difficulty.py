"""What each picture still costs, so that the hard ones are seen more often.

After Loshchilov and Hutter, Online Batch Selection for Faster Training of Neural Networks (2016), but with chances that
never fall to nothing: an icon that is learnt comes back now and then.
"""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_NEWEST = 0.4
_MOST, _LEAST = 6.0, 0.3


class Difficulty:
    """A moving average of each picture's loss; all begin alike."""

    def __init__(self, pictures: int) -> None:
        """Know nothing of any picture."""
        self._costs = np.ones(pictures)

    def note(self, places: NDArray[np.intp], losses: Tensor) -> None:
        """Learn what (N,) pictures cost just now."""
        newest = np.clip(losses.detach().cpu().numpy().astype(np.float64), 0, _MOST)
        self._costs[places] = (1 - _NEWEST) * self._costs[places] + _NEWEST * newest

    def chances(self, places: NDArray[np.intp]) -> NDArray[np.float64]:
        """How often each of (N,) pictures is worth seeing, relative to the others among them."""
        costs = self._costs[places]
        return np.clip(costs / max(costs.mean(), 1e-9), 0, _MOST) + _LEAST

    def state_dict(self) -> dict[str, Tensor]:
        """What a later process needs to go on."""
        return {"costs": torch.from_numpy(self._costs)}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Go on from another process's state; raises `ValueError` when that saw other pictures."""
        costs = state["costs"].numpy()
        if costs.shape != self._costs.shape:
            raise ValueError(f"The run saw {len(costs)} pictures, not {len(self._costs)}.")
        self._costs = costs.copy()
