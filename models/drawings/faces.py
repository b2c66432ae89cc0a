"""Cartoon people: the pictures that fool a face detector."""

from dataclasses import dataclass, replace

import numpy as np

from models.drawings.canvas import Canvas, disc_outline
from models.drawings.colours import (
    BLACK,
    HAIR_COLOURS,
    SKIN_TONES,
    WHITE,
    Colour,
    any_colour,
    dark,
    hsv,
    mixed,
    pale,
    pick,
    strong,
)
from models.drawings.creatures import animal, doodle, emoji
from models.drawings.features import beard, brows, ears, eyes, glasses, mouth, nose
from models.drawings.figures import Head, hair_behind, hair_on_top, neck, shoulders
from models.drawings.finishing import finish
from models.drawings.outlines import Outline, egg, smoothed, turned

HAIR_STYLES = (
    "short", "short", "short", "spikes", "bob", "bob", "long", "long", "afro", "curls", "bun", "scarf", "bald",
)  # fmt: skip
EYE_STYLES = (
    "dot", "dot", "almond", "almond", "round", "closed", "wide", "anime", "anime",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What one cartoon person looks like; `line` is the thickness of the outlines, 0 for none."""

    skin: Colour
    hair: Colour
    hair_style: str
    eye_style: str
    edge: Colour
    line: float


def cartoon_face(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a face that nobody has: flat avatar, emoji, big-eyed character, animal or line drawing."""
    ground = pick(rng, (pale, pale, strong, any_colour, lambda _: WHITE))(rng)
    canvas.fill(ground)
    if rng.random() < 0.2:
        canvas.gradient(ground, mixed(ground, any_colour(rng), 0.6), rng.uniform(0, 360))
    draw = pick(rng, (_person, _person, _person, _person, _person, _person, emoji, emoji, animal, doodle))
    draw(canvas, rng)
    if rng.random() < 0.2:
        outside = pick(rng, (WHITE, WHITE, BLACK, pale(rng)))
        canvas.keep(disc_outline(0.5, canvas.height / 2, rng.uniform(0.44, 0.5)), outside)
    if rng.random() < 0.45:
        finish(canvas, rng)


def _person(canvas: Canvas, rng: np.random.Generator) -> None:
    look = _look(rng)
    head = _head(canvas, rng, big=look.eye_style == "anime")
    if (behind := hair_behind(rng, head, look.hair_style)) is not None:
        canvas.shape(behind, mixed(look.hair, BLACK, rng.uniform(0, 0.3)), look.edge, look.line)
    _body(canvas, rng, head, look)
    _face(canvas, rng, head, look)
    if (top := hair_on_top(rng, head, look.hair_style)) is not None:
        canvas.shape(top, look.hair, look.edge, look.line)
        if rng.random() < 0.3:
            gloss = egg(*head.at(-0.4, -0.95), head.rx * 0.3, head.ry * 0.08)
            canvas.tint(turned(gloss, 20, head.at(0, 0)), WHITE, 0.35)
    if rng.random() < 0.14:
        _hat(canvas, rng, head)


def _look(rng: np.random.Generator) -> Look:
    skin, hair, style = _skin(rng), pick(rng, HAIR_COLOURS), pick(rng, HAIR_STYLES)
    return Look(
        skin=skin,
        hair=any_colour(rng) if style == "scarf" else hair,
        hair_style=style,
        eye_style=pick(rng, EYE_STYLES),
        edge=pick(rng, (BLACK, dark(rng), mixed(skin, BLACK, 0.6))),
        line=rng.uniform(0.004, 0.012) if rng.random() < 0.35 else 0,
    )


def _skin(rng: np.random.Generator) -> Colour:
    if rng.random() < 0.08:
        return hsv(rng.random(), rng.uniform(0.2, 0.6), rng.uniform(0.6, 1))  # blue and green people of avatar sets
    return mixed(pick(rng, SKIN_TONES), pick(rng, SKIN_TONES), rng.uniform(0, 0.3))


def _head(canvas: Canvas, rng: np.random.Generator, *, big: bool) -> Head:
    rx = rng.uniform(0.2, 0.28) if big else rng.uniform(0.15, 0.25)
    ry = rx * (rng.uniform(0.95, 1.15) if big else rng.uniform(1.05, 1.35))
    return Head(0.5 + rng.normal(0, 0.015), canvas.height * rng.uniform(0.41, 0.49), rx, ry)


def _body(canvas: Canvas, rng: np.random.Generator, head: Head, look: Look) -> None:
    cloth, shaded = pick(rng, (strong, any_colour, dark))(rng), mixed(look.skin, BLACK, 0.12)
    if rng.random() < 0.5:
        canvas.shape(shoulders(rng, head, canvas.height), cloth, look.edge, look.line)
        canvas.shape(neck(rng, head), shaded, look.edge, look.line)
    else:
        canvas.shape(neck(rng, head), shaded, look.edge, look.line)
        deep = canvas.height + 0.1 - head.cy - 1.2 * head.ry
        torso = egg(head.cx, canvas.height + 0.1, head.rx * 2.1, deep, squareness=2.6)
        canvas.shape(torso, cloth, look.edge, look.line)
    _collar(canvas, rng, head, look, cloth)


def _collar(canvas: Canvas, rng: np.random.Generator, head: Head, look: Look, cloth: Colour) -> None:
    style = rng.random()
    if style < 0.35:
        inside = pick(rng, (WHITE, mixed(look.skin, BLACK, 0.12)))
        canvas.shape(head.path((-0.5, 1.35), (0.5, 1.35), (0, 1.95)), inside, look.edge, look.line)
    elif style < 0.5:
        canvas.arc(*head.at(0, 1.2), head.rx * 0.6, head.ry * 0.35, 10, 170, mixed(cloth, BLACK, 0.35), 0.02)
    elif style > 0.8:
        tie = head.path((-0.12, 1.5), (0.12, 1.5), (0.2, 3), (0, 3.4), (-0.2, 3))
        canvas.shape(tie, any_colour(rng), look.edge, look.line)


def _face(canvas: Canvas, rng: np.random.Generator, head: Head, look: Look) -> None:
    if look.hair_style != "scarf" and rng.random() < 0.85:
        ears(canvas, rng, head, look.skin, look.edge, look.line)
    taper = rng.uniform(0.2, 0.6) if look.eye_style == "anime" else rng.uniform(0, 0.35)
    outline = head.outline(rng.uniform(2, 3), taper)
    canvas.shape(outline, look.skin, look.edge, look.line)
    if rng.random() < 0.35:
        _shade_one_half(canvas, rng, head, outline, look.skin)
    aside = rng.normal(0, 0.12) if rng.random() < 0.4 else 0  # a head turned a little to one side
    _features(canvas, rng, replace(head, cx=head.cx + aside * head.rx, rx=head.rx * (1 - abs(aside))), look)


def _shade_one_half(canvas: Canvas, rng: np.random.Generator, head: Head, outline: Outline, skin: Colour) -> None:
    half, limit = outline.copy(), pick(rng, (np.maximum, np.minimum))
    half[:, 0] = limit(outline[:, 0], head.cx)
    canvas.shape(half, mixed(skin, BLACK, rng.uniform(0.05, 0.16)))


def _features(canvas: Canvas, rng: np.random.Generator, head: Head, look: Look) -> None:
    if rng.random() < 0.3:
        for side in (-1, 1):
            cheek = egg(*head.at(side * 0.58, 0.35), head.rx * 0.22, head.ry * 0.13)
            canvas.tint(cheek, (255, 90, 90), rng.uniform(0.2, 0.5))
    if rng.random() < 0.2 and look.eye_style != "anime":
        beard(canvas, rng, head, look.hair)
    eyes(canvas, rng, head, look.skin, look.eye_style)
    for draw, colour, often in ((brows, look.hair, 0.85), (nose, look.skin, 0.85), (mouth, look.skin, 0.92)):
        if rng.random() < often:
            draw(canvas, rng, head, colour)
    if rng.random() < 0.22:
        glasses(canvas, rng, head)


def _hat(canvas: Canvas, rng: np.random.Generator, head: Head) -> None:
    colour, edge = any_colour(rng), dark(rng)
    style = pick(rng, ("cap", "beanie", "hard", "crown"))
    if style == "crown":
        tips = ((-0.9, -0.7), (-1, -1.6), (-0.5, -1.1), (0, -1.8), (0.5, -1.1), (1, -1.6), (0.9, -0.7))
        canvas.shape(head.path(*tips), (250, 200, 40), edge, 0.006)
        return
    dome = head.path((-1.15, -0.5), (-1.15, -1.2), (-0.5, -1.7), (0.5, -1.7), (1.15, -1.2), (1.15, -0.5))
    canvas.shape(smoothed(dome, 3), colour, edge, 0.005)
    left, right = {"cap": (-0.2, 1.8), "beanie": (-1.2, 1.2), "hard": (-1.5, 1.5)}[style]
    canvas.box(*head.at(left, -0.75), *head.at(right, -0.5), mixed(colour, BLACK, 0.3), corner=0.02)
