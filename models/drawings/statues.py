"""Modelled heads: statues, mannequins, dolls and masks, as a relief under a lamp. The hardest of what is no face."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from models.drawings.canvas import Canvas
from models.drawings.colours import HAIR_COLOURS, SKIN_TONES, Colour, any_colour, grey, mixed, pale, pick
from models.drawings.surfaces import clouds

Plane = NDArray[np.float32]
_SIDE = 200


@dataclass(frozen=True)
class Material:
    """What a head is made of; `painted` ones have eyes, lips and hair in colours of their own."""

    colour: Colour
    gloss: float
    sharpness: float
    grain: float
    painted: bool


@dataclass(frozen=True)
class Features:
    """Where things are on a head, in half widths of the head from its middle."""

    turn: float
    eyes_y: float
    eyes_apart: float
    nose: float
    mouth_y: float
    smile: float


def statue(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a bust, a shop-window head, a doll or a mask."""
    material, has_body = _material(rng), rng.random() < 0.85
    across, down = _grid(canvas, rng)
    features = Features(
        turn=rng.normal(0, 0.16),
        eyes_y=rng.uniform(-0.16, -0.02),
        eyes_apart=rng.uniform(0.34, 0.46),
        nose=rng.uniform(0.14, 0.32),
        mouth_y=rng.uniform(0.46, 0.6),
        smile=rng.uniform(-0.03, 0.1),
    )
    head, hair = _head(across, down, features, rng)
    relief = np.maximum(head, _body(across, down, rng)) if has_body else head
    inside = relief > 0
    colours = _colours(across, down, features, material, hair, rng)
    lit = _lit(colours, relief, material, rng)
    ground = _ground(rng, lit.shape[:2])
    edge = np.asarray(Image.fromarray((inside * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1)))[..., None]
    shown = ground + (lit - ground) * (edge / 255)
    picture = Image.fromarray(np.clip(shown, 0, 255).astype(np.uint8))
    canvas.overlay(_finished(picture, rng).resize(canvas.image.size, Image.Resampling.BICUBIC))


def _material(rng: np.random.Generator) -> Material:
    skin = mixed(pick(rng, SKIN_TONES), pick(rng, SKIN_TONES), rng.uniform(0, 0.4))
    stone, bronze = (
        mixed(grey(rng, 170, 250), (230, 215, 190), rng.uniform(0, 0.6)),
        pick(rng, ((120, 85, 45), (70, 60, 50))),
    )
    wood = pick(rng, ((190, 140, 90), (130, 85, 50)))
    return pick(
        rng,
        (
            Material(stone, rng.uniform(0, 0.2), 12, rng.uniform(0, 0.12), painted=False),
            Material(bronze, rng.uniform(0.4, 0.9), 20, rng.uniform(0, 0.15), painted=False),
            Material(wood, rng.uniform(0, 0.3), 14, rng.uniform(0.05, 0.2), painted=False),
            Material(any_colour(rng), rng.uniform(0.2, 0.9), 40, 0, painted=False),
            Material(skin, rng.uniform(0.2, 0.6), 30, 0.02, painted=True),
            Material(skin, rng.uniform(0, 0.25), 15, 0.03, painted=True),
            Material(skin, rng.uniform(0.2, 0.5), 25, 0.02, painted=False),
        ),
    )


