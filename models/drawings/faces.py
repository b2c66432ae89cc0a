"""Cartoon faces: the pictures that fool a face detector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from models.drawings.canvas import disc_outline
from models.drawings.colours import (
    BLACK, HAIR_COLOURS, SKIN_TONES, WHITE, Colour, any_colour, dark, hsv, mixed, pale, pick, strong,
)  # fmt: skip
from models.drawings.features import (
    beard, brows, ears, eyes, glasses, mouth, nose,
)  # fmt: skip
from models.drawings.figures import Head, hair_behind, hair_on_top, neck, shoulders
from models.drawings.outlines import egg, points, smoothed, turned

if TYPE_CHECKING:
    from models.drawings.canvas import Canvas

HAIR_STYLES = ("short", "short", "short", "spikes", "bob", "bob", "long", "long", "afro", "curls", "bun", "scarf", "bald")


def cartoon_face(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a face that nobody has: flat avatar, emoji, big-eyed character, animal or line drawing."""
    ground = pick(rng, (pale, pale, strong, any_colour, lambda _: WHITE))(rng)
    canvas.fill(ground)
    if rng.random() < 0.2:
        canvas.gradient(ground, mixed(ground, any_colour(rng), 0.6), rng.uniform(0, 360))
    make = pick(rng, (_person, _person, _person, _person, _big_eyed, _big_eyed, _emoji, _emoji, _animal, _doodle))
    make(canvas, rng)
    if rng.random() < 0.2:
        canvas.keep(disc_outline(0.5, canvas.height / 2, rng.uniform(0.44, 0.5)), pick(rng, (WHITE, WHITE, BLACK, pale(rng))))
    if rng.random() < 0.25:
        _soft_light(canvas, rng)


def _skin(rng: np.random.Generator) -> Colour:
    if rng.random() < 0.08:
        return hsv(rng.random(), rng.uniform(0.2, 0.6), rng.uniform(0.6, 1))  # blue and green people of avatar sets
    return mixed(pick(rng, SKIN_TONES), pick(rng, SKIN_TONES), rng.uniform(0, 0.3))


def _head(canvas: Canvas, rng: np.random.Generator, size: float = 1) -> Head:
    rx = rng.uniform(0.15, 0.24) * size
    return Head(0.5 + rng.normal(0, 0.015), canvas.height * rng.uniform(0.4, 0.47), rx, rx * rng.uniform(1.05, 1.35))


def _person(canvas: Canvas, rng: np.random.Generator) -> None:
    _whole_person(canvas, rng, _head(canvas, rng), pick(rng, ("dot", "dot", "almond", "round", "closed", "wide")))


def _big_eyed(canvas: Canvas, rng: np.random.Generator) -> None:
    rx = rng.uniform(0.2, 0.28)
    head = Head(0.5, canvas.height * rng.uniform(0.45, 0.52), rx, rx * rng.uniform(0.95, 1.15))
    _whole_person(canvas, rng, head, "anime")


def _whole_person(canvas: Canvas, rng: np.random.Generator, head: Head, eye_style: str) -> None:
    skin, hair, style = _skin(rng), pick(rng, HAIR_COLOURS), pick(rng, HAIR_STYLES)
    if style == "scarf":
        hair = any_colour(rng)
    line = rng.uniform(0.004, 0.012) if rng.random() < 0.35 else 0
    edge = pick(rng, (BLACK, dark(rng), mixed(skin, BLACK, 0.6)))
    if (behind := hair_behind(rng, head, style)) is not None:
        canvas.shape(behind, mixed(hair, BLACK, rng.uniform(0, 0.3)), edge, line)
    _body(canvas, rng, head, skin, edge, line)
    if style != "scarf" and rng.random() < 0.85:
        ears(canvas, rng, head, skin, edge, line)
    face = head.outline(rng.uniform(2, 3), rng.uniform(0, 0.35) if eye_style != "anime" else rng.uniform(0.2, 0.6))
    canvas.shape(face, skin, edge, line)
    if rng.random() < 0.35:
        _half_shade(canvas, rng, head, face, skin)
    _features(canvas, rng, head, skin, hair, eye_style)
    if (top := hair_on_top(rng, head, style)) is not None:
        canvas.shape(top, hair, edge, line)
        if rng.random() < 0.3:
            canvas.tint(turned(egg(*head.at(-0.4, -0.95), head.rx * 0.3, head.ry * 0.08), 20, head.at(0, 0)), WHITE, 0.35)
    if rng.random() < 0.14:
        _hat(canvas, rng, head)


