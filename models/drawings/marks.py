"""Icons and logos."""

import numpy as np

from models.drawings.canvas import FACES, Canvas, disc_outline
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
from models.drawings.glyphs import GLYPHS
from models.drawings.outlines import Outline, Point, blob, egg, leaf, regular, shield, smoothed, star, turned
from models.drawings.stamp import Stamp

SYLLABLES = (
    "ac", "al", "be", "bit", "ca", "cor", "da", "den", "el", "fin", "ga", "go", "hy", "in", "ka", "lo", "lu", "ma",
    "mex", "na", "no", "o", "pix", "qua", "ra", "ri", "sa", "sol", "ta", "tek", "ti", "u", "va", "ver", "vi", "wo",
    "xo", "ya", "zen",
)  # fmt: skip
SUFFIXES = (
    "", "", "", "", " Inc", " Group", " Labs", ".io", " & Co", " Bank", " Media", "Soft", " FC", " University",
    " 24",
)  # fmt: skip


def word(rng: np.random.Generator, longest: int = 3) -> str:
    """Return an invented word of some syllables."""
    return "".join(pick(rng, SYLLABLES) for _ in range(int(rng.integers(1, longest + 1))))


def icon(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw one glyph on its ground, disc or tile."""
    ground = pick(rng, (WHITE, WHITE, pale(rng), strong(rng), grey(rng), dark(rng)))
    canvas.fill(ground)
    middle = 0.5, canvas.height / 2
    radius, tile = rng.uniform(0.14, 0.4), ground
    style = rng.random()
    if style < 0.4:
        radius = min(radius, 0.26)
        tile = _tile(canvas, rng, middle, radius * rng.uniform(1.6, 1.9), ground)
    elif style < 0.48:
        canvas.disc(*middle, min(0.49, radius * 1.6), None, edge=against(rng, ground), line=0.02)
        radius *= 0.8
    ink = against(rng, tile)
    if rng.random() < 0.1:
        _long_shadow(canvas, rng, middle, radius, tile)
    pick(rng, GLYPHS)(Stamp(canvas, middle, radius, ink, tile))
    if style > 0.93:
        canvas.text(word(rng).title(), 0.5, middle[1] + radius * 1.5, 0.8, 0.07, ink, pick(rng, FACES))


def _tile(canvas: Canvas, rng: np.random.Generator, middle: Point, radius: float, ground: Colour) -> Colour:
    tile = against(rng, ground)
    outline = egg(*middle, radius, radius, squareness=pick(rng, (2, 2, 5, 9)))
    canvas.shape(outline, tile)
    if rng.random() < 0.3:
        canvas.gradient(tile, mixed(tile, any_colour(rng), 0.25), rng.uniform(0, 360), outline)
    return tile


def _long_shadow(canvas: Canvas, rng: np.random.Generator, middle: Point, radius: float, tile: Colour) -> None:
    reach = rng.uniform(0.2, 0.5)
    corners = np.array([(-0.7, 0.7), (0.7, -0.7)]) * radius + middle
    shadow = np.concatenate([corners, corners[::-1] + reach])
    canvas.shape(shadow, mixed(tile, BLACK, 0.12))


def logo(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a company's mark with its name, a seal, or the name alone."""
    ground = pick(rng, (WHITE, WHITE, WHITE, pale(rng), strong(rng), dark(rng), BLACK))
    canvas.fill(ground)
    colours = [against(rng, ground) for _ in range(3)]
    style = rng.random()
    if style < 0.15:
        _seal(canvas, rng, colours)
    elif style < 0.3:
        _wordmark(canvas, rng, colours)
    elif style < 0.75:
        size = rng.uniform(0.18, 0.28)
        _mark(canvas, rng, (0.5, canvas.height * 0.42), size, colours)
        name_at = canvas.height * 0.42 + size + rng.uniform(0.07, 0.12)
        _name(canvas, rng, (0.5, name_at), 0.8, pick(rng, colours))
    else:
        _mark(canvas, rng, (0.5, canvas.height / 2), rng.uniform(0.25, 0.42), colours)


def _name(canvas: Canvas, rng: np.random.Generator, centre: Point, width: float, ink: Colour) -> None:
    name = word(rng).title() + pick(rng, SUFFIXES)
    name = pick(rng, (name, name, name.upper(), name.lower()))
    size = rng.uniform(0.07, 0.16)
    canvas.text(name, *centre, width, size, ink, pick(rng, FACES))
    if rng.random() < 0.35:
        slogan = " ".join(word(rng) for _ in range(int(rng.integers(2, 5))))
        canvas.text(slogan, centre[0], centre[1] + size * 0.9, width * 0.8, 0.05, mixed(ink, canvas.ground, 0.4))


def _wordmark(canvas: Canvas, rng: np.random.Generator, colours: list[Colour]) -> None:
    middle = canvas.height / 2
    if rng.random() < 0.4:
        half = rng.uniform(0.12, 0.2)
        canvas.box(
            0.06, middle - half, 0.94, middle + half, None, edge=colours[1], line=0.015, corner=pick(rng, (0, 0.05))
        )
    if rng.random() < 0.4:
        name = word(rng, 2)
        canvas.text(name, 0.3, middle, 0.4, 0.18, colours[0], "bold")
        canvas.text(word(rng, 2), 0.72, middle, 0.4, 0.18, colours[1], "plain")
        return
    _name(canvas, rng, (0.5, middle), 0.8, colours[0])


def _mark(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    draw = pick(
        rng, (_petals, _petals, _nested, _overlapping, _monogram, _monogram, _swooshes, _bars, _glyph, _network, _crest)
    )
    draw(canvas, rng, centre, size, colours)


def _any_outline(rng: np.random.Generator, cx: float, cy: float, radius: float) -> Outline:
    turn, tips = rng.uniform(0, 90), int(rng.integers(3, 13))
    make = pick(rng, (
        lambda: disc_outline(cx, cy, radius), lambda: egg(cx, cy, radius, radius, squareness=6),
        lambda: regular(cx, cy, radius, min(tips, 8), turn), lambda: star(cx, cy, radius, tips, 0.4 + turn / 200),
        lambda: shield(cx, cy, radius), lambda: blob(rng, cx, cy, radius),
    ))  # fmt: skip
    return make()


def _petals(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    many = int(rng.integers(3, 9))
    shape = pick(rng, (leaf, lambda cx, cy, radius, turn: turned(egg(cx, cy, radius * 0.5, radius), turn, (cx, cy))))
    for place in range(many):
        petal = shape(centre[0], centre[1] - size * 0.5, size * 0.5, 0)
        canvas.shape(turned(petal, 360 * place / many, centre), colours[place % int(rng.integers(1, 4))])


def _nested(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    many = int(rng.integers(2, 5))
    outline = _any_outline(rng, *centre, size)
    for place in range(many):
        shrunk = (outline - centre) * (1 - place / many) + centre
        canvas.shape(shrunk, (*colours, canvas.ground)[place % 4] if place else colours[0])
        outline = turned(outline, pick(rng, (0, 0, 15, 30)), centre)


def _overlapping(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    many = int(rng.integers(2, 6))
    for place in range(many):
        cx, cy = regular(*centre, size * 0.45, many)[place]
        canvas.tint(_any_outline(rng, cx, cy, size * 0.55), colours[place % 3], rng.uniform(0.6, 1))


def _monogram(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    tile = colours[0]
    if rng.random() < 0.7:
        canvas.shape(_any_outline(rng, *centre, size), tile)
        colours = [against(rng, tile), *colours[1:]]
    letters = word(rng)[: int(rng.integers(1, 3))].upper()
    canvas.text(letters, *centre, size * 1.2, size, colours[0], pick(rng, FACES))


def _swooshes(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    for place in range(int(rng.integers(2, 6))):
        radius = size * (1 - 0.17 * place)
        start = rng.uniform(0, 360)
        canvas.arc(*centre, radius, radius, start, start + rng.uniform(90, 300), colours[place % 3], size * 0.13)


def _bars(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    many, lean = int(rng.integers(3, 7)), rng.uniform(0, 0.4) * size
    for place in range(many):
        left = centre[0] + size * (2 * place / many - 1)
        top = centre[1] - size * rng.uniform(-0.2, 1)
        bar = np.array(
            [
                (left + lean, top),
                (left + lean + size / many, top),
                (left + size / many, centre[1] + size),
                (left, centre[1] + size),
            ]
        )
        canvas.shape(bar, colours[place % 2])


def _glyph(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    pick(rng, GLYPHS)(Stamp(canvas, centre, size, colours[0], canvas.ground))


def _network(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    knots = np.concatenate([regular(*centre, size * 0.85, int(rng.integers(4, 9)), rng.uniform(0, 90)), [centre]])
    for one, other in rng.integers(0, len(knots), (10, 2)):
        canvas.path(knots[[one, other]], colours[1], size * 0.05)
    for x, y in knots:
        canvas.disc(x, y, size * rng.uniform(0.08, 0.16), colours[0])


def _crest(canvas: Canvas, rng: np.random.Generator, centre: Point, size: float, colours: list[Colour]) -> None:
    outline = shield(*centre, size)
    canvas.shape(outline, colours[0])
    half = outline.copy()
    half[:, 0] = np.maximum(half[:, 0], centre[0])
    canvas.shape(half, colours[1])
    pick(rng, GLYPHS)(Stamp(canvas, centre, size * 0.45, WHITE, colours[0]))
    canvas.shape(outline, None, colours[2], size * 0.07)


def _seal(canvas: Canvas, rng: np.random.Generator, colours: list[Colour]) -> None:
    centre, size = (0.5, canvas.height / 2), rng.uniform(0.36, 0.46)
    edge = (
        star(*centre, size, int(rng.integers(20, 40)), rng.uniform(0.88, 0.97))
        if rng.random() < 0.5
        else disc_outline(*centre, size)
    )
    canvas.shape(edge, colours[0])
    ink = against(rng, colours[0])
    canvas.disc(*centre, size * 0.85, None, edge=ink, line=0.008)
    canvas.disc(*centre, size * 0.56, None, edge=ink, line=0.008)
    motto = (" ".join(word(rng) for _ in range(8)).upper() + " * ")[:28]
    for place, letter in enumerate(motto):
        x, y = regular(*centre, size * 0.7, len(motto))[place]
        if letter != " ":
            canvas.text(letter, x, y, 0.06, size * 0.13, ink)
    if rng.random() < 0.7:
        pick(rng, GLYPHS)(Stamp(canvas, centre, size * 0.38, ink, colours[0]))
    else:
        canvas.shape(smoothed(star(*centre, size * 0.45, 5), 1), ink)
