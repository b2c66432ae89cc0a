"""Screenshots: what is sent when the wrong picture is picked on a phone or a desk."""

import numpy as np

from models.drawings.canvas import Canvas
from models.drawings.colours import (
    BLACK,
    WHITE,
    Colour,
    any_colour,
    dark,
    grey,
    mixed,
    pale,
    pick,
    strong,
)
from models.drawings.glyphs import GLYPHS
from models.drawings.lettering import PHRASES
from models.drawings.marks import word
from models.drawings.outlines import Area, points
from models.drawings.stamp import Stamp

MENU = ("File", "Edit", "View", "Insert", "Tools", "Help")
BUTTONS = ("OK", "Cancel", "Save", "Upload", "Sign in", "Next", "Retry", "Close", "Send", "Choose file")


class Theme:
    """The colours of one interface, light or dark."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Choose them."""
        night = rng.random() < 0.35
        self.page = dark(rng) if night else pick(rng, (WHITE, (245, 246, 248), grey(rng, 225, 250)))
        self.panel = mixed(self.page, WHITE if night else (200, 205, 215), 0.12 if night else 0.3)
        self.ink = (225, 228, 232) if night else (40, 42, 48)
        self.faint = mixed(self.ink, self.page, 0.55)
        self.accent = strong(rng)


