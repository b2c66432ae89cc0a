"""Closed outlines as (N, 2) float arrays, in units of the picture's width, y downwards."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Outline = NDArray[np.float64]
Point = tuple[float, float]
Area = tuple[float, float, float, float]  # left, top, right, bottom


def points(*corners: Point) -> Outline:
    """Return the outline through these corners."""
    return np.array(corners, dtype=np.float64)


def turned(outline: Outline, angle_deg: float, centre: Sequence[float]) -> Outline:
    """Return the outline turned clockwise about a centre."""
    angle, middle = np.radians(angle_deg), np.asarray(centre, dtype=np.float64)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return (outline - middle) @ rotation + middle


def smoothed(outline: Outline, rounds: int = 3) -> Outline:
    """Return the outline with its corners cut again and again (Chaikin 1974)."""
    for _ in range(rounds):
        ahead = np.roll(outline, -1, axis=0)
        outline = np.stack([0.75 * outline + 0.25 * ahead, 0.25 * outline + 0.75 * ahead], axis=1).reshape(-1, 2)
    return outline


def egg(cx: float, cy: float, rx: float, ry: float, *, squareness: float = 2, taper: float = 0) -> Outline:
    """Return a superellipse (squareness 2 is an ellipse) that gets narrower downwards by `taper` of its width."""
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    across = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** (2 / squareness)
    down = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** (2 / squareness)
    return np.stack([cx + rx * across * (1 - taper * (down + 1) / 2), cy + ry * down], axis=1)


def regular(cx: float, cy: float, radius: float, corners: int, turn_deg: float = 0) -> Outline:
    """Return a regular polygon with one corner up."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False) + np.radians(turn_deg)
    return np.stack([cx + radius * np.sin(angle), cy - radius * np.cos(angle)], axis=1)


def star(cx: float, cy: float, radius: float, tips: int = 5, depth: float = 0.4, turn_deg: float = 0) -> Outline:
    """Return a star whose inner corners lie at `depth` of the radius."""
    outline = regular(cx, cy, radius, 2 * tips, turn_deg)
    outline[1::2] = (outline[1::2] - (cx, cy)) * depth + (cx, cy)
    return outline


def heart(cx: float, cy: float, radius: float) -> Outline:
    """Return a heart."""
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    across = 16 * np.sin(angle) ** 3
    up = 13 * np.cos(angle) - 5 * np.cos(2 * angle) - 2 * np.cos(3 * angle) - np.cos(4 * angle)
    return np.stack([cx + radius * across / 16, cy - radius * up / 16], axis=1)


def gear(cx: float, cy: float, radius: float, teeth: int) -> Outline:
    """Return a cogwheel with square teeth."""
    outline = regular(cx, cy, radius, 4 * teeth, 45 / teeth)
    inner = np.repeat(np.arange(2 * teeth) % 2 == 1, 2)
    outline[inner] = (outline[inner] - (cx, cy)) * 0.76 + (cx, cy)
    return outline


def blob(rng: np.random.Generator, cx: float, cy: float, radius: float, wildness: float = 0.35) -> Outline:
    """Return a smooth shapeless patch; wildness 0 is nearly a disc."""
    corners = regular(cx, cy, radius, int(rng.integers(5, 11)), rng.uniform(0, 90))
    reach = rng.uniform(1 - wildness, 1 + wildness, (len(corners), 1))
    return smoothed((corners - (cx, cy)) * reach + (cx, cy))


def leaf(cx: float, cy: float, radius: float, turn_deg: float) -> Outline:
    """Return a pointed leaf."""
    along = np.linspace(-1, 1, 24)
    side = 0.45 * (1 - along**2)
    edge = np.concatenate([np.stack([side, along], axis=1), np.stack([-side, along], axis=1)[::-1]])
    return turned(edge * radius + (cx, cy), turn_deg, (cx, cy))


def shield(cx: float, cy: float, radius: float) -> Outline:
    """Return a heraldic shield."""
    down = np.linspace(0, 1, 16)
    side = np.sqrt(1 - down**2) * 0.85
    right = np.stack([side, down], axis=1)
    left = np.stack([-side, down], axis=1)[::-1]
    return np.concatenate([points((-0.85, -0.9), (0.85, -0.9)), right, left]) * radius + (cx, cy)
