"""Eyes, brows, noses, mouths and what people wear on their faces, placed by a head's own measure."""

from dataclasses import dataclass

import numpy as np

from models.drawings.canvas import Canvas
from models.drawings.colours import BLACK, WHITE, Colour, any_colour, dark, hsv, mixed, pick
from models.drawings.figures import Head
from models.drawings.outlines import Outline, egg, heart, points, smoothed

INSIDE_OF_A_MOUTH: Colour = (120, 30, 40)


def eyes(canvas: Canvas, rng: np.random.Generator, head: Head, skin: Colour, style: str) -> None:
    """Draw two eyes of one style."""
    apart, down = rng.uniform(0.34, 0.5), rng.uniform(-0.2, 0.1)
    size = head.rx * rng.uniform(0.1, 0.2)
    iris = pick(rng, ((70, 44, 26), (40, 30, 24), (60, 110, 170), (70, 130, 80), hsv(rng.random(), 0.7, 0.7)))
    look = rng.uniform(-0.3, 0.3)
    draw = _EYES.get(style, _dot_eye)
    for side in (-1, 1):
        closed = style == "wink" and side > 0
        (_closed_eye if closed else draw)(canvas, *head.at(side * apart, down), size, iris, look)
    if style in {"almond", "round"} and rng.random() < 0.4:  # upper lids
        for side in (-1, 1):
            cx, cy = head.at(side * apart, down)
            canvas.arc(cx, cy, size * 1.5, size * 1.2, 195, 345, mixed(skin, BLACK, 0.6), 0.01)


def _dot_eye(canvas: Canvas, cx: float, cy: float, size: float, _iris: Colour, _look: float) -> None:
    canvas.disc(cx, cy, size * 0.8, (30, 26, 26))


def _tall_eye(canvas: Canvas, cx: float, cy: float, size: float, _iris: Colour, _look: float) -> None:
    canvas.oval(cx, cy, size * 0.75, size * 1.5, (60, 40, 20))


def _wide_eye(canvas: Canvas, cx: float, cy: float, size: float, _iris: Colour, look: float) -> None:
    canvas.disc(cx, cy, size * 1.7, WHITE, edge=(40, 40, 40), line=0.005)
    canvas.disc(cx + look * size, cy, size * 0.7, BLACK)


def _round_eye(canvas: Canvas, cx: float, cy: float, size: float, iris: Colour, look: float) -> None:
    canvas.oval(cx, cy, size * 1.6, size * 1.25, WHITE)
    canvas.disc(cx + look * size, cy, size, iris)
    canvas.disc(cx + look * size, cy, size * 0.5, BLACK)
    canvas.disc(cx + look * size + size * 0.3, cy - size * 0.35, size * 0.22, WHITE)


def _almond_eye(canvas: Canvas, cx: float, cy: float, size: float, iris: Colour, look: float) -> None:
    almond = smoothed(
        points((-2, 0.1), (-1, -0.9), (0.8, -0.95), (2, 0), (0.9, 0.75), (-0.9, 0.8)) * size + (cx, cy), 2
    )
    canvas.shape(almond, WHITE, (40, 30, 30), 0.005)
    canvas.disc(cx + look * size, cy - size * 0.05, size * 0.8, iris)
    canvas.disc(cx + look * size, cy - size * 0.05, size * 0.4, BLACK)


def _anime_eye(canvas: Canvas, cx: float, cy: float, size: float, iris: Colour, look: float) -> None:
    tall = size * 1.9
    canvas.oval(cx, cy, size * 1.5, tall, WHITE)
    canvas.oval(cx + look * size * 0.5, cy + tall * 0.1, size * 1.1, tall * 0.85, mixed(iris, BLACK, 0.4))
    canvas.oval(cx + look * size * 0.5, cy + tall * 0.3, size * 0.9, tall * 0.6, iris)
    canvas.oval(cx + look * size * 0.5, cy + tall * 0.15, size * 0.5, tall * 0.4, BLACK)
    canvas.disc(cx - size * 0.35, cy - tall * 0.3, size * 0.4, WHITE)
    canvas.disc(cx + size * 0.4, cy + tall * 0.45, size * 0.2, WHITE)
    canvas.arc(cx, cy, size * 1.6, tall * 1.05, 190, 350, (30, 20, 24), size * 0.35)


def _closed_eye(canvas: Canvas, cx: float, cy: float, size: float, _iris: Colour, look: float) -> None:
    start = 0 if look > 0 else 180
    canvas.arc(cx, cy, size * 1.4, size, start, start + 180, (40, 30, 30), max(0.008, size * 0.4))


