"""Generated avatars: squares, blobs, robots and monsters that stand for somebody."""

import numpy as np
from PIL import Image

from models.drawings.canvas import Canvas, disc_outline, rectangle
from models.drawings.codes import squares
from models.drawings.colours import (
    BLACK,
    WHITE,
    Colour,
    against,
    any_colour,
    dark,
    grey,
    mixed,
    pale,
    pick,
    strong,
)
from models.drawings.features import eyes, mouth
from models.drawings.figures import Head
from models.drawings.outlines import Point, blob, points, regular


def abstract_blobs(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a generated avatar: identicon, pixel face, robot, monster, rings, tiles or a low-poly ground."""
    canvas.fill(pick(rng, (WHITE, pale(rng), grey(rng, 220, 255), any_colour(rng))))
    draw = pick(rng, (
        _identicon, _identicon, _identicon, _robot, _robot, _robot, _monster, _monster, _monster,
        _bauhaus, _marble, _sunset, _tiles, _low_poly, _pixel_face, _quarter_rings,
    ))  # fmt: skip
    draw(canvas, rng)


def _identicon(canvas: Canvas, rng: np.random.Generator) -> None:
    side = pick(rng, (5, 5, 5, 6, 7, 8, 12))
    half = rng.random((side, (side + 1) // 2)) < rng.uniform(0.35, 0.6)
    cells = np.concatenate([half, half[:, ::-1][:, side % 2 :]], axis=1)
    margin = pick(rng, (0, 0.08, 0.14))
    size = 1 - 2 * margin
    squares(canvas, cells, (margin, (canvas.height - size) / 2), size, against(rng, canvas.ground))


def _pixel_face(canvas: Canvas, rng: np.random.Generator) -> None:
    skin, hair, side = any_colour(rng), any_colour(rng), 8
    cells = np.full((side, side, 3), canvas.ground, dtype=np.uint8)
    cells[1:7, 1:7] = skin
    cells[: int(rng.integers(1, 3)) + 1, 1:7] = hair
    if rng.random() < 0.5:
        cells[1:6, [1, 6]] = hair
    cells[3, [2, 5]] = against(rng, skin)
    cells[5, 3 - int(rng.integers(0, 2)) : 5 + int(rng.integers(0, 2))] = dark(rng)
    cells[7, 2:6] = any_colour(rng)
    picture = Image.fromarray(cells).resize((canvas.scale, canvas.scale), Image.Resampling.NEAREST)
    canvas.image.paste(picture, (0, (canvas.image.height - canvas.scale) // 2))


def _robot(canvas: Canvas, rng: np.random.Generator) -> None:
    metal, edge = any_colour(rng), dark(rng)
    line = pick(rng, (0, 0.006, 0.012))
    middle, wide, tall = canvas.height * 0.45, rng.uniform(0.2, 0.3), rng.uniform(0.17, 0.28)
    corner, dim = rng.uniform(0, 0.1), mixed(metal, BLACK, 0.3)
    top, low, breadth = middle - tall, middle + tall, wide * 1.2
    canvas.box(0.42, low - 0.05, 0.58, low + 0.12, dim)
    canvas.box(
        0.5 - breadth, low + 0.08, 0.5 + breadth, canvas.height + 0.1, metal, edge=edge, line=line, corner=corner
    )
    canvas.path(points((0.5, top), (0.5, top - 0.12)), edge, 0.02)
    canvas.disc(0.5, top - 0.13, rng.uniform(0.02, 0.05), strong(rng))
    for side in (-1, 1):
        ear = 0.5 + side * wide
        canvas.box(ear, middle - 0.06, ear + side * 0.06, middle + 0.06, dim, corner=0.01)
    shine = mixed(metal, WHITE, 0.35)
    canvas.box(0.5 - wide, top, 0.5 + wide, low, shine, edge=edge, line=line, corner=corner)
    _robot_face(canvas, rng, (0.5, middle), wide, tall)


def _robot_face(canvas: Canvas, rng: np.random.Generator, centre: Point, wide: float, tall: float) -> None:
    cx, cy = centre
    glow, round_eyes = strong(rng), rng.random() < 0.5
    size = wide * rng.uniform(0.2, 0.32)
    for side in (-1, 1):
        x, y = cx + side * wide * 0.45, cy - tall * 0.25
        if round_eyes:
            canvas.disc(x, y, size, pick(rng, (WHITE, BLACK)))
            canvas.disc(x, y, size * 0.6, glow)
        else:
            canvas.box(x - size, y - size * 0.7, x + size, y + size * 0.7, glow, corner=size * 0.2)
    low, half, many = cy + tall * 0.5, wide * 0.5, int(rng.integers(1, 9))
    canvas.box(cx - half, low - tall * 0.12, cx + half, low + tall * 0.12, dark(rng), corner=0.01)
    for place in range(1, many):
        x = cx - half + 2 * half * place / many
        canvas.box(x - 0.006, low - tall * 0.12, x + 0.006, low + tall * 0.12, glow)


def _monster(canvas: Canvas, rng: np.random.Generator) -> None:
    colour, size = strong(rng), rng.uniform(0.24, 0.34)
    head = Head(0.5, canvas.height * 0.54, size, size)
    for side in (-1, 1):
        horn = head.path((side * 0.3, -0.7), (side * rng.uniform(0.5, 1.1), -1.5), (side * 0.8, -0.4))
        canvas.shape(horn, mixed(colour, BLACK, 0.35))
    canvas.shape(blob(rng, head.cx, head.cy, size, rng.uniform(0.05, 0.3)), colour)
    for _ in range(int(rng.integers(0, 8))):
        x, y = head.at(rng.normal(0, 0.4), rng.normal(0, 0.4))
        canvas.disc(x, y, rng.uniform(0.01, 0.04), mixed(colour, BLACK, 0.2))
    _monster_eyes(canvas, rng, head, colour)
    mouth(canvas, rng, head, colour)


def _monster_eyes(canvas: Canvas, rng: np.random.Generator, head: Head, colour: Colour) -> None:
    many = int(rng.integers(1, 5))
    if many == 2:
        eyes(canvas, rng, head, colour, pick(rng, ("wide", "round", "anime")))
        return
    radius = head.rx * (0.32 if many == 1 else 0.2)
    for place in range(many):
        x, y = head.at((place - (many - 1) / 2) * 0.5, -0.25)
        canvas.disc(x, y, radius, WHITE)
        canvas.disc(x + rng.normal(0, radius * 0.2), y, radius * 0.5, BLACK)


def _bauhaus(canvas: Canvas, rng: np.random.Generator) -> None:
    for _ in range(int(rng.integers(3, 8))):
        x, y, size, colour = rng.random(), rng.random() * canvas.height, rng.uniform(0.08, 0.4), any_colour(rng)
        outline = pick(
            rng,
            (
                disc_outline(x, y, size),
                rectangle(x - size, y - size / 4, x + size, y + size / 4),
                regular(x, y, size, 3, rng.uniform(0, 90)),
            ),
        )
        canvas.shape(outline, colour)


def _marble(canvas: Canvas, rng: np.random.Generator) -> None:
    for _ in range(int(rng.integers(3, 9))):
        x, y = rng.random(), rng.random() * canvas.height
        canvas.tint(blob(rng, x, y, rng.uniform(0.15, 0.5)), any_colour(rng), rng.uniform(0.4, 1))


def _sunset(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.gradient(any_colour(rng), any_colour(rng), 0)
    canvas.disc(rng.uniform(0.3, 0.7), canvas.height * 0.5, rng.uniform(0.1, 0.25), pale(rng))
    canvas.shape(rectangle(0, canvas.height * rng.uniform(0.5, 0.7), 1, canvas.height), any_colour(rng))


def _tiles(canvas: Canvas, rng: np.random.Generator) -> None:
    side, colours = int(rng.integers(3, 10)), np.array([any_colour(rng) for _ in range(4)], dtype=np.uint8)
    cells = colours[rng.integers(0, 4, (side, side))]
    if rng.random() < 0.5:
        cells[:, side // 2 + side % 2 :] = cells[:, : side // 2][:, ::-1]
    canvas.overlay(Image.fromarray(cells).resize(canvas.image.size, Image.Resampling.NEAREST))


def _low_poly(canvas: Canvas, rng: np.random.Generator) -> None:
    side, first, second = int(rng.integers(3, 9)), any_colour(rng), any_colour(rng)
    down, across = np.mgrid[0 : side + 1, 0 : side + 1] / side
    knots = np.stack([across, down * canvas.height], axis=2)
    knots[1:-1, 1:-1] += rng.normal(0, 0.25 / side, (side - 1, side - 1, 2))
    for row in range(side):
        for column in range(side):
            a, b = knots[row, column], knots[row + 1, column + 1]
            for third in (knots[row, column + 1], knots[row + 1, column]):
                shade = mixed(first, second, (row + column) / (2 * side))
                canvas.shape(np.array([a, b, third]), mixed(shade, pick(rng, (WHITE, BLACK)), rng.uniform(0, 0.25)))


def _quarter_rings(canvas: Canvas, rng: np.random.Generator) -> None:
    middle = canvas.height / 2
    for place in range(int(rng.integers(3, 7))):
        radius = 0.5 - 0.08 * place
        for quarter in range(4):
            canvas.wedge(0.5, middle, radius, 90 * quarter, 90 * quarter + 90, any_colour(rng))