def screenshot(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw the picture of a screen: window, list, chat, sign-in, dialog, dashboard, code or home screen."""
    theme = Theme(rng)
    canvas.fill(theme.page)
    draw = pick(
        rng, (_window, _list, _list, _chat, _chat, _sign_in, _dialog, _dashboard, _code, _home_screen, _profile)
    )
    draw(canvas, rng, theme)
    if draw is not _window and rng.random() < 0.5:
        _status_bar(canvas, rng, theme)


def _write(
    canvas: Canvas, rng: np.random.Generator, left: float, top: float, size: float, colour: Colour, letters: int
) -> None:
    line = ""
    while len(line) < letters:
        line += word(rng) + " "
    canvas.line_of_text(line[:letters].capitalize(), left, top, size, colour)


def _status_bar(canvas: Canvas, rng: np.random.Generator, theme: Theme) -> None:
    canvas.box(0, 0, 1, 0.05, theme.page)
    canvas.line_of_text(f"{int(rng.integers(0, 24))}:{int(rng.integers(10, 60))}", 0.04, 0.012, 0.032, theme.ink)
    canvas.box(0.88, 0.015, 0.95, 0.04, None, edge=theme.ink, line=0.004, corner=0.006)
    canvas.box(0.885, 0.02, rng.uniform(0.9, 0.945), 0.035, theme.ink)
    for bar in range(4):
        canvas.box(0.79 + bar * 0.018, 0.037 - bar * 0.006, 0.8 + bar * 0.018, 0.04, theme.ink)


def _button(canvas: Canvas, rng: np.random.Generator, cx: float, cy: float, wide: float, theme: Theme) -> None:
    corner = pick(rng, (0, 0.01, 0.03))
    canvas.box(cx - wide, cy - 0.035, cx + wide, cy + 0.035, theme.accent, corner=corner)
    canvas.text(pick(rng, BUTTONS), cx, cy, wide * 1.6, 0.035, WHITE)


def _window(canvas: Canvas, rng: np.random.Generator, theme: Theme) -> None:
    canvas.gradient(any_colour(rng), any_colour(rng), rng.uniform(0, 360))
    left, top, right, bottom = (
        rng.uniform(0, 0.12),
        rng.uniform(0, 0.12),
        rng.uniform(0.88, 1),
        canvas.height - rng.uniform(0, 0.15),
    )
    canvas.box(left, top, right, bottom, theme.page, edge=theme.faint, line=0.003, corner=pick(rng, (0, 0.02)))
    canvas.box(left, top, right, top + 0.06, theme.panel)
    for place, colour in enumerate(
        ((255, 95, 86), (255, 189, 46), (39, 201, 63)) if rng.random() < 0.5 else (theme.faint,) * 3
    ):
        canvas.disc(left + 0.03 + 0.035 * place, top + 0.03, 0.012, colour)
    for place, entry in enumerate(MENU[: int(rng.integers(2, 7))]):
        canvas.line_of_text(entry, left + 0.03 + 0.12 * place, top + 0.07, 0.03, theme.ink)
    canvas.box(left, top + 0.12, left + 0.2, bottom, theme.panel)
    for y in np.arange(top + 0.15, bottom - 0.05, 0.055):
        _write(canvas, rng, left + 0.02, y, 0.026, theme.faint, 9)
        _write(canvas, rng, left + 0.24, y, 0.026, theme.ink, int((right - left - 0.3) / 0.015 * rng.uniform(0.4, 1)))
    if rng.random() < 0.5:
        _button(canvas, rng, right - 0.15, bottom - 0.07, 0.1, theme)


def _list(canvas: Canvas, rng: np.random.Generator, theme: Theme) -> None:
    canvas.box(0, 0, 1, 0.15, theme.accent)
    canvas.line_of_text(word(rng).title(), 0.06, 0.075, 0.05, WHITE, 0.5)
    step = rng.uniform(0.11, 0.18)
    discs = rng.random() < 0.7
    for top in np.arange(0.17, canvas.height, step):
        cy = top + step / 2
        if discs:
            colour = any_colour(rng)
            canvas.disc(0.1, cy, step * 0.33, colour)
            canvas.text(word(rng)[0].upper(), 0.1, cy, step * 0.3, step * 0.3, WHITE if sum(colour) < 500 else BLACK)
        else:
            pick(rng, GLYPHS)(Stamp(canvas, (0.1, cy), step * 0.25, theme.faint, theme.page))
        _write(canvas, rng, 0.2, top + step * 0.2, step * 0.26, theme.ink, int(rng.integers(6, 18)))
        _write(canvas, rng, 0.2, top + step * 0.55, step * 0.2, theme.faint, int(rng.integers(12, 30)))
        canvas.path(points((0.2, top + step), (1, top + step)), theme.panel, 0.003)


def _chat(canvas: Canvas, rng: np.random.Generator, theme: Theme) -> None:
    canvas.fill(pick(rng, (theme.page, (229, 221, 213), pale(rng))))
    top = 0.16
    while top < canvas.height - 0.12:
        mine, rows = rng.random() < 0.5, int(rng.integers(1, 4))
        wide, tall = rng.uniform(0.3, 0.65), 0.045 * rows + 0.03
        left = 0.96 - wide if mine else 0.04
        bubble = mixed(theme.accent, WHITE, 0.7) if mine else WHITE
        canvas.box(left, top, left + wide, top + tall, bubble, corner=0.025)
        for row in range(rows):
            _write(canvas, rng, left + 0.02, top + 0.015 + 0.045 * row, 0.03, (40, 42, 48), int((wide - 0.06) / 0.017))
        top += tall + 0.03
    canvas.box(0, 0, 1, 0.13, theme.accent)
    canvas.disc(0.1, 0.085, 0.035, WHITE)
    canvas.line_of_text(word(rng).title(), 0.17, 0.065, 0.04, WHITE)
    canvas.box(0.03, canvas.height - 0.09, 0.85, canvas.height - 0.02, WHITE, corner=0.03)


def _sign_in(canvas: Canvas, rng: np.random.Generator, theme: Theme) -> None:
    middle = canvas.height / 2
    canvas.box(0.12, middle - 0.38, 0.88, middle + 0.38, theme.panel, corner=0.03)
    pick(rng, GLYPHS)(Stamp(canvas, (0.5, middle - 0.25), 0.08, theme.accent, theme.panel))
    for place, label in enumerate(("Email", "Password")):
        y = middle - 0.08 + 0.15 * place
        canvas.line_of_text(label, 0.2, y - 0.05, 0.03, theme.ink)
        canvas.box(0.2, y - 0.005, 0.8, y + 0.065, theme.page, edge=theme.faint, line=0.003, corner=0.01)
    _button(canvas, rng, 0.5, middle + 0.26, 0.3, theme)


def _dialog(canvas: Canvas, rng: np.random.Generator, theme: Theme) -> None:
    canvas.fill(mixed(any_colour(rng), BLACK, 0.5))
    middle = canvas.height / 2
    canvas.box(0.1, middle - 0.22, 0.9, middle + 0.22, theme.page, corner=0.02)
    canvas.box(0.1, middle - 0.22, 0.9, middle - 0.14, theme.panel, corner=0.02)
    canvas.line_of_text(
        pick(rng, ("Error", "Warning", "Upload", "Update", "Photo")), 0.13, middle - 0.2, 0.04, theme.ink
    )
    pick(rng, GLYPHS)(Stamp(canvas, (0.2, middle), 0.06, theme.accent, theme.page))
    canvas.line_of_text(pick(rng, PHRASES), 0.32, middle - 0.05, 0.04, theme.ink)
    _write(canvas, rng, 0.32, middle + 0.02, 0.03, theme.faint, 28)
    _button(canvas, rng, 0.75, middle + 0.15, 0.11, theme)


def _dashboard(canvas: Canvas, rng: np.random.Generator, theme: Theme) -> None:
    columns, tall = int(rng.integers(2, 4)), rng.uniform(0.25, 0.4)
    for row, top in enumerate(np.arange(0.08, canvas.height - 0.1, tall + 0.03)):
        for column in range(columns if row % 2 == 0 else 1):
            wide = 0.94 / (columns if row % 2 == 0 else 1)
            left = 0.03 + column * wide
            canvas.box(left, top, left + wide - 0.03, top + tall, theme.panel, corner=0.015)
            _write(canvas, rng, left + 0.02, top + 0.02, 0.028, theme.ink, 10)
            _chart(canvas, rng, (left + 0.03, top + 0.08, left + wide - 0.06, top + tall - 0.03), theme)


def _chart(canvas: Canvas, rng: np.random.Generator, area: Area, theme: Theme) -> None:
    left, top, right, bottom = area
    along, style = np.linspace(left, right, 9), rng.random()
    up = bottom - (bottom - top) * rng.random(9)
    if style < 0.4:
        canvas.path(np.stack([along, up], axis=1), theme.accent, 0.008)
    elif style < 0.75:
        for x, y in zip(along[:-1], up, strict=False):
            canvas.box(x, y, x + (right - left) / 12, bottom, theme.accent)
    else:
        radius, start = min(right - left, bottom - top) / 2, 0.0
        for _ in range(4):
            end = start + rng.uniform(40, 120)
            canvas.wedge((left + right) / 2, (top + bottom) / 2, radius, start, min(end, 360), any_colour(rng))
            start = end


def _code(canvas: Canvas, rng: np.random.Generator, theme: Theme) -> None:
    canvas.fill(pick(rng, ((30, 30, 30), (12, 12, 16), (39, 40, 34), WHITE)))
    colours = [mixed(strong(rng), WHITE if canvas.ground[0] < 100 else BLACK, 0.3) for _ in range(4)]
    size, indent = rng.uniform(0.025, 0.04), 0
    for number, top in enumerate(np.arange(0.06, canvas.height, size * 1.35)):
        canvas.line_of_text(f"{number + 1:>3}", 0.01, top, size, (120, 120, 120))
        indent = int(np.clip(indent + rng.integers(-1, 2), 0, 4))
        left = 0.1 + indent * 0.05
        for _ in range(int(rng.integers(0, 5))):
            token = word(rng) + pick(rng, ("", "()", " =", ":", ".", ";", " {"))
            canvas.line_of_text(token, left, top, size, pick(rng, colours))
            left += size * 0.55 * (len(token) + 1)
    _ = theme


def _home_screen(canvas: Canvas, rng: np.random.Generator, _theme: Theme) -> None:
    canvas.gradient(any_colour(rng), any_colour(rng), rng.uniform(0, 360))
    columns = int(rng.integers(3, 6))
    step = 1 / columns
    for cy in np.arange(0.1 + step / 2, canvas.height - step / 2, step * 1.1):
        for column in range(columns):
            cx, tile = (column + 0.5) * step, any_colour(rng)
            if rng.random() < 0.9:
                half = step * 0.33
                canvas.box(cx - half, cy - half, cx + half, cy + half, tile, corner=half * 0.4)
                pick(rng, GLYPHS)(
                    Stamp(canvas, (cx, cy), half * 0.55, WHITE if sum(tile) < 500 else (50, 50, 60), tile)
                )
                canvas.text(word(rng)[:8], cx, cy + half * 1.3, step * 0.8, 0.025, WHITE)


def _profile(canvas: Canvas, rng: np.random.Generator, theme: Theme) -> None:
    canvas.gradient(theme.accent, any_colour(rng), 90, points((0, 0), (1, 0), (1, 0.35), (0, 0.35)))
    canvas.disc(0.5, 0.35, 0.16, theme.page)
    canvas.disc(0.5, 0.35, 0.145, grey(rng, 150, 220))
    canvas.disc(0.5, 0.31, 0.05, WHITE)
    canvas.wedge(0.5, 0.45, 0.085, 180, 360, WHITE)
    canvas.text(word(rng).title(), 0.5, 0.57, 0.6, 0.06, theme.ink, "bold")
    for top in np.arange(0.65, canvas.height - 0.08, 0.06):
        _write(canvas, rng, 0.15, top, 0.03, theme.faint, int(rng.integers(20, 42)))
