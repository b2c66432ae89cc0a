"""Light, lenses and sensors for pictures of our own making: textures, gratings, lamps, shadows and a camera.

cv2 rather than numpy wherever planes meet three channels: an inner axis of three costs numpy tenfold.
"""

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models.pixels import Pixels

Plane = NDArray[Any]
"""(H, W) float32."""
Sheet = NDArray[Any]
"""(H, W, 3) float32, 0 to 255 and, on the way, beyond."""

RED_GREEN_BLUE = 3


def happens(chance: float, rng: Generator) -> bool:
    """Throw a die: true so often, 0 to 1."""
    return bool(rng.random() < chance)


def as_bytes(sheet: Sheet) -> Pixels:
    """Round to whole levels; what lies beyond 0 and 255 is cut off."""
    return cv2.add(sheet, np.zeros(4), dtype=cv2.CV_8U)


def one_colour(height: int, width: int, colour: NDArray[np.float64]) -> Sheet:
    """Fill a sheet with (r, g, b)."""
    return np.tile(colour.astype(np.float32), (height, width, 1))


def lit(sheet: Sheet, light: Plane) -> Sheet:
    """Multiply all three channels by one plane."""
    return cv2.multiply(sheet, cv2.merge([light.astype(np.float32)] * 3))


def under_a_lamp(seen: Sheet, rng: Generator) -> Sheet:
    """Light that falls off, a shadow with a soft edge, gloss where the paper mirrors the lamp."""
    height, width = seen.shape[:2]
    down, across = np.linspace(-1, 1, height, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)
    slope = rng.normal(0, 0.16, 2).astype(np.float32)
    light = 1 + slope[0] * down + slope[1] * across
    if happens(0.35, rng):
        angle = rng.uniform(0, 2 * np.pi)
        distance = float(np.sin(angle)) * down + float(np.cos(angle)) * across - rng.uniform(-0.6, 0.6)
        light -= rng.uniform(0.1, 0.4) * np.clip(0.5 + distance / rng.uniform(0.05, 0.5), 0, 1)
    seen = lit(seen, light)
    return with_mirrored_lights(seen, rng) if happens(0.3, rng) else seen


def with_mirrored_lights(seen: Sheet, rng: Generator) -> Sheet:
    """A lamp's spot or a window's quadrangle, added where the surface mirrors it."""
    height, width = seen.shape[:2]
    layer = np.zeros((height // 4, width // 4), np.float32)
    size = np.array(layer.shape[::-1])
    for _ in range(int(rng.integers(0, 3))):
        middle, half = rng.random(2) * size, rng.uniform(0.05, 0.35, 2) * size
        if happens(0.5, rng):
            axes = (max(1, int(half[0])), max(1, int(half[1])))
            cv2.ellipse(layer, middle.astype(int).tolist(), axes, rng.uniform(0, 180), 0, 360, 1.0, -1)
        else:
            lean = rng.normal(0, 0.2) * half[0]
            pane = middle + half * [(-1, -1), (1, -1), (1, 1), (-1, 1)] + [(lean, 0), (lean, 0), (-lean, 0), (-lean, 0)]
            cv2.fillConvexPoly(layer, pane.astype(np.int32), 1.0)
    if not layer.any():
        return seen
    soft = cv2.GaussianBlur(layer, (0, 0), rng.uniform(0.6, 9))
    light = cv2.resize(soft * rng.uniform(20, 110), (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.add(seen, cv2.merge([light] * 3))


def with_beat(seen: Sheet, rng: Generator, strength: float) -> Sheet:
    """Moiré: the slow beat of two fine grids, bent by the tilt, shifted from colour to colour."""
    height, width = seen.shape[:2]
    phase = _waves(height // 4, width // 4, rng) + rng.uniform(0.3, 2.5) * field(rng, height // 4, width // 4, 3)
    shift = rng.uniform(0, 0.8)
    fringes = cv2.merge([strength * np.sin(phase + shift * channel) for channel in range(RED_GREEN_BLUE)])
    return cv2.add(seen, cv2.resize(fringes, (width, height), interpolation=cv2.INTER_LINEAR))


def _waves(height: int, width: int, rng: Generator) -> Plane:
    waves = rng.uniform(1, 9)
    angle = rng.uniform(0, np.pi)
    down = np.linspace(0, 2 * np.pi * waves * np.sin(angle), height, dtype=np.float32)[:, None]
    return down + np.linspace(0, 2 * np.pi * waves * np.cos(angle), width, dtype=np.float32)


def through_a_camera(seen: Sheet, rng: Generator) -> Pixels:
    """Focus, exposure, white balance and the sensor's noise."""
    if happens(0.7, rng):
        seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.4, 1.5))
    gain = rng.normal(1, 0.1) * rng.normal(1, 0.04, RED_GREEN_BLUE)
    noise = rng.standard_normal(seen.shape[:2], dtype=np.float32) * np.float32(rng.uniform(0, 6))
    return as_bytes(cv2.add(cv2.multiply(seen, np.array((*gain, 1.0))), cv2.merge([noise] * 3)))


def grating(height: int, width: int, period_px: float, angle_deg: float, phase: float) -> Plane:
    """Cosine stripes, (height, width), as two outer products: far cheaper than a cosine for each pixel."""
    turn = 2 * np.pi / period_px
    across = np.arange(width) * turn * np.cos(np.deg2rad(angle_deg)) + 2 * np.pi * phase
    down = np.arange(height)[:, None] * turn * np.sin(np.deg2rad(angle_deg))
    return (np.cos(down) * np.cos(across) - np.sin(down) * np.sin(across)).astype(np.float32)


def field(rng: Generator, height: int, width: int, down: int, across: int | None = None) -> Plane:
    """A smooth random surface about 0, (height, width), with so many bumps down and across."""
    coarse = rng.standard_normal((down, across or down), dtype=np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)


def rounded(height: int, width: int, radius: float) -> Plane:
    """1 inside a rectangle with round corners, 0 outside, (height, width)."""
    down = np.abs(np.arange(height, dtype=np.float32) - (height - 1) / 2)[:, None] - (height / 2 - radius)
    across = np.abs(np.arange(width, dtype=np.float32) - (width - 1) / 2) - (width / 2 - radius)
    distance = np.hypot(np.maximum(down, 0), np.maximum(across, 0))
    return np.clip(radius - distance + 0.5, 0, 1)
