"""Machine codes and generated avatars: squares, stripes, blobs and rectangles that stand for somebody."""

import numpy as np
from PIL import Image

from models.drawings.canvas import FACES, Canvas, disc_outline, rectangle
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
from models.drawings.marks import word
from models.drawings.outlines import Point, blob, points, regular


def qr_code(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw something that looks like a QR code, a data matrix or a barcode; it holds no message."""
    canvas.fill(pick(rng, (WHITE, WHITE, pale(rng), any_colour(rng))))
    ink = pick(rng, (BLACK, BLACK, BLACK, dark(rng), strong(rng)))
    style = rng.random()
    half, middle = rng.uniform(0.22, 0.46), canvas.height / 2
    canvas.box(0.5 - half * 1.08, middle - half * 1.08, 0.5 + half * 1.08, middle + half * 1.08, WHITE)
    if style < 0.15:
        return _barcode(canvas, rng, half, ink)
    modules = _data_matrix(rng) if style < 0.25 else _qr_modules(rng)
    _squares(canvas, modules, (0.5 - half, middle - half), 2 * half, ink, WHITE)
    if style > 0.85:
        canvas.box(0.42, middle - 0.08, 0.58, middle + 0.08, WHITE, corner=0.02)
        canvas.disc(0.5, middle, 0.055, strong(rng))
    if rng.random() < 0.3:
        canvas.text(
            pick(rng, ("SCAN ME", "Scan to pay", word(rng))),
            0.5,
            middle + half * 1.08 + 0.05,
            0.8,
            0.06,
            ink,
            pick(rng, FACES),
        )
    return None


def _qr_modules(rng: np.random.Generator) -> np.ndarray:
    side = 17 + 4 * int(rng.integers(1, 8))
    modules = rng.random((side, side)) < 0.5
    for rows, columns in (((0, 8), (0, 8)), ((0, 8), (side - 8, side)), ((side - 8, side), (0, 8))):
        modules[slice(*rows), slice(*columns)] = False
    finder = np.ones((7, 7), dtype=bool)
    finder[1:6, 1:6] = False
    finder[2:5, 2:5] = True
    modules[:7, :7] = modules[:7, -7:] = modules[-7:, :7] = finder
    return modules


def _data_matrix(rng: np.random.Generator) -> np.ndarray:
    side = 2 * int(rng.integers(6, 14))
    modules = rng.random((side, side)) < 0.5
    modules[:, 0] = modules[-1] = True
    modules[0], modules[:, -1] = np.arange(side) % 2 == 0, np.arange(side) % 2 == 1
    return modules


def _squares(canvas: Canvas, cells: np.ndarray, corner: Point, size: float, ink: Colour, ground: Colour) -> None:
    pixels = np.where(cells[..., None], np.array(ink), np.array(ground))
    side = round(size * canvas.scale)
    height = round(side * cells.shape[0] / cells.shape[1])
    picture = Image.fromarray(pixels.astype(np.uint8)).resize((side, height), Image.Resampling.NEAREST)
    canvas.image.paste(picture, (round(corner[0] * canvas.scale), round(corner[1] * canvas.scale)))


def _barcode(canvas: Canvas, rng: np.random.Generator, half: float, ink: Colour) -> None:
    left, middle, tall = 0.5 - half, canvas.height / 2, half * rng.uniform(0.4, 0.9)
    while left < 0.5 + half - 0.01:
        wide = half / 40 * int(rng.integers(1, 5))
        canvas.box(left, middle - tall, left + wide, middle + tall * 0.8, ink)
        left += wide + half / 40 * int(rng.integers(1, 4))
    canvas.text(" ".join(str(n) for n in rng.integers(0, 10, 12)), 0.5, middle + tall * 0.95, 2 * half, 0.05, ink)


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
    _squares(canvas, cells, (margin, (canvas.height - size) / 2), size, against(rng, canvas.ground), canvas.ground)


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
    shine, line = mixed(metal, WHITE, 0.35), pick(rng, (0, 0.006, 0.012))
    middle, wide, tall = canvas.height * 0.45, rng.uniform(0.2, 0.3), rng.uniform(0.17, 0.28)
    corner = rng.uniform(0, 0.1)
    low = middle + tall
    canvas.box(0.42, low - 0.05, 0.58, low + 0.12, mixed(metal, BLACK, 0.4))
    canvas.box(
        0.5 - wide * 1.2, low + 0.08, 0.5 + wide * 1.2, canvas.height + 0.1, metal, edge=edge, line=line, corner=corner
    )
    canvas.path(points((0.5, middle - tall), (0.5, middle - tall - 0.12)), edge, 0.02)
    canvas.disc(0.5, middle - tall - 0.13, rng.uniform(0.02, 0.05), strong(rng))
    for side in (-1, 1):
        canvas.box(
            0.5 + side * wide,
            middle - 0.06,
            0.5 + side * (wide + 0.06),
            middle + 0.06,
            mixed(metal, BLACK, 0.25),
            corner=0.01,
        )
    canvas.box(0.5 - wide, middle - tall, 0.5 + wide, middle + tall, shine, edge=edge, line=line, corner=corner)
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
    colour, middle, size = strong(rng), canvas.height * 0.54, rng.uniform(0.24, 0.34)
    for side in (-1, 1):
        horn = points(
            (0.5 + side * size * 0.3, middle - size * 0.7),
            (0.5 + side * size * rng.uniform(0.5, 1.1), middle - size * 1.5),
            (0.5 + side * size * 0.8, middle - size * 0.4),
        )
        canvas.shape(horn, mixed(colour, BLACK, 0.35))
    canvas.shape(blob(rng, 0.5, middle, size, rng.uniform(0.05, 0.3)), colour)
    for _ in range(int(rng.integers(0, 8))):
        x, y = rng.normal(0.5, size * 0.4), rng.normal(middle, size * 0.4)
        canvas.disc(x, y, rng.uniform(0.01, 0.04), mixed(colour, BLACK, 0.2))
    head = Head(0.5, middle, size, size)
    many = int(rng.integers(1, 5))
    if many == 2:
        eyes(canvas, rng, head, colour, pick(rng, ("wide", "round", "anime")))
    else:
        for place in range(many):
            x, radius = 0.5 + (place - (many - 1) / 2) * size * 0.5, size * (0.32 if many == 1 else 0.2)
            canvas.disc(x, middle - size * 0.25, radius, WHITE)
            canvas.disc(x + rng.normal(0, radius * 0.2), middle - size * 0.25, radius * 0.5, BLACK)
    mouth(canvas, rng, head, colour)


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
