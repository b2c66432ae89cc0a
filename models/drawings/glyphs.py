"""Signs of interfaces and streets, each drawn in one ink around a centre; `hole` is the colour seen through it."""

from collections.abc import Callable

import numpy as np

from models.drawings.outlines import Outline, egg, gear, heart, leaf, points, regular, shield, star, turned
from models.drawings.stamp import Stamp


def _bar(left: float, top: float, right: float, bottom: float) -> Outline:
    return points((left, top), (right, top), (right, bottom), (left, bottom))


def _ring(radius: float, cx: float = 0, cy: float = 0) -> Outline:
    return egg(cx, cy, radius, radius)


def _house(on: Stamp) -> None:
    on.solid(points((0, -0.9), (1, 0), (0.7, 0), (0.7, 0.9), (-0.7, 0.9), (-0.7, 0), (-1, 0)))
    on.cut(_bar(-0.2, 0.25, 0.2, 0.9))


def _camera(on: Stamp) -> None:
    on.solid(egg(0, 0.1, 1, 0.65, squareness=7))
    on.solid(_bar(-0.4, -0.8, 0.4, 0))
    on.cut(_ring(0.45, 0, 0.1))
    on.solid(_ring(0.28, 0, 0.1))


def _user(on: Stamp) -> None:
    on.solid(_ring(0.45, 0, -0.45))
    body = egg(0, 0.95, 0.85, 0.8)
    body[:, 1] = np.minimum(body[:, 1], 0.95)
    on.solid(body)


def _user_in_ring(on: Stamp) -> None:
    on.rim(_ring(0.9), 0.14)
    on.solid(_ring(0.3, 0, -0.25))
    body = egg(0, 0.75, 0.55, 0.55)
    body[:, 1] = np.minimum(body[:, 1], 0.68)
    on.solid(body)


def _gear(on: Stamp) -> None:
    on.solid(gear(0, 0, 1, 8))
    on.cut(_ring(0.38))


def _star(on: Stamp) -> None:
    on.solid(star(0, 0, 1))


def _star_rim(on: Stamp) -> None:
    on.rim(star(0, 0, 0.95), 0.12)


def _heart(on: Stamp) -> None:
    on.solid(heart(0, 0, 0.95))


def _cross(on: Stamp) -> None:
    on.stroke((-0.7, -0.7), (0.7, 0.7), line=0.3)
    on.stroke((0.7, -0.7), (-0.7, 0.7), line=0.3)


def _plus(on: Stamp) -> None:
    on.solid(_bar(-0.28, -0.9, 0.28, 0.9))
    on.solid(_bar(-0.9, -0.28, 0.9, 0.28))


def _arrow(on: Stamp) -> None:
    on.stroke((-0.9, 0), (0.8, 0), line=0.25)
    on.stroke((0.2, -0.65), (0.85, 0), (0.2, 0.65), line=0.25)


def _arrow_up(on: Stamp) -> None:
    on.solid(points((0, -0.9), (0.7, -0.1), (0.28, -0.1), (0.28, 0.5), (-0.28, 0.5), (-0.28, -0.1), (-0.7, -0.1)))
    on.solid(_bar(-0.8, 0.7, 0.8, 0.9))


def _check(on: Stamp) -> None:
    on.stroke((-0.8, 0.05), (-0.25, 0.6), (0.85, -0.6), line=0.28)


def _envelope(on: Stamp) -> None:
    on.solid(_bar(-1, -0.65, 1, 0.65))
    on.stroke((-1, -0.6), (0, 0.2), (1, -0.6), line=0.12, hole=True)


def _phone(on: Stamp) -> None:
    on.solid(egg(0, 0, 0.55, 1, squareness=9))
    on.cut(_bar(-0.42, -0.7, 0.42, 0.6))
    on.cut(_ring(0.1, 0, 0.8))


def _lock(on: Stamp) -> None:
    on.arc(0, -0.2, 0.5, 180, 360, 0.2)
    on.solid(_bar(-0.75, -0.2, 0.75, 0.9))
    on.cut(_ring(0.16, 0, 0.25))
    on.cut(_bar(-0.06, 0.25, 0.06, 0.6))