def _grid(canvas: Canvas, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """Coordinates with the head's middle at 0 and its half width 1, tilted a little."""
    width = rng.uniform(2.9, 4.8)
    height = width * canvas.height
    columns, rows = _SIDE, round(_SIDE * canvas.height)
    x, y = np.meshgrid(np.linspace(-width / 2, width / 2, columns), np.linspace(-height * 0.44, height * 0.56, rows))
    tilt = rng.normal(0, 0.08)
    return (x * np.cos(tilt) - y * np.sin(tilt)).astype(np.float32), (x * np.sin(tilt) + y * np.cos(tilt)).astype(
        np.float32
    )


def _bump(x: Plane, y: Plane, at: tuple[float, float], size: tuple[float, float]) -> Plane:
    return np.exp(-(((x - at[0]) / size[0]) ** 2) - ((y - at[1]) / size[1]) ** 2)


def _head(x: Plane, y: Plane, features: Features, rng: np.random.Generator) -> tuple[Plane, Plane]:
    """The head's height above the picture and where its hair is, 0 to 1."""
    jaw = rng.uniform(0.1, 0.35)
    width = 1 - jaw * np.clip((y - 0.1) / 1.1, 0, 1) ** 1.5
    tall = rng.uniform(1.2, 1.4)
    ball = np.sqrt(np.maximum(0, 1 - (x / width) ** 2 - (y / tall) ** 2))
    side = x - features.turn * ball  # the nearer a point, the further a turn moves it
    ears = 0.4 * np.maximum(0, sum(_bump(x, y, (s * 1.0, 0.05), (0.1, 0.24)) for s in (-1, 1)) - 0.35)
    face = np.zeros_like(x)
    for s in (-1, 1):
        eye = (s * features.eyes_apart, features.eyes_y)
        face += -0.14 * _bump(side, y, eye, (0.24, 0.14)) + 0.1 * _bump(side, y, eye, (0.13, 0.085))
        face -= 0.03 * _bump(side, y - 0.02, (eye[0], eye[1] + 0.08), (0.14, 0.02))
        face += 0.07 * _bump(side, y, (eye[0], eye[1] - 0.2), (0.22, 0.06))
        face += 0.08 * _bump(side, y, (s * 0.5, 0.22), (0.22, 0.2)) + 0.06 * _bump(
            side, y, (s * 0.12, 0.3), (0.08, 0.06)
        )
    ridge = np.clip((y - features.eyes_y + 0.1) / 0.5, 0, 1) * (y < 0.34)
    face += features.nose * ridge * np.exp(-((side / (0.07 + 0.06 * ridge)) ** 2))
    lips = features.mouth_y - features.smile * (side / 0.3) ** 2
    face += (
        0.07 * np.exp(-(((y - lips + 0.05) / 0.045) ** 2)) + 0.08 * np.exp(-(((y - lips - 0.06) / 0.055) ** 2))
    ) * np.exp(-((side / 0.3) ** 4))
    face -= 0.07 * np.exp(-(((y - lips) / 0.02) ** 2)) * np.exp(-((side / 0.3) ** 4))
    face += 0.1 * _bump(side, y, (0, 0.95), (0.25, 0.16))
    hair = np.zeros_like(x)
    if rng.random() < 0.6:
        line = rng.uniform(-0.75, -0.5) + rng.uniform(0, 0.5) * (np.abs(x) > rng.uniform(0.6, 0.85))
        hair = np.clip((line - y) / rng.uniform(0.06, 0.25), 0, 1) * (ball > 0)
        face += hair * (
            rng.uniform(0, 0.06) + rng.uniform(0.02, 0.12) * clouds(rng, x.shape, 3, int(rng.integers(6, 20)))
        )
    return np.where(ball > 0, ball * 0.95 + face * np.clip(ball * 3, 0, 1) + 0.3, ears).astype(np.float32), hair


def _body(x: Plane, y: Plane, rng: np.random.Generator) -> Plane:
    neck = np.sqrt(np.maximum(0, 1 - (x / rng.uniform(0.42, 0.6)) ** 2)) * 0.55 * (y > 0.5)
    low = rng.uniform(1.55, 1.8)
    shoulders = np.sqrt(np.maximum(0, 1 - (x / rng.uniform(1.8, 2.4)) ** 2 - ((y - low - 0.9) / 0.95) ** 2)) * 0.8
    below = np.sqrt(np.maximum(0, 1 - (x / 2.2) ** 2)) * 0.8 * (y > low + 0.9)
    return np.maximum(np.maximum(neck, shoulders), below).astype(np.float32)


def _colours(
    x: Plane, y: Plane, features: Features, material: Material, hair: Plane, rng: np.random.Generator
) -> Plane:
    painted = np.tile(np.array(material.colour, np.float32), (*x.shape, 1))
    if material.grain:
        painted *= 1 + material.grain * (clouds(rng, x.shape, 5, 3)[..., None] - 0.5) * 4
    if not material.painted:
        return painted
    side = x - features.turn * 0.9
    iris, big = pick(rng, ((70, 45, 30), (60, 100, 150), (80, 120, 70), (20, 20, 20))), rng.uniform(0.8, 1.8)
    for s in (-1, 1):
        eye = (s * features.eyes_apart, features.eyes_y)
        for colour, size in (((245, 245, 245), (0.15, 0.09)), (iris, (0.075, 0.085)), ((10, 10, 10), (0.035, 0.04))):
            share = np.clip(6 * (_bump(side, y, eye, (size[0] * big, size[1] * big)) - 0.37), 0, 1)[..., None]
            painted += (np.array(colour) - painted) * share
        brow = np.clip(4 * (_bump(side, y, (eye[0], eye[1] - 0.22 * big), (0.2, 0.04)) - 0.4), 0, 1)[..., None]
        painted += (np.array((50, 35, 25)) - painted) * brow * 0.8
    lips = np.clip(4 * (_bump(side, y, (0, features.mouth_y), (0.3, 0.11)) - 0.4), 0, 1)[..., None]
    painted += (
        (np.array(pick(rng, ((190, 60, 70), (170, 90, 90), (210, 110, 110)))) - painted) * lips * rng.uniform(0.3, 0.9)
    )
    return painted + (np.array(pick(rng, HAIR_COLOURS)) - painted) * hair[..., None]


def _lit(colours: Plane, relief: Plane, material: Material, rng: np.random.Generator) -> Plane:
    """Lambert and Blinn-Phong with light from the sky and darkness in the hollows."""
    step = relief.shape[1] / 3.5
    down, across = np.gradient(_softened(relief, 1.2) * step * rng.uniform(0.6, 0.9))
    normal = np.dstack([-across, -down, np.ones_like(relief)])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    lamp = np.array((rng.uniform(-1, 1), rng.uniform(-1, 0.1), rng.uniform(0.5, 1.4)))
    lamp /= np.linalg.norm(lamp)
    halfway = np.add(lamp, (0, 0, 1))
    halfway /= np.linalg.norm(halfway)
    ambient = rng.uniform(0.2, 0.5)
    diffuse = np.clip((normal @ lamp + 0.2) / 1.2, 0, 1)
    hollow = np.clip(1 - 1.6 * np.maximum(0, _softened(relief, 8) - relief), 0.4, 1)
    light = (ambient * (0.7 - 0.3 * normal[..., 1]) + (1.05 - ambient) * diffuse) * hollow
    shine = material.gloss * np.clip(normal @ halfway, 0, 1) ** material.sharpness
    return colours * light[..., None] + 255 * shine[..., None] * 0.6


def _softened(relief: Plane, radius: float) -> Plane:
    size = relief.shape[1], relief.shape[0]
    small = tuple(max(2, round(side / (1.6 * radius))) for side in size)
    coarse = Image.fromarray(relief).resize(small, Image.Resampling.BILINEAR)
    return np.asarray(coarse.resize(size, Image.Resampling.BICUBIC), np.float32)


def _ground(rng: np.random.Generator, size: tuple[int, int]) -> Plane:
    first, second = (np.array(pick(rng, (pale, any_colour, grey))(rng), np.float32) for _ in range(2))
    share = clouds(rng, size, int(rng.integers(1, 6)), 2)[..., None] * rng.uniform(0, 1)
    return first + (second - first) * share


def _finished(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """As it is, or as an oil painting, an airbrush or an old photo would have it."""
    way = rng.random()
    if way < 0.15:
        return picture.filter(ImageFilter.ModeFilter(int(rng.choice((5, 7)))))
    if way < 0.3:
        return picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.8, 2)))
    if way < 0.4:
        return picture.convert("L").convert("RGB")
    return picture