def _body(canvas: Canvas, rng: np.random.Generator, head: Head, skin: Colour, edge: Colour, line: float) -> None:
    cloth = pick(rng, (strong, any_colour, dark))(rng)
    if rng.random() < 0.5:
        canvas.shape(shoulders(rng, head, canvas.height), cloth, edge, line)
        canvas.shape(neck(rng, head), mixed(skin, BLACK, 0.12), edge, line)
    else:
        canvas.shape(neck(rng, head), mixed(skin, BLACK, 0.12), edge, line)
        canvas.shape(egg(head.cx, canvas.height + 0.1, head.rx * 2.1, canvas.height + 0.1 - head.cy - 1.2 * head.ry, squareness=2.6), cloth, edge, line)
    style = rng.random()
    if style < 0.35:  # open collar
        canvas.shape(head.path((-0.5, 1.35), (0.5, 1.35), (0, 1.95)), pick(rng, (WHITE, mixed(skin, BLACK, 0.12))), edge, line)
    elif style < 0.5:
        canvas.arc(*head.at(0, 1.2), head.rx * 0.6, head.ry * 0.35, 10, 170, mixed(cloth, BLACK, 0.35), 0.02)
    if style > 0.8:
        canvas.shape(head.path((-0.12, 1.5), (0.12, 1.5), (0.2, 3), (0, 3.4), (-0.2, 3)), any_colour(rng), edge, line)


def _features(canvas: Canvas, rng: np.random.Generator, head: Head, skin: Colour, hair: Colour, eye_style: str) -> None:
    if rng.random() < 0.3:
        for side in (-1, 1):
            canvas.tint(egg(*head.at(side * 0.58, 0.35), head.rx * 0.22, head.ry * 0.13), (255, 90, 90), rng.uniform(0.2, 0.5))
    if rng.random() < 0.2 and eye_style != "anime":
        beard(canvas, rng, head, hair)
    eyes(canvas, rng, head, skin, eye_style)
    if rng.random() < 0.85:
        brows(canvas, rng, head, hair)
    if rng.random() < 0.85:
        nose(canvas, rng, head, skin)
    if rng.random() < 0.92:
        mouth(canvas, rng, head, skin)
    if rng.random() < 0.22:
        glasses(canvas, rng, head)


def _half_shade(canvas: Canvas, rng: np.random.Generator, head: Head, face: np.ndarray, skin: Colour) -> None:
    side = pick(rng, (-1, 1))
    half = face.copy()
    half[:, 0] = np.maximum(face[:, 0], head.cx) if side > 0 else np.minimum(face[:, 0], head.cx)
    canvas.shape(half, mixed(skin, BLACK, rng.uniform(0.05, 0.16)))


def _hat(canvas: Canvas, rng: np.random.Generator, head: Head) -> None:
    colour, edge = any_colour(rng), dark(rng)
    style = pick(rng, ("cap", "beanie", "hard", "crown"))
    if style == "crown":
        tips = ((-0.9, -0.7), (-1, -1.6), (-0.5, -1.1), (0, -1.8), (0.5, -1.1), (1, -1.6), (0.9, -0.7))
        canvas.shape(head.path(*tips), (250, 200, 40), edge, 0.006)
        return
    dome = head.path((-1.15, -0.5), (-1.15, -1.2), (-0.5, -1.7), (0.5, -1.7), (1.15, -1.2), (1.15, -0.5))
    canvas.shape(smoothed(dome, 3), colour, edge, 0.005)
    brim = {"cap": (-0.2, 1.8), "beanie": (-1.2, 1.2), "hard": (-1.5, 1.5)}[style]
    corner = head.at(brim[0], -0.75), head.at(brim[1], -0.5)
    canvas.box(*corner[0], *corner[1], mixed(colour, BLACK, 0.3), corner=0.02)


