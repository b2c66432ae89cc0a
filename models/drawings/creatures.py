"""Faces that are not even meant as people: emoji, animals and quick line drawings."""

import numpy as np

from models.drawings.canvas import Canvas
from models.drawings.colours import BLACK, HAIR_COLOURS, WHITE, Colour, any_colour, dark, mixed, pale, pick
from models.drawings.features import brows, eyes, glasses, mouth, nose
from models.drawings.figures import Head, shoulders
from models.drawings.outlines import egg, points, smoothed

EMOJI_EYES = (
    "dot", "dot", "tall", "tall", "closed", "wide", "hearts", "crosses", "wink",
)  # fmt: skip


def emoji(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a smiley: round or square, flat or glossy, in any mood."""
    radius = rng.uniform(0.3, 0.47)
    head = Head(0.5, canvas.height / 2, radius, radius)
    skin = pick(rng, ((255, 204, 51), (255, 217, 92), (252, 190, 30), (120, 200, 90), (235, 80, 80), any_colour(rng)))
    edge = mixed(skin, pick(rng, (BLACK, (200, 100, 0))), rng.uniform(0.3, 0.9))
    face = head.outline(pick(rng, (2, 2, 2, 2, 4, 6)), 0)
    canvas.shape(face, skin, edge, pick(rng, (0, 0, 0.012, 0.025)))
    if rng.random() < 0.4:
        canvas.gradient(mixed(skin, WHITE, 0.35), mixed(skin, edge, 0.5), 0, face)
    eyes(canvas, rng, head, skin, pick(rng, EMOJI_EYES))
    mouth(canvas, rng, head, skin)
    if rng.random() < 0.3:
        brows(canvas, rng, head, edge)
    if rng.random() < 0.15:
        glasses(canvas, rng, head)
    if rng.random() < 0.15:
        canvas.shape(points(head.at(0.5, 0.1), head.at(0.62, 0.45), head.at(0.38, 0.45)), (90, 170, 250))


def animal(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw the head of a cat, a fox, a bear or a mouse."""
    radius = rng.uniform(0.26, 0.38)
    head = Head(0.5, canvas.height * 0.53, radius, radius * rng.uniform(0.85, 1.05))
    fur = pick(rng, (*HAIR_COLOURS[3:10], (240, 240, 240), (60, 60, 66), any_colour(rng)))
    edge, line, pointed = dark(rng), pick(rng, (0, 0.008, 0.014)), rng.random() < 0.5
    _animal_ears(canvas, head, (fur, edge, mixed(fur, (250, 170, 170), 0.5)), line, pointed=pointed)
    canvas.shape(head.outline(rng.uniform(2, 2.8), 0), fur, edge, line)
    if rng.random() < 0.6:
        canvas.shape(egg(*head.at(0, 0.45), radius * 0.5, radius * 0.42), mixed(fur, WHITE, 0.7))
    eyes(canvas, rng, head, fur, pick(rng, ("dot", "round", "anime", "tall")))
    _snout(canvas, rng, head, edge, whiskers=pointed)


def _animal_ears(
    canvas: Canvas, head: Head, colours: tuple[Colour, Colour, Colour], line: float, *, pointed: bool
) -> None:
    fur, edge, inner = colours
    for side in (-1, 1):
        if pointed:
            canvas.shape(head.path((side * 0.9, -0.2), (side * 0.95, -1.4), (side * 0.2, -0.85)), fur, edge, line)
            canvas.shape(head.path((side * 0.8, -0.5), (side * 0.85, -1.15), (side * 0.4, -0.85)), inner)
        else:
            canvas.shape(egg(*head.at(side * 0.75, -0.8), head.rx * 0.4, head.rx * 0.4), fur, edge, line)
            canvas.disc(*head.at(side * 0.75, -0.8), head.rx * 0.22, inner)


def _snout(canvas: Canvas, rng: np.random.Generator, head: Head, edge: Colour, *, whiskers: bool) -> None:
    tip = smoothed(head.path((-0.18, 0.2), (0.18, 0.2), (0, 0.42)), 2)
    canvas.shape(tip, pick(rng, (BLACK, (230, 120, 130))))
    for side in (-1, 1):
        canvas.arc(*head.at(side * 0.16, 0.42), head.rx * 0.16, head.rx * 0.18, 0, 180, edge, 0.008)
        for lift in (-0.1, 0.1) if whiskers else ():
            canvas.path(head.path((side * 0.4, 0.4 + lift), (side * 1.15, 0.38 + 2 * lift)), edge, 0.005)


def doodle(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a face in a few shaky lines, as with a pen."""
    canvas.fill(pick(rng, (WHITE, WHITE, (250, 246, 235), pale(rng))))
    ink, line = dark(rng), rng.uniform(0.006, 0.018)
    rx = rng.uniform(0.18, 0.28)
    head = Head(0.5 + rng.normal(0, 0.02), canvas.height * rng.uniform(0.4, 0.47), rx, rx * rng.uniform(1.05, 1.35))
    canvas.shape(shoulders(rng, head, canvas.height), None, ink, line)
    shaky = head.outline(2, rng.uniform(0, 0.3)) + rng.normal(0, 0.006, (72, 2))
    canvas.shape(smoothed(shaky, 1), canvas.ground, ink, line)
    eyes(canvas, rng, head, WHITE, pick(rng, ("dot", "wide", "closed", "round")))
    for draw in (brows, nose, mouth):
        if rng.random() < 0.8:
            draw(canvas, rng, head, ink)
    _stray_hair(canvas, rng, head, ink, line * 0.7)


def _stray_hair(canvas: Canvas, rng: np.random.Generator, head: Head, ink: Colour, line: float) -> None:
    for _ in range(int(rng.integers(0, 40))):
        start = rng.uniform(-1, 1)
        lift = -np.sqrt(1 - start**2)
        canvas.path(head.path((start, lift * 0.9), (start * 1.25 + rng.normal(0, 0.1), lift * 1.25)), ink, line)
