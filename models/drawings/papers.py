"""Papers laid on the scanner instead of a photo: letters, forms, receipts, tables and handwriting."""

import numpy as np
from PIL import Image

from models.drawings.canvas import FACES, Canvas
from models.drawings.colours import (
    BLACK,
    WHITE,
    Colour,
    any_colour,
    grey,
    mixed,
    pale,
    pick,
    strong,
)
from models.drawings.glyphs import GLYPHS
from models.drawings.lettering import invented_sign
from models.drawings.marks import word
from models.drawings.outlines import Area, points
from models.drawings.stamp import Stamp

FIELDS = (
    "Name", "Surname", "Given names", "Date of birth", "Address", "Nationality", "Sex", "Place of birth", "No.",
    "Valid until", "Signature", "Email", "Phone", "ID", "Issued",
)  # fmt: skip
TITLES = (
    "Application form", "Invoice", "RECEIPT", "To whom it may concern", "CERTIFICATE", "Curriculum vitae",
    "Dear Sir", "Order", "NOTICE", "Annex A", "Contract", "Minutes", "Report",
)  # fmt: skip


def text_page(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a page of writing: letter, form, receipt, table, columns or handwriting."""
    paper = pick(rng, (WHITE, WHITE, (250, 247, 238), (244, 236, 216), grey(rng, 225, 255)))
    canvas.fill(paper)
    ink = pick(rng, (BLACK, BLACK, (40, 40, 48), grey(rng, 0, 90), (20, 30, 110)))
    draw = pick(rng, (_letter, _letter, _form, _receipt, _table, _columns, _handwriting, _signs))
    draw(canvas, rng, ink)
    if rng.random() < 0.2:
        pick(rng, GLYPHS)(Stamp(canvas, (0.82, canvas.height * 0.85), 0.1, mixed(strong(rng), paper, 0.3), paper))
    if rng.random() < 0.35:
        _lay_on_a_desk(canvas, rng)


def _words(rng: np.random.Generator, letters: int) -> str:
    line = ""
    while len(line) < letters:
        line += word(rng) + " "
    return line[:letters]


def _paragraph(canvas: Canvas, rng: np.random.Generator, area: Area, size: float, ink: Colour) -> None:
    left, top, right, bottom = area
    letters = max(3, int((right - left) / (size * 0.5)))
    while top < bottom - size:
        short = rng.random() < 0.2
        canvas.line_of_text(
            _words(rng, int(letters * rng.uniform(0.3, 0.8)) if short else letters), left, top, size, ink
        )
        top += size * (2.1 if short else 1.3)


def _letter(canvas: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    margin, size = rng.uniform(0.06, 0.13), rng.uniform(0.022, 0.05)
    if rng.random() < 0.5:
        pick(rng, GLYPHS)(Stamp(canvas, (margin + 0.05, margin + 0.05), 0.05, strong(rng), canvas.ground))
        canvas.line_of_text(word(rng).title(), margin + 0.14, margin, size * 1.6, ink)
    canvas.line_of_text(pick(rng, TITLES), margin, margin + 0.14, size * rng.uniform(1.2, 2), ink, rng.uniform(0, 1))
    _paragraph(canvas, rng, (margin, margin + 0.24, 1 - margin, canvas.height - margin * 1.5), size, ink)


def _form(canvas: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    tint = pick(rng, (mixed(ink, WHITE, 0.7), pale(rng)))
    canvas.text(pick(rng, TITLES), 0.5, 0.09, 0.8, 0.07, ink, pick(rng, FACES))
    top, step = 0.18, rng.uniform(0.07, 0.12)
    while top < canvas.height - step:
        canvas.line_of_text(pick(rng, FIELDS), 0.07, top, step * 0.4, ink)
        if rng.random() < 0.6:
            canvas.box(0.35, top - step * 0.15, 0.93, top + step * 0.6, None, edge=tint, line=0.004)
        else:
            canvas.path(points((0.35, top + step * 0.5), (0.93, top + step * 0.5)), ink, 0.003)
        if rng.random() < 0.5:
            canvas.line_of_text(_words(rng, int(rng.integers(4, 18))), 0.37, top, step * 0.4, (20, 30, 120))
        top += step
    if rng.random() < 0.4:
        canvas.box(0.72, 0.03, 0.95, 0.32, WHITE, edge=ink, line=0.004)
        canvas.text("Photo", 0.835, 0.175, 0.15, 0.04, ink)


def _receipt(canvas: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    half, top, size = rng.uniform(0.22, 0.42), 0.1, rng.uniform(0.03, 0.045)
    desk, paper = any_colour(rng), canvas.ground
    canvas.fill(desk)
    canvas.box(0.5 - half, 0.02, 0.5 + half, canvas.height - rng.uniform(0, 0.1), paper)
    canvas.text(word(rng).upper(), 0.5, 0.07, half, 0.06, ink, pick(rng, FACES))
    while top < canvas.height - 0.22:
        top += size * 1.4
        canvas.line_of_text(word(rng, 4)[:14], 0.53 - half, top, size, ink)
        canvas.line_of_text(f"{rng.uniform(0.5, 99):.2f}", 0.5 + half * 0.45, top, size, ink)
    canvas.path(points((0.53 - half, top + 0.06), (0.47 + half, top + 0.06)), ink, 0.004)
    canvas.line_of_text(f"TOTAL {rng.uniform(5, 500):.2f}", 0.53 - half, top + 0.07, size * 1.4, ink, 1)


def _table(canvas: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    rows, columns = int(rng.integers(5, 16)), int(rng.integers(3, 7))
    left, top, wide, tall = 0.05, 0.14, 0.9 / columns, (canvas.height - 0.2) / rows
    head, line = pick(rng, (pale(rng), strong(rng), canvas.ground)), mixed(ink, WHITE, 0.5)
    canvas.text(pick(rng, TITLES), 0.5, 0.07, 0.7, 0.06, ink)
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * wide, top + row * tall
            canvas.box(x, y, x + wide, y + tall, head if row == 0 else None, edge=line, line=0.003)
            words = f"{rng.uniform(0, 999):.1f}" if row and column else word(rng)[:7]
            canvas.line_of_text(words, x + 0.01, y + tall * 0.2, min(0.04, tall * 0.55), ink)


def _columns(canvas: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    canvas.text(_words(rng, 14).upper(), 0.5, 0.08, 0.88, 0.1, ink, pick(rng, ("bold", "narrow", "pixel")))
    many, size = int(rng.integers(2, 4)), rng.uniform(0.018, 0.026)
    for column in range(many):
        left, top = 0.05 + 0.9 * column / many, 0.18
        if rng.random() < 0.4:
            canvas.box(left, top, left + 0.85 / many, top + 0.2, grey(rng, 90, 220))
            top += 0.24
        _paragraph(canvas, rng, (left, top, left + 0.85 / many, canvas.height - 0.05), size, ink)


def _handwriting(canvas: Canvas, rng: np.random.Generator, _ink: Colour) -> None:
    ink, step = pick(rng, ((20, 30, 120), (30, 30, 36), (120, 20, 30))), rng.uniform(0.06, 0.11)
    ruled = rng.random() < 0.6
    for top in np.arange(0.1, canvas.height - 0.05, step):
        if ruled:
            canvas.path(points((0, top), (1, top)), (170, 195, 225), 0.003)
        along = np.arange(0.07, rng.uniform(0.4, 0.95), 0.006)
        swing = np.sin(np.cumsum(rng.uniform(0.3, 1.4, len(along)))) * rng.uniform(0.1, 0.6, len(along))
        stroke = np.stack([along + 0.004 * np.cos(along * 900), top - step * 0.25 + swing * step * 0.4], axis=1)
        for gap in np.split(stroke, np.sort(rng.integers(8, len(along), 6))):
            if len(gap) > 3:
                canvas.path(gap[:-2], ink, 0.005)


def _signs(canvas: Canvas, rng: np.random.Generator, ink: Colour) -> None:
    size = rng.uniform(0.07, 0.13)
    for top in np.arange(0.08, canvas.height - size, size * 1.5):
        for left in np.arange(0.07, 0.93 - size, size * 1.08):
            if rng.random() < 0.92:
                invented_sign(canvas, rng, left, top, size, ink)


def _lay_on_a_desk(canvas: Canvas, rng: np.random.Generator) -> None:
    """Turn the page a little and light it unevenly, as a phone's picture of a page is."""
    desk = any_colour(rng)
    turned = canvas.image.rotate(rng.normal(0, 7), Image.Resampling.BILINEAR, fillcolor=desk)
    canvas.overlay(turned)
    shade = Image.linear_gradient("L").rotate(pick(rng, (0, 90, 180, 270))).resize(canvas.image.size)
    canvas.image.paste(BLACK, mask=shade.point(lambda level: round(level * 0.35)))