def _heart_eye(canvas: Canvas, cx: float, cy: float, size: float, _iris: Colour, _look: float) -> None:
    canvas.shape(heart(cx, cy, size * 1.7), (225, 40, 60))


def _cross_eye(canvas: Canvas, cx: float, cy: float, size: float, _iris: Colour, _look: float) -> None:
    for side in (-1, 1):
        canvas.path(points((cx - size, cy - side * size), (cx + size, cy + side * size)), (50, 30, 20), size * 0.5)


_EYES = {
    "dot": _dot_eye, "tall": _tall_eye, "wide": _wide_eye, "round": _round_eye, "almond": _almond_eye,
    "anime": _anime_eye, "closed": _closed_eye, "hearts": _heart_eye, "crosses": _cross_eye, "wink": _tall_eye,
}  # fmt: skip


def brows(canvas: Canvas, rng: np.random.Generator, head: Head, colour: Colour) -> None:
    """Draw two eyebrows, level, worried or angry."""
    slant, lift, line = rng.normal(0, 0.08), rng.uniform(-0.45, -0.3), head.rx * rng.uniform(0.05, 0.14)
    for side in (-1, 1):
        arch = head.path((side * 0.25, lift + slant), (side * 0.45, lift - 0.06), (side * 0.65, lift - slant))
        canvas.path(arch, mixed(colour, BLACK, 0.25), line)


def nose(canvas: Canvas, rng: np.random.Generator, head: Head, skin: Colour) -> None:
    """Draw a nose: a corner, a bow, a wedge of shade, a knob or two nostrils."""
    shade = mixed(skin, pick(rng, (BLACK, (160, 60, 40))), rng.uniform(0.18, 0.45))
    low, style = rng.uniform(0.22, 0.38), pick(rng, ("corner", "bow", "wedge", "knob", "nostrils"))
    line = head.rx * 0.06
    if style == "corner":
        canvas.path(head.path((0.02, -0.05), (-0.13, low), (0.06, low + 0.02)), shade, line)
    elif style == "bow":
        canvas.arc(*head.at(0, low - 0.08), head.rx * 0.14, head.ry * 0.1, 20, 160, shade, line)
    elif style == "wedge":
        canvas.shape(head.path((0, -0.1), (0.16, low), (0, low + 0.03)), shade)
    elif style == "knob":
        canvas.oval(*head.at(0, low - 0.05), head.rx * 0.15, head.ry * 0.11, shade)
    else:
        for side in (-1, 1):
            canvas.disc(*head.at(side * 0.08, low), head.rx * 0.04, shade)


@dataclass(frozen=True)
class Mouth:
    """Where a mouth is and how it is painted: `low` and `half` its height and half width in the head's half axes."""

    head: Head
    low: float
    half: float
    skin: Colour
    line: float

    @property
    def ink(self) -> Colour:
        """The colour of a closed mouth."""
        return mixed(self.skin, BLACK, 0.75)


def mouth(canvas: Canvas, rng: np.random.Generator, head: Head, skin: Colour) -> None:
    """Draw a mouth: smile, grin, lips, line, frown, surprise or tongue."""
    low, half = rng.uniform(0.5, 0.66), rng.uniform(0.2, 0.5)
    draw = pick(rng, (_smile, _smile, _teeth, _teeth, _lips, _closed, _frown, _open, _tongue))
    draw(canvas, rng, Mouth(head, low, half, skin, head.rx * rng.uniform(0.05, 0.1)))


def _smile(canvas: Canvas, _rng: np.random.Generator, at: Mouth) -> None:
    reach = at.head.rx * at.half, at.head.ry * at.half * 0.55
    canvas.arc(*at.head.at(0, at.low - 0.15), *reach, 10, 170, at.ink, at.line)


def _frown(canvas: Canvas, _rng: np.random.Generator, at: Mouth) -> None:
    reach = at.head.rx * at.half, at.head.ry * at.half * 0.55
    canvas.arc(*at.head.at(0, at.low + 0.1), *reach, 190, 350, at.ink, at.line)


def _open(canvas: Canvas, _rng: np.random.Generator, at: Mouth) -> None:
    canvas.oval(*at.head.at(0, at.low), at.head.rx * at.half * 0.45, at.head.ry * at.half * 0.45, INSIDE_OF_A_MOUTH)


def _closed(canvas: Canvas, rng: np.random.Generator, at: Mouth) -> None:
    reach = at.half * 0.7
    canvas.path(at.head.path((-reach, at.low), (reach, at.low + rng.normal(0, 0.04))), at.ink, at.line)