def _emoji(canvas: Canvas, rng: np.random.Generator) -> None:
    radius = rng.uniform(0.3, 0.47)
    head = Head(0.5, canvas.height / 2, radius, radius)
    skin = pick(rng, ((255, 204, 51), (255, 217, 92), (252, 190, 30), (120, 200, 90), (235, 80, 80), any_colour(rng)))
    edge = mixed(skin, pick(rng, (BLACK, (200, 100, 0))), rng.uniform(0.3, 0.9))
    squareness = pick(rng, (2, 2, 2, 2, 4, 6))
    face = head.outline(squareness, 0)
    canvas.shape(face, skin, edge, pick(rng, (0, 0, 0.012, 0.025)))
    if rng.random() < 0.4:
        canvas.gradient(mixed(skin, WHITE, 0.35), mixed(skin, edge, 0.5), 0, face)
    eyes(canvas, rng, head, skin, pick(rng, ("dot", "dot", "tall", "tall", "closed", "wide", "hearts", "crosses", "wink")))
    mouth(canvas, rng, head, skin)
    if rng.random() < 0.3:
        brows(canvas, rng, head, edge)
    if rng.random() < 0.15:
        glasses(canvas, rng, head)
    if rng.random() < 0.2:
        canvas.shape(points(head.at(0.5, 0.1), head.at(0.62, 0.45), head.at(0.38, 0.45)), (90, 170, 250))


def _animal(canvas: Canvas, rng: np.random.Generator) -> None:
    radius = rng.uniform(0.26, 0.38)
    head = Head(0.5, canvas.height * 0.53, radius, radius * rng.uniform(0.85, 1.05))
    fur = pick(rng, (*HAIR_COLOURS[3:10], (240, 240, 240), (60, 60, 66), any_colour(rng)))
    edge, line, inner = dark(rng), pick(rng, (0, 0.008, 0.014)), mixed(fur, (250, 170, 170), 0.5)
    pointed = rng.random() < 0.5
    for side in (-1, 1):
        if pointed:
            canvas.shape(head.path((side * 0.9, -0.2), (side * 0.95, -1.4), (side * 0.2, -0.85)), fur, edge, line)
            canvas.shape(head.path((side * 0.8, -0.5), (side * 0.85, -1.15), (side * 0.4, -0.85)), inner)
        else:
            canvas.disc(*head.at(side * 0.75, -0.8), radius * 0.4, fur, edge=edge if line else None, line=line)
            canvas.disc(*head.at(side * 0.75, -0.8), radius * 0.22, inner)
    canvas.shape(head.outline(rng.uniform(2, 2.8), 0), fur, edge, line)
    if rng.random() < 0.6:
        canvas.shape(egg(*head.at(0, 0.45), radius * 0.5, radius * 0.42), mixed(fur, WHITE, 0.7))
    eyes(canvas, rng, head, fur, pick(rng, ("dot", "round", "anime", "tall")))
    canvas.shape(smoothed(head.path((-0.18, 0.2), (0.18, 0.2), (0, 0.42)), 2), pick(rng, (BLACK, (230, 120, 130))))
    for side in (-1, 1):
        canvas.arc(*head.at(side * 0.16, 0.42), radius * 0.16, radius * 0.18, 0, 180, edge, 0.008)
        for whisker in (-0.1, 0.1) if pointed else ():
            canvas.path(head.path((side * 0.4, 0.4 + whisker), (side * 1.15, 0.38 + 2 * whisker)), edge, 0.005)


def _doodle(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.fill(pick(rng, (WHITE, WHITE, (250, 246, 235), pale(rng))))
    ink, line = dark(rng), rng.uniform(0.006, 0.018)
    head = _head(canvas, rng, 1.2)
    wobble = rng.normal(0, 0.006, (72, 2))
    canvas.shape(shoulders(rng, head, canvas.height), None, ink, line)
    canvas.shape(smoothed(head.outline(2, rng.uniform(0, 0.3)) + wobble, 1), canvas.ground, ink, line)
    eyes(canvas, rng, head, WHITE, pick(rng, ("dot", "wide", "closed", "round")))
    for draw in (brows, nose, mouth):
        if rng.random() < 0.8:
            draw(canvas, rng, head, ink)
    for _ in range(int(rng.integers(0, 40))):
        start = rng.uniform(-1, 1)
        lift = -np.sqrt(1 - start**2)
        canvas.path(head.path((start, lift * 0.9), (start * 1.25 + rng.normal(0, 0.1), lift * 1.25)), ink, line * 0.7)


def _soft_light(canvas: Canvas, rng: np.random.Generator) -> None:
    """Shade the whole picture from one side, as rendered avatars are."""
    width, height = canvas.image.size
    left, top = (round(rng.uniform(0, 0.4) * side) for side in (width, height))
    ramp = Image.radial_gradient("L").resize((round(width * 1.4), round(height * 1.4)), Image.Resampling.BILINEAR)
    ramp = ramp.crop((left, top, left + width, top + height)).point(lambda level: round(level * 0.45))
    canvas.image.paste(pick(rng, (BLACK, (20, 20, 60))), mask=ramp)
