"""Outlines of heads, shoulders and hair, shared by silhouettes, cartoons and cards."""

from dataclasses import dataclass

import numpy as np

from models.drawings.canvas import Canvas
from models.drawings.colours import Colour, pick
from models.drawings.outlines import Outline, Point, egg, points, smoothed


@dataclass(frozen=True)
class Head:
    """Where a head sits: centre and half axes, in units of the picture's width."""

    cx: float
    cy: float
    rx: float
    ry: float

    def at(self, across: float, down: float) -> Point:
        """Return the point that lies this many half axes right of and below the centre."""
        return self.cx + across * self.rx, self.cy + down * self.ry

    def path(self, *corners: Point) -> Outline:
        """Return the outline through corners given in half axes."""
        return points(*(self.at(*corner) for corner in corners))

    def outline(self, squareness: float = 2.2, taper: float = 0.15) -> Outline:
        """Return the face's outline."""
        return egg(self.cx, self.cy, self.rx, self.ry, squareness=squareness, taper=taper)


def shoulders(rng: np.random.Generator, head: Head, bottom: float) -> Outline:
    """Return one of several shoulder shapes under a head, down to `bottom`."""
    make = pick(rng, (_sloped_shoulders, _sloped_shoulders, _round_shoulders, _box_shoulders))
    return make(rng, head, bottom)


def _sloped_shoulders(rng: np.random.Generator, head: Head, bottom: float) -> Outline:
    half, neck = head.rx * rng.uniform(1.7, 2.6), head.rx * rng.uniform(0.35, 0.6)
    chin, slope = head.cy + head.ry * 0.7, head.ry * rng.uniform(0.45, 0.9)
    right = points(
        (neck, chin), (neck, chin + slope * 0.9), (half * 0.55, chin + slope * 1.25),
        (half * 0.95, chin + slope * 1.7), (half, chin + slope * 3), (half, bottom + 1),
    )  # fmt: skip
    left = right[::-1] * (-1, 1)
    return smoothed(np.concatenate([right, left]) + points((head.cx, 0)), 3)


def _round_shoulders(rng: np.random.Generator, head: Head, bottom: float) -> Outline:
    half = head.rx * rng.uniform(1.5, 2.2)
    top = head.cy + head.ry * rng.uniform(1.05, 1.3)
    return egg(head.cx, bottom, half, max(bottom - top, head.ry * 0.6), squareness=rng.uniform(2, 3))


def _box_shoulders(rng: np.random.Generator, head: Head, bottom: float) -> Outline:
    half = head.rx * rng.uniform(1.4, 2)
    top = head.cy + head.ry * rng.uniform(1.1, 1.35)
    return egg(head.cx, (top + bottom + 0.4) / 2, half, (bottom + 0.4 - top) / 2, squareness=rng.uniform(4, 7))


def neck(rng: np.random.Generator, head: Head) -> Outline:
    """Return the neck's outline, from behind the chin into the shoulders."""
    half = rng.uniform(0.36, 0.6)
    return head.path((-half, 0.4), (half, 0.4), (half * 1.1, 1.6), (-half * 1.1, 1.6))


def hair_behind(rng: np.random.Generator, head: Head, style: str) -> Outline | None:
    """Return the hair that falls behind the head, or None for short hair."""
    wide, low = rng.uniform(1.12, 1.4), rng.uniform(0.6, 1.9)
    if style in {"bob", "long"}:
        low = low if style == "long" else min(low, 1.1)
        sides = head.path((-wide, low), (-wide * 1.02, -0.2), (-0.8, -1.2), (0, -1.5), (0.8, -1.2), (wide * 1.02, -0.2))
        return smoothed(np.concatenate([sides, head.path((wide, low))]), 2)
    if style == "afro":
        return egg(head.cx, head.cy - 0.35 * head.ry, head.rx * wide * 1.2, head.ry * wide * 1.05)
    if style == "curls":
        return _curls(rng, head, wide)
    if style == "bun":
        return egg(head.cx, head.cy - 1.15 * head.ry, head.rx * 0.45, head.ry * 0.4)
    if style == "scarf":
        return head.path(
            (-1.2, -0.3), (-0.7, -1.2), (0.7, -1.2), (1.2, -0.3), (1.25, 1.2), (1.6, 2), (-1.6, 2), (-1.25, 1.2)
        )
    return None


