"""Cards and passport pages on which the face is missing."""

import numpy as np
from PIL import Image

from models.drawings.canvas import FACES, Canvas
from models.drawings.colours import BLACK, WHITE, Colour, against, any_colour, dark, grey, mixed, pale, pick, strong
from models.drawings.figures import Head, bust, draw_bust
from models.drawings.glyphs import GLYPHS
from models.drawings.lettering import crossed_camera, picture_sign
from models.drawings.marks import word
from models.drawings.outlines import Area
from models.drawings.papers import FIELDS
from models.drawings.stamp import Stamp

TITLES = (
    "IDENTITY CARD", "STUDENT CARD", "DRIVING LICENCE", "PASSPORT", "MEMBER", "EMPLOYEE", "VOTER CARD", "VISITOR",
)  # fmt: skip
SHAPES = (1.586, 1.586, 1.42, 0.63)  # width by height: ISO/IEC 7810 ID-1 (twice), ID-3, and an upright badge


def id_card(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a card or passport page whose photo frame is empty or holds a silhouette."""
    canvas.fill(any_colour(rng))
    shape = pick(rng, SHAPES)
    wide = min(0.96, canvas.height * 0.96 * shape) * rng.uniform(0.85, 1)
    body = pick(rng, (pale, pale, lambda _: WHITE, any_colour))(rng)
    width_px = round(canvas.image.width * wide / 2)
    card = Canvas(width_px, round(width_px / shape), body)
    _print_card(card, rng, dark(rng) if sum(body) > 400 else WHITE)
    _lay(canvas, card, rng.normal(0, 6) if rng.random() < 0.4 else 0)


def _lay(canvas: Canvas, card: Canvas, angle_deg: float) -> None:
    whole = Image.new("L", card.image.size, 255).rotate(angle_deg, Image.Resampling.BILINEAR, expand=True)
    turned = card.image.rotate(angle_deg, Image.Resampling.BILINEAR, expand=True)
    corner = (canvas.image.width - turned.width) // 2, (canvas.image.height - turned.height) // 2
    canvas.image.paste(turned, corner, whole)


def _print_card(card: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    body, upright = card.ground, card.height > 1
    if rng.random() < 0.6:
        _guilloche(card, rng, mixed(body, strong(rng), 0.25))
    _header(card, rng, ink)
    photo = (0.28, 0.3, 0.72, 0.85) if upright else (0.04, card.height * 0.28, 0.3, card.height * 0.83)
    _photo_frame(card, rng, photo, body)
    fields = (0.12, 0.92, 0.9, card.height - 0.1) if upright else (0.36, card.height * 0.28, 0.95, card.height * 0.85)
    _fields(card, rng, fields, ink)
    if rng.random() < 0.4:
        _machine_readable_zone(card, rng)


def _guilloche(card: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    along = np.linspace(0.02, 0.98, 50)
    turns, swing = rng.uniform(5, 25), rng.uniform(0.02, 0.08)
    for row in np.arange(swing, card.height - swing, rng.uniform(0.03, 0.07)):
        card.path(np.stack([along, row + swing * np.sin(along * turns)], axis=1), ink, 0.003)


def _header(card: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    ground = card.ground
    if rng.random() < 0.6:
        ground = strong(rng)
        card.box(0, 0, 1, 0.15, ground)
        ink = against(rng, ground)
    pick(rng, GLYPHS)(Stamp(card, (0.09, 0.075), 0.05, ink, ground))
    card.text(pick(rng, (*TITLES, word(rng).upper())), 0.56, 0.075, 0.74, 0.07, ink, pick(rng, FACES))


def _photo_frame(card: Canvas, rng: np.random.Generator, frame: Area, body: Colour) -> None:
    left, top, right, bottom = frame
    inside, ink = pick(rng, (WHITE, grey(rng, 170, 240), mixed(body, BLACK, 0.1))), grey(rng, 60, 160)
    photo = Canvas(
        max(8, round(card.scale * (right - left) / 2)), max(8, round(card.scale * (bottom - top) / 2)), inside
    )
    style = rng.random()
    if style < 0.45:
        draw_bust(photo, bust(rng, Head(0.5, photo.height * 0.4, 0.2, 0.25), photo.height), ink)
    elif style < 0.65:
        photo.text("PHOTO", 0.5, photo.height / 2, 0.8, 0.2, ink)
    elif style < 0.85:
        pick(rng, (crossed_camera, picture_sign))(photo, rng, (0.5, photo.height / 2), 0.3, ink)
    card.image.paste(photo.image, (round(left * card.scale), round(top * card.scale)))
    card.box(left, top, right, bottom, None, edge=ink, line=0.006)


def _fields(card: Canvas, rng: np.random.Generator, area: Area, ink: Colour) -> None:
    left, top, right, bottom = area
    step, faint = rng.uniform(0.075, 0.12), mixed(ink, WHITE if sum(ink) < 300 else BLACK, 0.4)
    for line in np.arange(top, bottom - step * 0.6, step):
        card.line_of_text(pick(rng, FIELDS), left, line, step * 0.3, faint)
        card.line_of_text(word(rng, 4).upper()[:16], left, line + step * 0.33, step * 0.5, ink, 0.5)
    if rng.random() < 0.3:  # the chip
        card.box(right - 0.12, top, right, top + 0.09, (212, 175, 90), edge=(140, 110, 50), line=0.004, corner=0.015)


def _machine_readable_zone(card: Canvas, rng: np.random.Generator) -> None:
    card.box(0, card.height - 0.1, 1, card.height, WHITE)
    for row in (0, 1):
        line = (word(rng, 4) + "<" + word(rng, 4) + "<" * 40)[:36].upper()
        card.text(line, 0.5, card.height - 0.07 + row * 0.045, 0.94, 0.034, (40, 40, 44))
