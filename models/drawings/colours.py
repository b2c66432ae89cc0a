"""Colours as people choose them for avatars, icons and pages: (red, green, blue), 0 to 255."""

import colorsys
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Colour = tuple[int, int, int]
Choice = TypeVar("Choice")

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
SKIN_TONES: tuple[Colour, ...] = (
    (255, 224, 196), (247, 206, 176), (234, 192, 134), (224, 172, 105), (198, 134, 66),
    (161, 102, 58), (141, 85, 36), (110, 66, 38), (84, 52, 34), (61, 38, 28),
)  # fmt: skip
HAIR_COLOURS: tuple[Colour, ...] = (
    (20, 18, 18), (44, 34, 30), (74, 48, 33), (106, 66, 38), (150, 99, 52), (197, 146, 80),
    (232, 200, 124), (168, 62, 36), (128, 128, 128), (214, 214, 214), (190, 60, 140), (60, 110, 190),
)  # fmt: skip


def pick(rng: np.random.Generator, options: Sequence[Choice]) -> Choice:
    """Return one of the options, all equally likely."""
    return options[int(rng.integers(len(options)))]


def hsv(hue: float, saturation: float, value: float) -> Colour:
    """Return a colour from hue, saturation and value, each 0 to 1; the hue wraps around."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def grey(rng: np.random.Generator, darkest: int = 0, lightest: int = 255) -> Colour:
    """Return a grey, half of the time with the faint blue tint of web designs."""
    level = int(rng.integers(darkest, lightest + 1))
    tint = int(rng.integers(0, 16)) if rng.random() < 0.5 else 0
    return max(0, level - tint), max(0, level - tint // 2), level


def pale(rng: np.random.Generator) -> Colour:
    """Return a light, weak colour as used behind things."""
    return hsv(rng.random(), rng.uniform(0.02, 0.3), rng.uniform(0.86, 1))


def strong(rng: np.random.Generator) -> Colour:
    """Return a full colour as used for marks and buttons."""
    return hsv(rng.random(), rng.uniform(0.45, 1), rng.uniform(0.45, 1))


def dark(rng: np.random.Generator) -> Colour:
    """Return a dark colour as used for text and night themes."""
    return hsv(rng.random(), rng.uniform(0, 0.7), rng.uniform(0.05, 0.35))


def any_colour(rng: np.random.Generator) -> Colour:
    """Return a colour of any character: white, grey, pale, strong or dark."""
    make = pick(rng, (lambda _: WHITE, grey, pale, strong, strong, dark))
    return make(rng)


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """Return the colour that lies `share` of the way (0 to 1) from the first to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Return how bright a colour looks, 0 to 255 (ITU-R BT.601 weights)."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def against(rng: np.random.Generator, background: Colour) -> Colour:
    """Return a colour that stands out from the background, white or black when luck does not help."""
    for _ in range(8):
        colour = any_colour(rng)
        if abs(luminance(colour) - luminance(background)) > 70:
            return colour
    return BLACK if luminance(background) > 127 else WHITE
