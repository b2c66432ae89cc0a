"""The one array type that all picture code shares."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""(H, W, 3) uint8 RGB, or (N, H, W, 3) for several."""