def _bell(on: Stamp) -> None:
    on.solid(
        points(
            (-0.9, 0.6), (-0.6, 0.3), (-0.55, -0.4), (-0.2, -0.85), (0.2, -0.85), (0.55, -0.4), (0.6, 0.3), (0.9, 0.6)
        )
    )
    on.solid(_ring(0.22, 0, 0.75))


def _magnifier(on: Stamp) -> None:
    on.rim(_ring(0.55, -0.2, -0.2), 0.2)
    on.stroke((0.25, 0.25), (0.85, 0.85), line=0.26)


def _play(on: Stamp) -> None:
    on.solid(regular(-0.1, 0, 0.95, 3, 90))


def _play_in_disc(on: Stamp) -> None:
    on.solid(_ring(1))
    on.cut(regular(0.05, 0, 0.5, 3, 90))


def _pause(on: Stamp) -> None:
    on.solid(_bar(-0.7, -0.85, -0.2, 0.85))
    on.solid(_bar(0.2, -0.85, 0.7, 0.85))


def _bolt(on: Stamp) -> None:
    on.solid(points((0.2, -1), (-0.6, 0.15), (-0.05, 0.15), (-0.25, 1), (0.6, -0.2), (0.05, -0.2)))


def _cloud(on: Stamp) -> None:
    for cx, cy, radius in ((-0.5, 0.2, 0.4), (0, -0.15, 0.52), (0.5, 0.15, 0.45)):
        on.solid(_ring(radius, cx, cy))
    on.solid(_bar(-0.5, 0.1, 0.5, 0.6))


def _sun(on: Stamp) -> None:
    on.solid(star(0, 0, 1, 12, 0.7))
    on.cut(_ring(0.58))
    on.solid(_ring(0.46))


def _moon(on: Stamp) -> None:
    on.solid(_ring(0.9))
    on.cut(_ring(0.75, 0.38, -0.2))


def _flag(on: Stamp) -> None:
    on.stroke((-0.7, -0.9), (-0.7, 0.95), line=0.16)
    on.solid(points((-0.7, -0.9), (0.85, -0.75), (0.5, -0.35), (0.85, 0.1), (-0.7, 0.1)))


def _pin(on: Stamp) -> None:
    on.solid(_ring(0.62, 0, -0.35))
    on.solid(points((-0.56, -0.1), (0.56, -0.1), (0, 0.95)))
    on.cut(_ring(0.25, 0, -0.35))


def _bin(on: Stamp) -> None:
    on.solid(points((-0.65, -0.4), (0.65, -0.4), (0.5, 0.95), (-0.5, 0.95)))
    on.solid(_bar(-0.85, -0.7, 0.85, -0.52))
    on.solid(_bar(-0.25, -0.9, 0.25, -0.7))
    for x in (-0.25, 0.25):
        on.stroke((x, -0.1), (x * 0.9, 0.7), line=0.1, hole=True)


def _note(on: Stamp) -> None:
    on.solid(egg(-0.5, 0.65, 0.32, 0.24))
    on.solid(egg(0.5, 0.45, 0.32, 0.24))
    on.stroke((-0.22, 0.6), (-0.22, -0.7), (0.78, -0.9), (0.78, 0.4), line=0.14)


def _chat(on: Stamp) -> None:
    on.solid(egg(0, -0.15, 1, 0.7, squareness=4))
    on.solid(points((-0.5, 0.4), (-0.05, 0.45), (-0.6, 0.95)))
    for x in (-0.45, 0, 0.45):
        on.cut(_ring(0.12, x, -0.15))


def _info(on: Stamp) -> None:
    on.solid(_ring(1))
    on.letter("i", 0, 0, 1.1, on.hole)


def _question(on: Stamp) -> None:
    on.rim(_ring(0.9), 0.16)
    on.letter("?", 0, 0, 1, on.ink)


def _warning(on: Stamp) -> None:
    on.solid(regular(0, 0.15, 1.05, 3))
    on.letter("!", 0, 0.2, 0.7, on.hole)


