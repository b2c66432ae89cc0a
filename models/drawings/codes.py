"""Machine codes, as found on boxes, tickets and cards."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.drawings.canvas import FACES, Canvas
from models.drawings.colours import (
    BLACK,
    WHITE,
    Colour,
    any_colour,
    dark,
    pale,
    pick,
    strong,
)
from models.drawings.marks import word
from models.drawings.outlines import Point


def qr_code(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw something that looks like a QR code, a data matrix or a barcode; it holds no message."""
    canvas.fill(pick(rng, (WHITE, WHITE, pale(rng), any_colour(rng))))
    ink = pick(rng, (BLACK, BLACK, BLACK, dark(rng), strong(rng)))
    style = rng.random()
    half, middle = rng.uniform(0.22, 0.46), canvas.height / 2
    quiet = half * 1.08
    canvas.box(0.5 - quiet, middle - quiet, 0.5 + quiet, middle + quiet, WHITE)
    if style < 0.15:
        _barcode(canvas, rng, half, ink)
        return
    modules = _data_matrix(rng) if style < 0.25 else _qr_modules(rng)
    squares(canvas, modules, (0.5 - half, middle - half), 2 * half, ink)
    if style > 0.85:
        canvas.box(0.42, middle - 0.08, 0.58, middle + 0.08, WHITE, corner=0.02)
        canvas.disc(0.5, middle, 0.055, strong(rng))
    if rng.random() < 0.3:
        caption = pick(rng, ("SCAN ME", "Scan to pay", word(rng)))
        canvas.text(caption, 0.5, middle + quiet + 0.05, 0.8, 0.06, ink, pick(rng, FACES))


def _qr_modules(rng: np.random.Generator) -> NDArray[np.bool_]:
    side = 17 + 4 * int(rng.integers(1, 8))
    modules = rng.random((side, side)) < 0.5
    for rows, columns in (((0, 8), (0, 8)), ((0, 8), (side - 8, side)), ((side - 8, side), (0, 8))):
        modules[slice(*rows), slice(*columns)] = False
    finder = np.ones((7, 7), dtype=bool)
    finder[1:6, 1:6] = False
    finder[2:5, 2:5] = True
    modules[:7, :7] = modules[:7, -7:] = modules[-7:, :7] = finder
    return modules


def _data_matrix(rng: np.random.Generator) -> NDArray[np.bool_]:
    side = 2 * int(rng.integers(6, 14))
    modules = rng.random((side, side)) < 0.5
    modules[:, 0] = modules[-1] = True
    modules[0], modules[:, -1] = np.arange(side) % 2 == 0, np.arange(side) % 2 == 1
    return modules


def squares(canvas: Canvas, cells: NDArray[np.bool_], corner: Point, size: float, ink: Colour) -> None:
    """Fill a square with cells of ink or white, from its upper left corner."""
    grid = Image.fromarray(np.where(cells, np.uint8(255), np.uint8(0)))
    side = round(size * canvas.scale)
    mask = grid.resize((side, round(side * cells.shape[0] / cells.shape[1])), Image.Resampling.NEAREST)
    left, top = round(corner[0] * canvas.scale), round(corner[1] * canvas.scale)
    canvas.image.paste(ink, (left, top, left + mask.width, top + mask.height), mask)


def _barcode(canvas: Canvas, rng: np.random.Generator, half: float, ink: Colour) -> None:
    left, middle, tall = 0.5 - half, canvas.height / 2, half * rng.uniform(0.4, 0.9)
    while left < 0.5 + half - 0.01:
        wide = half / 40 * int(rng.integers(1, 5))
        canvas.box(left, middle - tall, left + wide, middle + tall * 0.8, ink)
        left += wide + half / 40 * int(rng.integers(1, 4))
    canvas.text(" ".join(str(n) for n in rng.integers(0, 10, 12)), 0.5, middle + tall * 0.95, 2 * half, 0.05, ink)
