"""The one array type that all picture code shares."""

from typing import Any, TypeAlias

from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[Any]
"""(H, W, 3) uint8 RGB, or (N, H, W, 3) for several; OpenCV's stubs know no dtype, so the type cannot name it."""
