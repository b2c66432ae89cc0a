"""Photos made for what they cost to decode."""

import io
from functools import cache

import numpy as np
from PIL import Image


@cache
def slow_photo(side_px: int = 4000) -> bytes:
    """A progressive JPEG of noise: for its 16 MP a decoder needs the better part of a second."""
    noise = np.random.default_rng(7).integers(0, 255, (side_px // 4, side_px // 4, 3), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(noise).resize((side_px, side_px)).save(written, "JPEG", quality=80, progressive=True)
    return written.getvalue()
