"""Faceless people: the default avatars of the web."""

import numpy as np

from models.drawings.canvas import FACES, Canvas, disc_outline, rectangle
from models.drawings.colours import WHITE, Colour, against, any_colour, dark, grey, luminance, mixed, pale, pick, strong
from models.drawings.figures import Head, bust, draw_bust
from models.drawings.outlines import Outline, egg, points

BADGES = ("+", "?", "!", "x", "camera", "pencil")
CAPTIONS = (
    "User",
    "Profile",
    "Guest",
    "Member",
    "Anonymous",
    "Upload photo",
    "Your photo",
    "Unknown",
    "Profile picture",
)


def silhouette(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a head and shoulders without a face."""
    ground, ink = _ground_and_ink(rng)
    canvas.fill(ground)
    if rng.random() < 0.15:
        canvas.gradient(ground, mixed(ground, any_colour(rng), 0.5), rng.uniform(0, 360))
    compose = pick(rng, (_filling, _filling, _filling, _in_a_circle, _in_a_circle, _as_an_icon, _group, _in_a_frame))
    compose(canvas, rng, ground, ink)
    if rng.random() < 0.18:
        _badge(canvas, rng)
    if rng.random() < 0.1:
        canvas.text(pick(rng, CAPTIONS), 0.5, canvas.height - 0.07, 0.8, 0.08, against(rng, ink), pick(rng, FACES))


def _ground_and_ink(rng: np.random.Generator) -> tuple[Colour, Colour]:
    if rng.random() < 0.55:  # the usual greys
        first, second = grey(rng, 190, 255), grey(rng, 90, 200)
        if abs(first[2] - second[2]) < 25:
            second = grey(rng, 60, 140)
    else:
        first = pick(rng, (any_colour, pale, strong))(rng)
        hue_kin = mixed(first, pick(rng, (WHITE, dark(rng))), rng.uniform(0.4, 0.8))
        second = pick(rng, (hue_kin, against(rng, first)))
        if abs(luminance(second) - luminance(first)) < 12:
            second = against(rng, first)
    return (first, second) if rng.random() < 0.7 else (second, first)


def _head(canvas: Canvas, rng: np.random.Generator, size: float = 1) -> Head:
    rx = rng.uniform(0.15, 0.25) * size
    ry = rx * rng.uniform(1, 1.35)
    return Head(0.5 + rng.uniform(-0.02, 0.02), canvas.height * rng.uniform(0.34, 0.43), rx, ry)


def _filling(canvas: Canvas, rng: np.random.Generator, ground: Colour, ink: Colour) -> None:
    parts = bust(rng, _head(canvas, rng), canvas.height)
    _figure(canvas, rng, parts, ground, ink)
    if rng.random() < 0.25:
        _clothes(canvas, rng, parts, ink)


def _figure(canvas: Canvas, rng: np.random.Generator, parts: list[Outline], ground: Colour, ink: Colour) -> None:
    style = rng.random()
    if style < 0.2:
        draw_bust(canvas, parts, ink, pick(rng, (ground, WHITE, mixed(ground, ink, 0.3))), rng.uniform(0.008, 0.03))
    else:
        draw_bust(canvas, parts, ink)
    if style > 0.8:
        for part in parts:
            canvas.gradient(ink, mixed(ink, ground, 0.6), 0, part)
    elif style > 0.65:
        canvas.shape(parts[1], mixed(ink, ground, rng.uniform(0.2, 0.5)))


def _clothes(canvas: Canvas, rng: np.random.Generator, parts: list[Outline], ink: Colour) -> None:
    chin = float(parts[1][:, 1].max())
    cloth = mixed(ink, pick(rng, (WHITE, dark(rng))), rng.uniform(0.25, 0.6))
    half, low = rng.uniform(0.05, 0.1), min(canvas.height, chin + rng.uniform(0.2, 0.4))
    canvas.shape(points((0.5 - half, chin), (0.5 + half, chin), (0.5, low)), cloth)
    if rng.random() < 0.5:
        tie = points(
            (0.48, chin + 0.03),
            (0.52, chin + 0.03),
            (0.51, chin + 0.07),
            (0.535, low),
            (0.465, low),
            (0.49, chin + 0.07),
        )
        canvas.shape(tie, mixed(ink, cloth, 0.2))


def _in_a_circle(canvas: Canvas, rng: np.random.Generator, ground: Colour, ink: Colour) -> None:
    middle, radius = canvas.height / 2, rng.uniform(0.38, 0.5)
    head = Head(
        0.5, middle - radius * rng.uniform(0.15, 0.3), radius * rng.uniform(0.33, 0.45), radius * rng.uniform(0.4, 0.5)
    )
    _figure(canvas, rng, bust(rng, head, middle + radius), ground, ink)
    outside = pick(rng, (WHITE, WHITE, grey(rng), any_colour(rng)))
    canvas.keep(disc_outline(0.5, middle, radius), outside)
    if rng.random() < 0.4:
        canvas.disc(0.5, middle, radius + 0.01, None, edge=against(rng, outside), line=rng.uniform(0.01, 0.04))


def _as_an_icon(canvas: Canvas, rng: np.random.Generator, ground: Colour, ink: Colour) -> None:
    size = rng.uniform(0.35, 0.9)
    radius, middle = 0.25 * size, canvas.height / 2
    low = middle + 0.45 * size
    head = Head(0.5, middle - 0.2 * size, radius, radius)
    body = egg(0.5, low, radius * rng.uniform(1.4, 1.9), low - middle - 0.1 * size, squareness=rng.uniform(2, 4))
    parts = [body, head.outline(2, 0)]
    if rng.random() < 0.35:
        draw_bust(canvas, parts, ink, ground, rng.uniform(0.012, 0.03))
    else:
        draw_bust(canvas, parts, ink)
    canvas.shape(rectangle(0, low, 1, canvas.height + 0.01), ground)


def _group(canvas: Canvas, rng: np.random.Generator, ground: Colour, ink: Colour) -> None:
    many = int(rng.integers(2, 5))
    for place in sorted(range(many), key=lambda p: -abs(p - (many - 1) / 2)):
        across = (place + 0.5) / many
        radius = rng.uniform(0.3, 0.42) / many
        head = Head(across, canvas.height * rng.uniform(0.38, 0.45), radius, radius * rng.uniform(1, 1.3))
        draw_bust(canvas, bust(rng, head, canvas.height * 0.85), mixed(ink, ground, 0.15 * (place % 2)))
    canvas.shape(rectangle(0, canvas.height * 0.85, 1, canvas.height + 0.01), ground)


def _in_a_frame(canvas: Canvas, rng: np.random.Generator, ground: Colour, ink: Colour) -> None:
    _filling(canvas, rng, ground, ink)
    line = rng.uniform(0.01, 0.06)
    corner = pick(rng, (0, 0, 0.05, 0.15))
    canvas.box(0, 0, 1, canvas.height, None, edge=pick(rng, (ink, WHITE, any_colour(rng))), line=line, corner=corner)


def _badge(canvas: Canvas, rng: np.random.Generator) -> None:
    radius, colour = rng.uniform(0.08, 0.14), strong(rng)
    cx, cy = pick(rng, (0.8, 0.8, 0.2)), canvas.height - 0.18
    canvas.disc(cx, cy, radius * 1.2, WHITE)
    canvas.disc(cx, cy, radius, colour)
    sign = pick(rng, BADGES)
    if sign == "camera":
        small = radius * 0.5
        canvas.box(cx - small, cy - small * 0.6, cx + small, cy + small * 0.7, WHITE, corner=small * 0.2)
        canvas.disc(cx, cy + small * 0.05, small * 0.4, colour)
    elif sign == "pencil":
        canvas.path(egg(cx, cy, radius * 0.4, radius * 0.4)[[9, 45]], WHITE, radius * 0.3)
    else:
        canvas.text(sign, cx, cy, radius, radius, WHITE, "bold")