def _lips(canvas: Canvas, rng: np.random.Generator, at: Mouth) -> None:
    red, low, half = mixed(at.skin, (190, 30, 50), rng.uniform(0.3, 0.9)), at.low, at.half
    upper = (-half * 0.7, low), (-0.1, low - 0.08), (0, low - 0.05), (0.1, low - 0.08), (half * 0.7, low)
    canvas.shape(smoothed(at.head.path(*upper, (0, low + 0.12)), 2), red)
    canvas.path(at.head.path((-half * 0.6, low), (half * 0.6, low)), mixed(red, BLACK, 0.4), at.line * 0.4)


def _teeth(canvas: Canvas, _rng: np.random.Generator, at: Mouth) -> None:
    bow = _laughing(at)
    canvas.shape(bow, INSIDE_OF_A_MOUTH)
    edge = at.head.at(0, at.low - 0.1 + at.half * 0.25)[1]
    canvas.shape(np.minimum(bow, (np.inf, edge)), WHITE)


def _tongue(canvas: Canvas, _rng: np.random.Generator, at: Mouth) -> None:
    canvas.shape(_laughing(at), INSIDE_OF_A_MOUTH)
    centre = at.head.at(0, at.low - 0.1 + at.half * 0.5)
    canvas.shape(egg(*centre, at.head.rx * at.half * 0.4, at.head.ry * at.half * 0.2), (240, 110, 120))


def _laughing(at: Mouth) -> Outline:
    along = np.linspace(0, np.pi, 20)
    bow = np.stack([np.cos(along) * at.half, at.low - 0.1 + np.sin(along) * at.half * 0.7], axis=1)
    return bow * (at.head.rx, at.head.ry) + (at.head.cx, at.head.cy)


def ears(canvas: Canvas, rng: np.random.Generator, head: Head, skin: Colour, edge: Colour, line: float) -> None:
    """Draw two ears, with earrings now and then."""
    ring = pick(rng, ((240, 200, 60), (220, 220, 230), any_colour(rng))) if rng.random() < 0.15 else None
    for side in (-1, 1):
        cx, cy = head.at(side * 0.98, 0.02)
        canvas.oval(cx, cy, head.rx * 0.17, head.ry * 0.22, skin, edge=edge if line else None, line=line)
        canvas.oval(cx, cy, head.rx * 0.08, head.ry * 0.12, mixed(skin, BLACK, 0.15))
        if ring is not None:
            canvas.disc(cx, cy + head.ry * 0.25, head.rx * 0.07, ring)


def glasses(canvas: Canvas, rng: np.random.Generator, head: Head) -> None:
    """Draw glasses: round, square or dark ones."""
    rim, line = pick(rng, (BLACK, BLACK, dark(rng), any_colour(rng))), head.rx * rng.uniform(0.05, 0.12)
    half, square = rng.uniform(0.28, 0.38), rng.random() < 0.5
    lens = pick(rng, (None, None, None, (20, 20, 24), mixed(rim, WHITE, 0.7)))
    for side in (-1, 1):
        cx, cy = head.at(side * 0.45, -0.05)
        wide, tall = head.rx * half, head.rx * half * (0.75 if square else 1)
        if square:
            canvas.box(cx - wide, cy - tall, cx + wide, cy + tall, lens, edge=rim, line=line, corner=wide * 0.3)
        else:
            canvas.oval(cx, cy, wide, tall, lens, edge=rim, line=line)
        canvas.path(points((cx + side * wide, cy), head.at(side * 1.02, -0.1)), rim, line)
    canvas.path(head.path((-0.45 + half, -0.08), (0.45 - half, -0.08)), rim, line)


def beard(canvas: Canvas, rng: np.random.Generator, head: Head, colour: Colour) -> None:
    """Draw a full beard, a goatee or a moustache."""
    style = pick(rng, ("full", "full", "goatee", "moustache"))
    if style == "full":
        deep, top = rng.uniform(1.05, 1.5), rng.uniform(-0.1, 0.15)
        outside = [(-1, top), (-0.98, 0.5), (-0.6, deep - 0.1), (0, deep), (0.6, deep - 0.1), (0.98, 0.5), (1, top)]
        inside = [(0.75, 0.3), (0.4, 0.36), (0, 0.4), (-0.4, 0.36), (-0.75, 0.3)]
        canvas.shape(smoothed(head.path(*outside, *inside), 2), colour)
    elif style == "goatee":
        canvas.shape(egg(*head.at(0, 0.88), head.rx * 0.32, head.ry * 0.24, taper=0.4), colour)
    if style != "full" or rng.random() < 0.5:
        canvas.shape(smoothed(head.path((0, 0.36), (0.5, 0.56), (0, 0.48), (-0.5, 0.56)), 2), colour)