def _curls(rng: np.random.Generator, head: Head, wide: float) -> Outline:
    angle = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    reach = 1 + 0.07 * np.abs(np.sin(angle * int(rng.integers(5, 10))))
    ring = np.stack([np.cos(angle) * wide, np.sin(angle) * 1.15 - 0.2], axis=1) * reach[:, None]
    return ring * (head.rx, head.ry) + (head.cx, head.cy)


def hair_on_top(rng: np.random.Generator, head: Head, style: str) -> Outline | None:
    """Return the hair that covers the forehead and the skull, or None for a bald head."""
    brow, side = rng.uniform(-0.62, -0.3), rng.uniform(-0.25, 0.35)
    part = rng.uniform(-0.7, 0.7)
    crown = rng.uniform(1.12, 1.4)
    if style == "bald":
        return None
    if style == "spikes":
        return _spikes(rng, head, brow)
    across = (-1.1, side), (-1.12, -0.5), (-0.75, -crown), (part / 2, -crown - 0.1), (0.75, -crown), (1.12, -0.5)
    fringe = _fringe(rng, style, brow, side, part)
    return smoothed(head.path(*across, (1.1, side), *fringe), int(rng.integers(1, 4)))


def _fringe(rng: np.random.Generator, style: str, brow: float, side: float, part: float) -> tuple[Point, ...]:
    """Return the hair's lower edge over the forehead, from right to left."""
    lift = rng.uniform(0, 0.4)
    if style == "bob":
        return (0.9, side), (0.85, brow), (part, brow - 0.2), (-0.85, brow), (-0.9, side)
    if style == "scarf":
        return (0.98, 0.4), (0.8, -0.5), (0, -0.75), (-0.8, -0.5), (-0.98, 0.4)
    return (0.92, side), (0.75, brow), (part, brow - lift), (-0.75, brow), (-0.92, side)


def _spikes(rng: np.random.Generator, head: Head, brow: float) -> Outline:
    tips = int(rng.integers(4, 9))
    along = np.linspace(-1.15, 1.15, 2 * tips + 1)
    up = -np.sqrt(np.clip(1.45 - along**2, 0, None)) * np.where(
        np.arange(2 * tips + 1) % 2, rng.uniform(1.15, 1.5), 0.9
    )
    fringe = np.stack([along[::-1] * 0.85, brow + 0.2 * (np.arange(2 * tips + 1) % 2)], axis=1)
    return np.concatenate([np.stack([along, up], axis=1), fringe]) * (head.rx, head.ry) + (head.cx, head.cy)


def bust(rng: np.random.Generator, head: Head, bottom: float) -> list[Outline]:
    """Return the outlines whose union is a faceless head-and-shoulders figure."""
    style = pick(rng, ("short", "short", "bald", "bald", "bald", "bob", "long", "afro", "bun", "scarf", "spikes"))
    parts = [shoulders(rng, head, bottom), head.outline(rng.uniform(2, 2.6), rng.uniform(0, 0.3))]
    hair = hair_behind(rng, head, style), hair_on_top(rng, head, style)
    parts += [piece for piece in hair if piece is not None]
    if rng.random() < 0.25:
        parts += [egg(*head.at(side * 1.02, 0), head.rx * 0.16, head.ry * 0.22) for side in (-1, 1)]
    return parts


def draw_bust(canvas: Canvas, parts: list[Outline], ink: Colour, inside: Colour | None = None, line: float = 0) -> None:
    """Draw the union of a figure's parts, filled with ink or, with an inside colour, as a line drawing."""
    if inside is None:
        for part in parts:
            canvas.shape(part, ink)
        return
    for part in parts:
        canvas.shape(part, ink, ink, 2 * line)
    for part in parts:
        canvas.shape(part, inside)