def _no_entry(on: Stamp) -> None:
    on.rim(_ring(0.85), 0.25)
    on.stroke((-0.58, -0.58), (0.58, 0.58), line=0.25)


def _waves(on: Stamp) -> None:
    for radius in (0.4, 0.8, 1.2):
        on.arc(0, 0.6, radius, 225, 315, 0.18)
    on.solid(_ring(0.14, 0, 0.6))


def _calendar(on: Stamp) -> None:
    on.solid(egg(0, 0.05, 0.85, 0.85, squareness=9))
    on.cut(_bar(-0.7, -0.3, 0.7, 0.75))
    for x in (-0.4, 0, 0.4):
        for y in (-0.05, 0.4):
            on.solid(_bar(x - 0.12, y - 0.1, x + 0.12, y + 0.14))


def _folder(on: Stamp) -> None:
    on.solid(points((-0.95, -0.65), (-0.2, -0.65), (0, -0.4), (0.95, -0.4), (0.95, 0.7), (-0.95, 0.7)))


def _sheet(on: Stamp) -> None:
    on.solid(points((-0.65, -0.95), (0.3, -0.95), (0.65, -0.55), (0.65, 0.95), (-0.65, 0.95)))
    for y in (-0.2, 0.15, 0.5):
        on.stroke((-0.38, y), (0.38, y), line=0.1, hole=True)


def _spinner(on: Stamp) -> None:
    on.arc(0, 0, 0.9, 20, 300, 0.22)


def _leaf(on: Stamp) -> None:
    on.solid(leaf(0, -0.1, 1, 40))
    on.stroke((-0.65, 0.75), (0.4, -0.6), line=0.08, hole=True)


def _atom(on: Stamp) -> None:
    on.solid(_ring(0.16))
    for angle in (0, 60, 120):
        on.rim(turned(egg(0, 0, 0.98, 0.38), angle, (0, 0)), 0.1)


def _shield(on: Stamp) -> None:
    on.solid(shield(0, 0, 0.95))
    on.stroke((-0.4, 0), (-0.1, 0.3), (0.45, -0.35), line=0.18, hole=True)


def _code(on: Stamp) -> None:
    on.stroke((-0.4, -0.6), (-0.95, 0), (-0.4, 0.6), line=0.2)
    on.stroke((0.4, -0.6), (0.95, 0), (0.4, 0.6), line=0.2)
    on.stroke((0.15, -0.75), (-0.15, 0.75), line=0.16)


def _menu(on: Stamp) -> None:
    for y in (-0.6, 0, 0.6):
        on.stroke((-0.8, y), (0.8, y), line=0.24)


def _paw(on: Stamp) -> None:
    on.solid(egg(0, 0.4, 0.55, 0.48))
    for x, y in ((-0.75, -0.1), (-0.3, -0.6), (0.3, -0.6), (0.75, -0.1)):
        on.solid(egg(x, y, 0.2, 0.28))


def _shirt(on: Stamp) -> None:
    right = points((0.25, -0.85), (1, -0.5), (0.8, 0), (0.55, -0.1), (0.55, 0.95))
    on.solid(np.concatenate([right, right[::-1] * (-1, 1)]))
    on.cut(egg(0, -0.9, 0.25, 0.2))


def _chart(on: Stamp) -> None:
    for x, top in ((-0.8, 0.2), (-0.25, -0.3), (0.3, -0.8)):
        on.solid(_bar(x, top, x + 0.4, 0.9))


GLYPHS: tuple[Callable[[Stamp], None], ...] = (
    _house, _camera, _camera, _user, _user, _user_in_ring, _gear, _star, _star_rim, _heart, _cross, _plus,
    _arrow, _arrow_up, _check, _envelope, _phone, _lock, _bell, _magnifier, _play, _play_in_disc, _pause, _bolt,
    _cloud, _sun, _moon, _flag, _pin, _bin, _note, _chat, _info, _question, _warning, _no_entry, _waves,
    _calendar, _folder, _sheet, _spinner, _leaf, _atom, _shield, _code, _menu, _paw, _shirt, _chart,
)  # fmt: skip
